/** Tests of this repository in a machine of the lab, whose kernel has what this one has not. */
import { mkdtempSync, rmSync } from 'node:fs'
import { connectTo } from '../../remote/ssh/connection.ts'
import { FURTHER_SERIAL, UML_FURTHER_DISK, type OwnKernel } from '../../lab/image/types.ts'
import { withLabVm, type TestFlavour, type TestVm } from '../lab-vm.ts'
import { testHost } from '../scratch-file.ts'
import type { GuestLine, GuestTest } from './guest-reporter.ts'
import { makePayload } from './payload.ts'
import { REQUIRE_SUPPORT } from './require-support.ts'

const MEBIBYTE = 1024 ** 2
const GIBIBYTE = 1024 * MEBIBYTE

export interface GuestRun {
  /** Test files, from the repository's root. */
  files: readonly string[]
  /** Pattern of the tests' full names, as `vitest -t` takes it. Default: all. */
  pattern?: string
}

export interface GuestTests {
  flavour: TestFlavour
  /** Another kernel than the flavour's. */
  kernel?: OwnKernel
  runs: readonly GuestRun[]
  /** For all of it once the machine is up. */
  seconds: number
  /** Called with each result as it comes. */
  onTest?: (test: GuestTest) => void
}

/** Tests, and the scratch files that they allocate, are on its root; ZFS wants memory. */
const SIZE = { memory: 1536 * MEBIBYTE, scratch: GIBIBYTE }

/** Runs the tests and returns the result of each. Throws when the guest ended without having told all of them. */
export async function runInGuest({
  flavour,
  kernel,
  runs,
  seconds,
  onTest,
}: GuestTests): Promise<GuestTest[]> {
  const folder = mkdtempSync('/var/tmp/bench-test-payload-')
  try {
    const payload = await makePayload(testHost(), folder)
    return await withLabVm(
      flavour,
      async (vm) => {
        const signal = AbortSignal.timeout(seconds * 1000)
        const results: GuestTest[] = []
        for (const [index, run] of runs.entries()) {
          if (index === 0) await mountPayload(vm)
          results.push(...(await runOne(vm, run, signal, onTest)))
        }
        return results
      },
      {
        ...SIZE,
        further: payload,
        ...(kernel === undefined ? {} : { ownKernel: kernel }),
      },
    )
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Reads the payload's disk through a layer of memory, since vitest writes beside what it reads. */
const MOUNT = `set -e
modprobe --all --quiet loop overlay || : # built in
mkdir /run/bench-test && cd /run/bench-test && mkdir payload memory tests
mount -o ro "$1" payload
mount -t tmpfs tmpfs memory
mkdir memory/upper memory/work
mount -t overlay -o lowerdir=payload,upperdir=memory/upper,workdir=memory/work overlay tests`

/** In a mount namespace of its own, like the tests of this machine. */
const RUN = `cd /run/bench-test/tests && export ${REQUIRE_SUPPORT}=1
exec unshare --mount --propagation private ./node node_modules/vitest/vitest.mjs run "$@"`

async function mountPayload({ host, record }: TestVm): Promise<void> {
  const disk = record.kind === 'uml' ? `/dev/${UML_FURTHER_DISK}` : `/dev/disk/by-id/virtio-${FURTHER_SERIAL}`
  await using connection = connectTo(host)
  const { exitCode, stderr } = await connection.run(['sh', '-c', MOUNT, 'sh', disk])
  if (exitCode !== 0) throw new Error(`the guest cannot mount the tests: ${stderr}`)
}

async function runOne(
  vm: TestVm,
  run: GuestRun,
  signal: AbortSignal,
  onTest: GuestTests['onTest'],
): Promise<GuestTest[]> {
  await using connection = connectTo(vm.host)
  const { lines, ended } = connection.stream(['sh', '-c', RUN, 'sh', ...words(run)], { signal })
  const tests: GuestTest[] = []
  const others: string[] = []
  let end: number | null = null
  for await (const line of lines) {
    const parsed = parseLine(line)
    if (parsed === null) others.push(line)
    else if ('end' in parsed) end = parsed.end
    else {
      tests.push(parsed.test)
      onTest?.(parsed.test)
    }
  }
  const { exitCode, stderr } = await ended
  if (end === tests.length) return tests.filter((each) => isChosen(each, run))
  throw new Error(
    `the guest told ${tests.length} of ${end ?? 'an unknown number of'} tests (exit code ${exitCode}):\n${[...others, stderr].join('\n')}`,
  )
}

function words({ files, pattern }: GuestRun): string[] {
  return [
    '--config=harness/testing/lab/vitest.guest.config.ts',
    ...(pattern === undefined ? [] : ['-t', pattern]),
    ...files,
  ]
}

/** Counts tests that the pattern leaves out as skipped. vitest matches it against the names joined by blanks. */
function isChosen({ name }: GuestTest, { pattern }: GuestRun): boolean {
  return pattern === undefined || new RegExp(pattern).test(name.replaceAll(' > ', ' '))
}

function parseLine(line: string): GuestLine | null {
  try {
    return JSON.parse(line) as GuestLine
  } catch {
    return null
  }
}
