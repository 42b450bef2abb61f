/**
 * The driver against a real kernel's recorded answers. To record them again, on a kernel with device mapper, as root:
 *
 *     BENCH_RECORD=drivers/devicemapper/testing/recorded npx vitest run drivers/devicemapper/recorded.test.ts
 *     npx prettier --write drivers/devicemapper/testing/recorded
 */
import { mkdirSync, mkdtempSync, readFileSync, readSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { createFakeHost, type FakeHost } from '../../harness/testing/fake-host.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { createScratch } from '../testsuite/scratch.ts'
import { DEVICE_FILES } from '../../harness/linux/dm/control.ts'
import { describeIoctl } from '../../harness/linux/dm/testing/describe-ioctl.ts'
import { splitSpace } from '../common/thin/pool-devices.ts'
import {
  readRecording,
  recordIoctls,
  replayIoctls,
  type RecordedCall,
  type RecordedStep,
  type Recording,
} from './testing/recording.ts'
import { story, STORY_SCRATCH } from './testing/story.ts'

const recordTo = process.env['BENCH_RECORD']
const LABEL = 'bench-recorded'
const BLOCK = 65536

if (recordTo === undefined) describe('against recorded answers', replay)
else test('records', { timeout: 120_000 }, () => expect(record(recordTo)).resolves.toBeUndefined())

async function record(folder: string): Promise<void> {
  const host = testHost()
  using scratch = createScratch(host, STORY_SCRATCH)
  const calls: RecordedCall[] = []
  let images = 0
  const { metadataSize } = splitSpace(STORY_SCRATCH, BLOCK)
  const syscalls = recordIoctls(host.syscalls, calls, (fd) => {
    const image = Buffer.alloc(metadataSize)
    readSync(fd, image, 0, metadataSize, 0)
    writeFileSync(join(folder, `metadata-${images}.img.gz`), gzipSync(image, { level: 9 }))
    images += 1
  })
  const stage = {
    host: { ...host, syscalls },
    files: DEVICE_FILES,
    scratch: { ...scratch, label: LABEL },
    live: true,
  }
  const steps: RecordedStep[] = []
  for (const { step, run } of story(stage)) {
    calls.length = 0
    const result = await run()
    steps.push({ step, calls: [...calls], result })
  }
  const recording: Recording = {
    kernel: host.kernelRelease,
    scratch: { device: scratch.device, size: scratch.size, label: LABEL },
    steps,
  }
  writeFileSync(join(folder, 'story.json'), `${JSON.stringify(recording, null, 1)}\n`)
}

function replay(): void {
  const recording = readRecording('story')
  const home = mkdtempSync(join(tmpdir(), 'bench-test-'))
  const mapper = join(home, 'mapper')
  const seen = new Map<string, { result: unknown; calls: string[]; left: number }>()

  beforeAll(async () => {
    mkdirSync(mapper)
    writeFileSync(join(mapper, 'control'), '')
    let calls: RecordedCall[] = []
    const host = fakeHost(mapper, () => calls.shift())
    const scratch = { ...recording.scratch, directory: join(home, 'd') }
    const files = { mapper, misc: '/dev/null' }
    for (const [index, { step, run }] of story({ host, files, scratch, live: false }).entries()) {
      calls = [...(recording.steps[index]?.calls ?? [])]
      const result = await run()
      seen.set(step, {
        result,
        calls: host.newCalls().map((call) => call.replaceAll(home, '')),
        left: calls.length,
      })
    }
  })

  afterAll(() => rmSync(home, { recursive: true }))

  test.for(recording.steps)('$step: asks and gives what it did on the real kernel', ({ step, result }) => {
    const replayed = seen.get(step)
    expect(replayed?.left, 'recorded requests that were not made').toBe(0)
    expect(withoutFolder(replayed?.result)).toEqual(withoutFolder(result))
  })

  const callsOf = (step: string) => seen.get(step)?.calls
  const resultOf = (step: string) => recording.steps.find((each) => each.step === step)?.result

  test('open journals first, then builds from the bottom up', () => {
    expect(callsOf('open')?.filter((call) => !/^(?:mknod|load)/.test(call))).toEqual([
      `journal record {"kind":"device-mapper","prefix":"${LABEL}-"}`,
      ...['metadata', 'data', 'pool'].flatMap((name) => [
        `create ${LABEL}-${name}`,
        `suspend ${LABEL}-${name}`,
      ]),
      `message ${LABEL}-pool create_thin 0`,
      `create ${LABEL}-base`,
      `suspend ${LABEL}-base`,
      `run mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0,nodiscard /mapper/${LABEL}-base`,
      `mount ext4 /mapper/${LABEL}-base /d/base noatime`,
      'unmount /d/base',
      `remove ${LABEL}-base`,
    ])
  })

  test('prepare makes the snapshot, its device, table and node, in this order', () => {
    const [snapshot, create, load, resume, node, ...rest] = callsOf('prepare a container') ?? []
    expect(snapshot).toBe(`message ${LABEL}-pool create_snap 2 1`)
    expect(create).toBe(`create ${LABEL}-1`)
    expect(load).toMatch(/^load bench-recorded-1 thin \d+:\d+ 2$/)
    expect(resume).toBe(`suspend ${LABEL}-1`)
    expect(node).toMatch(/^mknod \/mapper\/bench-recorded-1 60600 \d+$/)
    expect(rest).toEqual([])
  })

  test('remove deactivates, then deletes', () => {
    expect(callsOf('remove')?.slice(-2)).toEqual([`remove ${LABEL}-1`, `message ${LABEL}-pool delete 2`])
  })

  test('a busy device is left alone', () => {
    expect(resultOf('remove while mounted')).toBe('driver.busy')
    expect(callsOf('remove while mounted')?.slice(-1)).toEqual([`remove ${LABEL}-1`])
    expect(resultOf('commit while mounted')).toBe('driver.busy')
    expect(callsOf('commit while mounted')).toEqual([`remove ${LABEL}-0`])
  })

  test('a name that a killed run left is refused, and nothing of it touched', () => {
    expect(resultOf('open beside it')).toBe('driver.exists')
    expect(callsOf('open beside it')?.filter((call) => !call.startsWith('journal'))).toEqual([
      `create ${LABEL}-metadata`,
    ])
  })

  test('one changed byte makes a few blocks the container’s own', () => {
    const before = resultOf('provenance before') as { exclusiveBytes: number; sharedBytes: number }
    const after = resultOf('provenance after a byte was changed') as typeof before
    const grown = after.exclusiveBytes - before.exclusiveBytes
    expect(grown % BLOCK).toBe(0)
    expect(grown / BLOCK).toBeGreaterThanOrEqual(1)
    expect(grown / BLOCK).toBeLessThanOrEqual(4)
    expect(after.sharedBytes + after.exclusiveBytes).toBeGreaterThan(1024 ** 2)
  })

  test('a pool that is full says so, and recovers when containers go', () => {
    expect(resultOf('provenance in a full pool')).toBe('driver.pool-full')
    expect(resultOf('commit in a full pool')).toBe('driver.pool-full')
    const { bytes } = resultOf('remove from a full pool') as { bytes: number }
    expect(bytes).toBeLessThan(STORY_SCRATCH / 2)
  })

  test('dispose takes down from the top, and has the journal forget last', () => {
    expect(callsOf('dispose')).toEqual([
      ...['pool', 'data', 'metadata'].map((name) => `remove ${LABEL}-${name}`),
      `journal forget {"kind":"device-mapper","prefix":"${LABEL}-"}`,
    ])
  })
}

/** Nodes are plain files, and the pool's metadata is what it was when it was recorded. */
function fakeHost(mapper: string, next: () => RecordedCall | undefined): FakeHost {
  let images = 0
  return createFakeHost({
    describeIoctl,
    syscalls: {
      mknod: (path) => writeFileSync(path, '', { flag: 'wx' }),
      ioctl: replayIoctls(next),
      ioctlInt() {
        const image = new URL(`testing/recorded/metadata-${images}.img.gz`, import.meta.url)
        writeFileSync(join(mapper, `${LABEL}-metadata`), gunzipSync(readFileSync(image)))
        images += 1
        return 0
      },
    },
  })
}

/** Nodes lie in another folder than on the real machine. */
function withoutFolder(result: unknown): unknown {
  return JSON.parse(JSON.stringify(result).replaceAll(/"[^"]*\/mapper\//g, '"'))
}
