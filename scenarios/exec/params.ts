/** Parameters of the scenario, and the image that follows from them. */
import { z } from 'zod'
import type { Image, OwnImage } from '../../harness/contracts/image.ts'
import type { ProfileName } from '../../harness/contracts/options.ts'
import type { Footprint, ParamGrid } from '../../harness/contracts/scenario.ts'
import { choiceOption, formatDuration, parseDuration } from '../../harness/contracts/units.ts'
import { DEFAULT_RATIO, imageOption, imageWords, layersOption } from '../common/options.ts'
import { createImage } from '../dataset/image.ts'
import { limitOptions, limitWords } from '../common/container/limits.ts'

const USUAL_IMAGE = 'small'
/** What a container of the made-up image does where nothing else is asked for: its busybox can. */
const USUAL_COMMAND = 'busybox chown -R 1000:1000 /usr/share'
const USUAL_LIMIT = '10m'
/** Characters of a command in a label. */
const MOST_SHOWN = 60
/** Value of `name` that gives none. */
const UNNAMED = '-'

/** `10m`: seconds outside as a person writes them. */
function timeOption() {
  return z
    .codec(
      z
        .string()
        .refine((text) => (parseDuration(text) ?? 0) >= 1, { error: 'is no duration of a second or more' }),
      z.number(),
      { decode: (text) => parseDuration(text) ?? 0, encode: formatDuration },
    )
    .prefault(USUAL_LIMIT)
    .describe('how long the command may take before it is killed and the sample has failed')
}

export const params = z.strictObject({
  command: z
    .string()
    .min(1, { error: 'is empty' })
    .prefault(USUAL_COMMAND)
    .describe(
      'what the container runs: text for its /bin/sh -c, or a JSON array of words without a shell; with --image: what the image starts',
    ),
  name: z
    .string()
    .max(MOST_SHOWN, { error: `is longer than ${MOST_SHOWN} characters` })
    .prefault(UNNAMED)
    .describe('what tables call the command; -: its own beginning'),
  timeout: timeOption(),
  runtime: choiceOption(
    ['auto', 'crun', 'runc'],
    'auto',
    'OCI runtime; auto: the first of crun and runc that a container starts with here',
  ),
  volume: z
    .string()
    .refine((text) => /^(?:off|on|\/[^/].*)$/.test(text), {
      error: 'is neither off, on nor an absolute path',
    })
    .prefault('off')
    .describe(
      'directory of the image that lies on a volume, a directory of the host mounted into the container: a path, or on, the working ' +
        'directory of --image; off: none',
    ),
  ...limitOptions(),
  image: imageOption(USUAL_IMAGE),
  layers: layersOption(),
})

export type ExecParams = z.output<typeof params>

export const profiles: Readonly<Record<ProfileName, readonly ParamGrid[]>> = {
  quick: [{}],
  standard: [{}],
  thorough: [{}],
}

/** The user's image, with what it starts where no other command is asked for. */
export function onOwnImage(own: OwnImage, _: ProfileName, given: ParamGrid): readonly ParamGrid[] {
  const command = given['command'] ?? [JSON.stringify(own.process.args)]
  return [{ image: ['own'], layers: [String(own.layers.length)], command }]
}

/** `busybox chown -R 1000:1000 /usr/share, small image`, `make, your image, 512 MiB of memory`. */
export function label(given: ExecParams): string {
  const beside = [imageWords(given.image), ...(given.image === 'own' ? [] : [`${given.layers} layers`])]
  const runtime = given.runtime === 'auto' ? [] : [given.runtime]
  const timeout =
    formatDuration(given.timeout) === USUAL_LIMIT ? [] : [`at most ${formatDuration(given.timeout)}`]
  return [shown(given), ...volumeWords(given), ...beside, ...limitWords(given), ...runtime, ...timeout].join(
    ', ',
  )
}

/** `/srv on a volume`. */
function volumeWords({ volume }: ExecParams): string[] {
  if (volume === 'off') return []
  return [`${volume === 'on' ? 'its working directory' : volume} on a volume`]
}

/** `Running make in a container, your image`. */
export function subject(given: ExecParams): string {
  return `Running ${label(given)}`
}

/** Returns the beginning of a command, on one line. */
function shown({ command, name }: ExecParams): string {
  if (name !== UNNAMED) return name
  const words = wordsOf(command)
  const text = (words === null ? command : words.join(' ')).replaceAll(/\s+/g, ' ').trim()
  return text.length <= MOST_SHOWN ? text : `${text.slice(0, MOST_SHOWN - 1)}…`
}

/** Returns the words of a command that is written as a JSON array; null for one of the shell. */
function wordsOf(command: string): string[] | null {
  if (!command.trimStart().startsWith('[')) return null
  try {
    return z.array(z.string()).parse(JSON.parse(command))
  } catch {
    return null
  }
}

/** Returns the arguments of the container's process. */
export function argsOf({ command }: ExecParams): string[] {
  return wordsOf(command) ?? ['/bin/sh', '-c', command]
}

export function image({ image: profile, layers }: ExecParams, seed: number, own?: OwnImage | null): Image {
  const spec = { name: `${profile}-${layers}`, seed, profile, own, layers, compressibility: DEFAULT_RATIO }
  const { touched: _, ...whole } = createImage(spec)
  return whole
}

/** A command may change whatever is there: for the estimate, a copy of the whole image, and half of it more. */
export function footprint(given: ExecParams, own?: OwnImage | null): Footprint {
  const { layers } = image(given, 1, own)
  const bytes = layers.reduce((sum, layer) => sum + layer.bytes, 0)
  const onVolume = given.volume === 'off' ? 0 : bytes
  return {
    changed: bytes,
    written: Math.ceil(bytes / 2) + onVolume,
    containers: 1,
    seconds: SECONDS_A_COMMAND,
  }
}

/** Seconds of a command of which nothing is known, for the estimate. */
const SECONDS_A_COMMAND = 5
