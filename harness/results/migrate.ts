/**
 * Brings what older versions of this program wrote to the present schema, before it is validated. One step per version;
 * what a step does not know it leaves alone.
 */
import { fingerprintSchema } from '../contracts/fingerprint.ts'
import { fingerprintHash } from '../contracts/fingerprint-facts.ts'
import { RUN_SCHEMA_VERSION } from '../contracts/run.ts'

type Document = Record<string, unknown>

interface Step {
  /** Version that this step starts from; it leads to the next. */
  from: number
  run(document: Document): Document
  sample(document: Document): Document
}

const STEPS: readonly Step[] = [{ from: 2, run: nameConfigurations, sample: hyphenateMechanism }]

/** Oldest version of `run.json` that can be read. */
export const OLDEST_RUN_SCHEMA = STEPS[0]?.from ?? RUN_SCHEMA_VERSION

/** Returns a `run.json` of version `from`, brought to the present one. */
export function migrateRun(document: Document, from: number): Document {
  const migrated = stepsFrom(from).reduce((before, step) => step.run(before), document)
  return { ...migrated, host: onObject(migrated['host'], deriveHash), schema: RUN_SCHEMA_VERSION }
}

/** Before `measuring` there was one version of what is measured, and the hash was over the version of the program. */
function deriveHash(host: Document): Document {
  if ('measuring' in host) return host
  const facts = fingerprintSchema.safeParse(host)
  return facts.success ? { ...facts.data, hash: fingerprintHash(facts.data) } : host
}

/** Returns one line of `samples.ndjson` that was written beside a `run.json` of version `from`, likewise. */
export function migrateSample(document: Document, from: number): Document {
  return stepsFrom(from).reduce((before, step) => step.sample(before), document)
}

function stepsFrom(from: number): readonly Step[] {
  return STEPS.filter((step) => step.from >= from)
}

/** Version 2 said `driver` and `config` where it meant a configuration, and `driverId` where it meant the driver. */
function nameConfigurations(document: Document): Document {
  return {
    ...document,
    options: onObject(document['options'], ({ drivers, ...rest }) => ({ ...rest, configurations: drivers })),
    drivers: onList(document['drivers'], ({ config, ...rest }) => ({ ...rest, configuration: config })),
    cells: onList(document['cells'], ({ driver, driverId, ...rest }) => ({
      ...rest,
      configuration: driver,
      driver: driverId,
    })),
  }
}

const MECHANISMS: Readonly<Record<string, string>> = {
  'copied up': 'copied-up',
  'metadata only': 'metadata-only',
  'block CoW': 'block-cow',
}

/** Version 2 wrote mechanisms with blanks. */
function hyphenateMechanism(document: Document): Document {
  const witness = onObject(document['witness'], (before) => {
    const { mechanism } = before
    return typeof mechanism === 'string'
      ? { ...before, mechanism: MECHANISMS[mechanism] ?? mechanism }
      : before
  })
  return { ...document, witness }
}

function onList(value: unknown, change: (before: Document) => Document): unknown {
  return Array.isArray(value) ? value.map((item: unknown) => onObject(item, change)) : value
}

function onObject(value: unknown, change: (before: Document) => Document): unknown {
  return isObject(value) ? change(value) : value
}

export function isObject(value: unknown): value is Document {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
