/**
 * A fleet on disk: plan.json, fleet.json, which is replaced as a whole whenever something of it changes, and a run folder
 * for each host.
 */
import { closeSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import type { z } from 'zod'
import { BenchError, messageOf, usageError } from '../../contracts/error.ts'
import {
  FLEET_FILE,
  FLEET_SCHEMA_VERSION,
  fleetSchema,
  HOSTS_FOLDER,
  type Fleet,
  type FleetHost,
} from '../../contracts/fleet.ts'
import { planSchema, type Plan } from '../../contracts/plan.ts'
import { readInputFile } from '../../linux/input-file.ts'
import { takeLock } from '../../linux/lock.ts'
import { replaceFile } from '../../linux/replace-file.ts'
import { createInOutput } from '../../results/output-folder.ts'

const LOCK_FILE = '.lock'
const PLAN_FILE = 'plan.json'

/** Bytes of the largest fleet.json that is read: half a kilobyte for each host. */
const MOST_FLEET_BYTES = 16 * 1024 ** 2
/** Bytes of the largest plan.json that is read: half a kilobyte for each cell. */
const MOST_PLAN_BYTES = 64 * 1024 ** 2

export interface FleetFolder extends Disposable {
  readonly path: string
  readonly fleet: Readonly<Fleet>
  /** Returns what was planned for all hosts, each on scratch of its own. Throws a usage error where it cannot be read. */
  plan(): Plan
  /** The run folder of a host; there when something came home. */
  hostFolder(name: string): string
  /** Durable when it returns. */
  changeHost(name: string, changes: Partial<FleetHost>): void
  change(changes: Partial<Omit<Fleet, 'hosts'>>): void
}

/** Makes the folder of a new fleet. Throws a usage error where it cannot be made, and then leaves nothing. */
export function createFleetFolder(output: string, fleet: Fleet, plan: Plan): FleetFolder {
  const made = createInOutput(output, fleet.id, 'folder', (path) => {
    const folder = hold(path, fleet)
    replaceFile(join(path, PLAN_FILE), `${JSON.stringify(plan)}\n`)
    folder.change({})
    return folder
  })
  return made.filled
}

/**
 * Opens the folder of a fleet to go on with it. Throws a usage error while another process does, and where nothing can be written
 * in it.
 */
export function openFleetFolder(path: string): FleetFolder {
  const fleet = readFleet(path)
  try {
    return hold(path, fleet)
  } catch (error) {
    if (error instanceof BenchError) throw error
    throw usageError(
      'fleet-folder',
      `${path} cannot be written: ${messageOf(error)}`,
      'what its hosts have measured is added to it: make it writable, or copy it',
    )
  }
}

/** One process at a time writes in it: two who follow the same hosts would write every sample twice. */
function hold(path: string, fleet: Fleet): FleetFolder {
  const lock = takeLock(join(path, LOCK_FILE))
  if (lock === null) {
    throw usageError('fleet-followed', `another process is following ${path}`, 'wait for it, or stop it')
  }
  let plan: Plan | null = null
  const write = () => replaceFile(join(path, FLEET_FILE), `${JSON.stringify(fleet, null, 2)}\n`)
  return {
    path,
    fleet,
    plan: () => (plan ??= readPlan(path)),
    hostFolder: (name) => hostFolder(path, name),
    changeHost(name, changes) {
      const host = fleet.hosts.find((candidate) => candidate.name === name)
      if (host === undefined) throw new Error(`${name} is not a host of ${path}`)
      Object.assign(host, changes)
      write()
    },
    change(changes) {
      Object.assign(fleet, changes)
      write()
    },
    [Symbol.dispose]: () => closeSync(lock),
  }
}

/** Returns the run folder of a host in a fleet's folder. */
export function hostFolder(fleet: string, name: string): string {
  return join(fleet, HOSTS_FOLDER, name)
}

/** Returns a fleet's folder by its path, or by its id among the runs in `output`. Throws a usage error where there is none. */
export function findFleet(pathOrId: string, output: string): string {
  const found = [pathOrId, join(output, pathOrId)].find((path) => existsSync(join(path, FLEET_FILE)))
  if (found !== undefined) return found
  throw usageError(
    'fleet-folder',
    `${pathOrId} is not the folder of a fleet: there is no ${FLEET_FILE} in it`,
    'give the folder that bench run --host named',
  )
}

/** Throws a usage error that says what is wrong with the file. */
export function readFleet(path: string): Fleet {
  const hint = `this program reads schema ${FLEET_SCHEMA_VERSION}`
  return readDocument(join(path, FLEET_FILE), MOST_FLEET_BYTES, fleetSchema, hint)
}

function readPlan(path: string): Plan {
  const hint = 'the fleet was begun by another version of bench, which can begin its hosts'
  return readDocument(join(path, PLAN_FILE), MOST_PLAN_BYTES, planSchema, hint)
}

function readDocument<T>(file: string, mostBytes: number, schema: z.ZodType<T>, hint: string): T {
  const result = schema.safeParse(parse(file, mostBytes))
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw usageError(
    'fleet-folder',
    `${file}: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? 'is not valid'}`,
    hint,
  )
}

function parse(file: string, mostBytes: number): unknown {
  try {
    return JSON.parse(readInputFile(file, mostBytes))
  } catch (error) {
    throw usageError('fleet-folder', `${file} cannot be read: ${messageOf(error)}`)
  }
}
