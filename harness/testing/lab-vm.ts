/** A machine of the lab for tests that need another kernel, or a host that can be cut off and killed. */
import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, vi } from 'vitest'
import { BenchError, messageOf } from '../contracts/error.ts'
import type { RemoteHost } from '../contracts/remote-host.ts'
import { down } from '../lab/down.ts'
import { labFolders, type LabFolders } from '../lab/folders.ts'
import { FLAVOURS, type Flavour } from '../lab/image/types.ts'
import { remoteHostOf } from '../lab/keys.ts'
import { startAgain } from '../lab/start-again.ts'
import { prepare, up, type UpRequest } from '../lab/up.ts'
import { listVms, type VmRecord } from '../lab/vm-record.ts'
import { executeQmp } from './lab-qmp.ts'
import { testHost } from './scratch-file.ts'

export interface TestVm {
  readonly name: string
  /** How to reach it, its key pinned. */
  readonly host: RemoteHost
  /** The lab that it is the only machine of; `inventory` is the Ansible inventory that holds it. */
  readonly folders: LabFolders
  /** The XDG_STATE_HOME of that lab, for a `bench` that is to see it. */
  readonly state: string
  readonly folder: string
  /** As it is now: another process after {@link startAgain}. */
  readonly record: VmRecord
  /** Unplugs the network, or plugs it in again. Neither end notices: packets are lost. */
  setLink(isUp: boolean): Promise<void>
  /** As if its plug were pulled. */
  kill(): void
  /** Boots it again after that, with its disks as they were. */
  startAgain(): Promise<void>
}

/** Default options of a machine for tests. */
const SMALL = {
  count: 1,
  scratch: 1024 ** 3,
  memory: 512 * 1024 ** 2,
  name: null,
  ownKernel: null,
  kernelArguments: [],
}

/** `any`: User-mode Linux, which boots in two seconds, or an emulated Debian 12 where that does not run. */
export type TestFlavour = Flavour | 'any'
export type TestVmSize = Partial<Pick<UpRequest, 'scratch' | 'memory' | 'ownKernel'>> & {
  /** Raw image of one more disk, read-only. */
  further?: string
}

/** Brings up a machine in a lab of its own, and takes it down whatever becomes of the work. */
export async function withLabVm<Result>(
  flavour: TestFlavour,
  work: (vm: TestVm) => Promise<Result>,
  size: TestVmSize = {},
): Promise<Result> {
  await using lab = await startLabVm(flavour, size)
  return await work(lab.vm)
}

/** One machine for all tests of a file: comes up before the first and goes after the last. */
export function labVmOfThisFile(flavour: TestFlavour, size: TestVmSize = {}): () => TestVm {
  let lab: Awaited<ReturnType<typeof startLabVm>> | null = null
  beforeAll(async () => {
    lab = await startLabVm(flavour, size)
  }, LONGEST_MILLISECONDS)
  afterAll(async () => {
    await lab?.[Symbol.asyncDispose]()
  })
  return () => {
    if (lab === null) throw new Error('the machine comes up before the first test')
    return lab.vm
  }
}

/** With an image that has to be built first. */
const LONGEST_MILLISECONDS = 1_800_000

async function startLabVm(flavour: TestFlavour, size: TestVmSize): Promise<{ vm: TestVm } & AsyncDisposable> {
  const state = mkdtempSync('/var/tmp/bench-test-lab-')
  const folders = labFolders(join(state, 'bench'))
  const remove = async () => {
    await down(folders, listVms(folders))
    rmSync(state, { recursive: true, force: true })
  }
  try {
    const { folder, record } = await firstThatBoots(
      flavour === 'any' ? ['uml', 'debian-12'] : [flavour],
      folders,
      size,
    )
    return { vm: testVm(state, folders, folder, record), [Symbol.asyncDispose]: remove }
  } catch (error) {
    await remove()
    throw error
  }
}

async function firstThatBoots(
  flavours: readonly Flavour[],
  folders: LabFolders,
  { further, ...size }: TestVmSize,
) {
  const said: string[] = []
  for (const flavour of flavours) {
    const request = { ...SMALL, flavour, kind: FLAVOURS[flavour], ...size }
    try {
      const prepared = await prepare(testHost(), folders, request, (line) => said.push(line))
      const image = further === undefined ? prepared.image : { ...prepared.image, further }
      const [machine] = await up({ ...prepared, image }, (line) => said.push(line))
      if (machine !== undefined) return machine
    } catch (error) {
      if (!(error instanceof BenchError)) throw error
      said.push(`${flavour}: ${messageOf(error)}`)
    }
  }
  throw new Error(`no machine of the lab comes up:\n${said.join('\n')}`)
}

function testVm(state: string, folders: LabFolders, folder: string, created: VmRecord): TestVm {
  let record = created
  return {
    name: record.name,
    host: remoteHostOf(folders, folder, record),
    folders,
    state,
    folder,
    get record() {
      return record
    },
    // Either kind of machine has a QEMU with a network of this name.
    setLink: (isUp) => executeQmp(folder, 'set_link', { name: 'net', up: isUp }),
    kill: () => void process.kill(record.machine?.pid ?? 0, 'SIGKILL'),
    async startAgain() {
      const said: string[] = []
      const surroundings = { folders, say: (line: string) => void said.push(line) }
      const { signal } = new AbortController()
      const vm = await vi.waitUntil(() => listVms(folders).find((each) => each.state === 'dead'), 60_000)
      try {
        const again = await startAgain(vm, { ...surroundings, signal })
        record = again.record
      } catch (error) {
        throw new Error(`${messageOf(error)}:\n${said.join('\n')}`, { cause: error })
      }
    },
  }
}
