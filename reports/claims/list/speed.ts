/** Claims about which driver suits what, and how long things take. */
import { joinList } from '../../format/format.ts'
import type { Compared, Look } from '../look.ts'
import type { Figure, Measured } from '../measured.ts'
import { SOURCES } from '../sources.ts'
import type { Claim, Judged } from '../types.ts'
import { answerText, bytesText, configurationOf, mechanismText, ratioText, secondsText } from '../words.ts'
import { BARE, BLOCK_LEVEL, BLOCKCOW, BTRFS, OVERLAY, VFS } from './configurations.ts'

type Params = Readonly<Record<string, string>>

const WRITES = { op: 'random-write', size: '64M', writes: '200', sync: 'fsync', volume: 'off' }

/** Drivers that were measured, each compared with overlay in the phase. */
function besideOverlay(
  look: Look,
  names: readonly string[],
  scenario: string,
  params: Params,
  phase: string,
) {
  const overlay = look.cell(OVERLAY, scenario, params)
  const there = names.map((name) => look.find(name, scenario, params)).filter((one) => one !== null)
  const others = there.length > 0 ? there : [look.cell(names[0] ?? '', scenario, params)]
  return others.map((other) => ({ other, compared: look.compare(other, overlay, phase) }))
}

type Beside = ReturnType<typeof besideOverlay>

function besideText(all: Beside): string {
  return all.map(({ other, compared }) => `${configurationOf(other)} ${answerText(compared)}`).join('; ')
}

const areAll = (all: Beside, answers: readonly Compared['answer'][]) =>
  all.every(({ compared }) => answers.includes(compared.answer))

const blockForWrites: Claim = {
  id: 'block-drivers-suit-heavy-writes',
  says: 'Drivers that work on blocks (btrfs, zfs, devicemapper) perform better for write-heavy work than those that work on files.',
  source: SOURCES.selectDriver,
  parts: [{ driver: [OVERLAY, ...BLOCK_LEVEL], scenario: 'smallwrites', set: WRITES }],
  judge(look) {
    const at = (phase: string) => besideOverlay(look, BLOCK_LEVEL, 'smallwrites', WRITES, phase)
    const [first, steady] = [at('first-touch-iops'), at('steady-iops')]
    const text =
      `Random 4 KiB writes with fsync, beside ${OVERLAY}, ratios of the rates: the first to each block: ${besideText(first)}; ` +
      `the same blocks again: ${besideText(steady)}.`
    if (areAll(steady, ['cheaper'])) return { verdict: 'true', text }
    if (areAll(first, ['cheaper']))
      return { verdict: 'only-if', condition: 'the blocks are written for the first time', text }
    return byDriver(steady, text)
  },
}

/** Where drivers differ: true only for those that are shown to be cheaper. */
function byDriver(all: Beside, text: string): Judged {
  const cheaper = all.filter(({ compared }) => compared.answer === 'cheaper')
  if (cheaper.length > 0) {
    const names = joinList(cheaper.map(({ other }) => configurationOf(other)))
    return { verdict: 'only-if', condition: `the driver is ${names}`, text }
  }
  return { verdict: areAll(all, ['dearer', 'same']) ? 'false' : 'not-shown', text }
}

const FOUR = { runtime: 'auto', concurrency: '4', image: 'tiny', layers: '8' }

const overlayForConcurrency: Claim = {
  id: 'overlay-suits-many-containers',
  says: 'overlay suits many containers at once that write little.',
  source: SOURCES.overlay,
  parts: [{ driver: [OVERLAY, BTRFS, BLOCKCOW, VFS], scenario: 'startup', set: FOUR }],
  judge(look) {
    const all = besideOverlay(look, [BTRFS, BLOCKCOW, VFS], 'startup', FOUR, 'wall')
    const overlay = look.cell(OVERLAY, 'startup', FOUR)
    const text = `Four containers started at once took ${secondsText(overlay.value('wall'))} on ${OVERLAY}; beside it: ${besideText(all)}.`
    if (areAll(all, ['dearer', 'same'])) return { verdict: 'true', text }
    if (areAll(all, ['cheaper'])) return { verdict: 'false', text }
    const dearer = all.filter(({ compared }) => compared.answer === 'dearer')
    if (dearer.length === 0) return { verdict: 'not-shown', text }
    const names = joinList(dearer.map(({ other }) => configurationOf(other)))
    return {
      verdict: 'only-if',
      condition: `the other choice is ${names}; of the rest it is not shown`,
      text,
    }
  },
}

const ONE = { runtime: 'auto', concurrency: '1', image: 'tiny', layers: '8' }
const MACHINE = { ...ONE, runtime: 'vm' }
/** Seconds: the least that the claim gives a machine, and the most that it gives a container. */
const A_SECOND = 1
const SECONDS = 60

const virtualMachines: Claim = {
  id: 'virtual-machines-start-in-minutes',
  says: 'Virtual machines take seconds to minutes to start, containers milliseconds to seconds.',
  source: SOURCES.learnDocker,
  parts: [
    { driver: [OVERLAY], scenario: 'startup', set: ONE },
    { driver: [OVERLAY], scenario: 'startup', set: MACHINE },
  ],
  judge(look) {
    const [container, machine] = [ONE, MACHINE].map((set) => look.cell(OVERLAY, 'startup', set)) as [
      Measured,
      Measured,
    ]
    const [short, long] = [container, machine].map((one) => one.value('prepare-to-ready')) as [Figure, Figure]
    const isEmulated = machine.samples.some(({ witness }) => witness?.details?.['accelerator'] !== 'KVM')
    const text =
      `From the request to its first output a container took ${spanText(short)}, a virtual machine ` +
      `${isEmulated ? 'with an emulated CPU ' : ''}${spanText(long)}.`
    if (short.most >= SECONDS || long.most < A_SECOND) return { verdict: 'false', text }
    if (long.least < A_SECOND) return { verdict: 'not-shown', text }
    // An emulated one starts later than one of KVM: that it takes seconds says nothing of those.
    if (isEmulated)
      return {
        verdict: 'not-testable',
        text: `${text} Not testable here because KVM boots no machine on this host.`,
      }
    return { verdict: 'true', text }
  },
}

/** `57.6 ms to 90.8 ms`. */
function spanText({ least, most }: Figure): string {
  return [least, most].map((value) => secondsText({ least: value, median: value, most: value })).join(' to ')
}

const ARRIVING = { image: 'tiny', layers: '8', compression: 'gzip', durability: 'none', workers: '1' }
const STARTING = { runtime: 'auto', concurrency: '1', image: 'tiny', layers: '8' }

const arrivalTakesLongest: Claim = {
  id: 'most-of-a-first-start-is-the-image',
  says: 'Of the time until a container of a new image runs, most passes until the image is there.',
  source: SOURCES.slacker,
  parts: [
    { driver: [OVERLAY], scenario: 'image', set: ARRIVING },
    { driver: [OVERLAY], scenario: 'startup', set: STARTING },
  ],
  judge(look) {
    const [image, start] = [look.cell(OVERLAY, 'image', ARRIVING), look.cell(OVERLAY, 'startup', STARTING)]
    const compared = look.compare(image, start, 'arrive', 'prepare-to-ready')
    const text =
      `To decompress, unpack and commit an image of 8 MB took ${secondsText(image.value('arrive'))}, with its blobs already downloaded; to start a ` +
      `container of it ${secondsText(start.value('prepare-to-ready'))}: ${ratioText(compared)} as long.`
    const verdicts = { dearer: 'true', same: 'false', cheaper: 'false', open: 'not-shown' } as const
    return { verdict: verdicts[compared.answer], text }
  },
}

const OFF = { size: '64M', touch: 'byte', volume: 'off', depth: '7' }
const ON = { ...OFF, volume: 'on' }
const MIB = 1024 ** 2

const volumeIsFree: Claim = {
  id: 'a-volume-bypasses-the-driver',
  says: 'Writes to a volume bypass the storage driver, and cost nothing of it.',
  source: SOURCES.overlay,
  parts: [
    { driver: [OVERLAY, BARE], scenario: 'bigfile', set: ON },
    { driver: [OVERLAY], scenario: 'bigfile', set: OFF },
  ],
  judge(look) {
    const [volume, plain] = [look.cell(OVERLAY, 'bigfile', ON), look.cell(BARE, 'bigfile', ON)]
    const layer = look.find(OVERLAY, 'bigfile', OFF)
    const beside = look.compare(volume, plain, 'first-write')
    const wrote = bytesInFirstWrite(volume)
    const inLayer =
      layer === null ? '' : ` In the container's layer it took ${secondsText(layer.value('first-write'))}.`
    const text =
      `Changing one byte of a 64 MiB file on a volume wrote ${bytesText(wrote)}; of the file beneath it: ${mechanismText(volume)}. It took ` +
      `${secondsText(volume.value('first-write'))}; beside a plain directory: ${answerText(beside)}.${inLayer}`
    const isBypassed = volume.mechanism() === 'none' && wrote.most < MIB
    if (!isBypassed) return { verdict: 'false', text }
    if (beside.answer === 'dearer') return { verdict: 'only-if', condition: 'bytes count, not time', text }
    return { verdict: 'true', text }
  },
}

function bytesInFirstWrite(measured: Measured) {
  const parts = ['open', 'write', 'fsync']
  return measured.figure('what the first write wrote', ({ io }) => {
    const written = parts.map((part) => io[part]?.bytesWritten)
    return written.some((bytes) => bytes === undefined)
      ? null
      : written.reduce<number>((sum, bytes) => sum + (bytes ?? 0), 0)
  })
}

const VOLUME_WRITES = { ...WRITES, volume: 'on' }

const volumesForWrites: Claim = {
  id: 'volumes-are-best-for-heavy-writes',
  says: "Volumes perform better for write-heavy work than any driver's container layer.",
  source: SOURCES.selectDriver,
  parts: [
    { driver: [OVERLAY], scenario: 'smallwrites', set: VOLUME_WRITES },
    { driver: [OVERLAY, ...BLOCK_LEVEL], scenario: 'smallwrites', set: WRITES },
  ],
  judge(look) {
    const volume = look.cell(OVERLAY, 'smallwrites', VOLUME_WRITES)
    const names = [OVERLAY, ...BLOCK_LEVEL]
    const layers = names.map((name) => look.find(name, 'smallwrites', WRITES)).filter((one) => one !== null)
    const at = (phase: string) =>
      layers.map((other) => ({ other, compared: look.compare(volume, other, phase) }))
    const [first, steady] = [at('first-touch-iops'), at('steady-iops')]
    const told = (all: Beside) =>
      all.map(({ other, compared }) => `${configurationOf(other)} ${ratioText(compared)}`).join('; ')
    const text = `Random 4 KiB writes with fsync on a volume, rate ÷ that in the layer of: first to each block: ${told(first)}; the same blocks again: ${told(steady)}.`
    if (areAll(steady, ['cheaper'])) return { verdict: 'true', text }
    if (areAll(first, ['cheaper']))
      return { verdict: 'only-if', condition: 'the blocks are written for the first time', text }
    const better = first.filter(({ compared }) => compared.answer === 'cheaper')
    if (better.length > 0) {
      const beaten = joinList(better.map(({ other }) => configurationOf(other)))
      return { verdict: 'only-if', condition: `beside the layer of ${beaten}, at the first write`, text }
    }
    return { verdict: areAll(first, ['dearer', 'same']) ? 'false' : 'not-shown', text }
  },
}

export const speed: readonly Claim[] = [
  blockForWrites,
  volumesForWrites,
  volumeIsFree,
  overlayForConcurrency,
  arrivalTakesLongest,
  virtualMachines,
]
