/** `bench calibrate`: wrong use; one that is killed and one that is asked to stop, beside one that runs to its end. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { calibrationSchema } from '../contracts/calibration.ts'
import { isPresent } from '../linux/process.ts'
import { isRoot, loopFiles } from '../testing/scratch-file.ts'
import { bench, makePlace, startBench, type Place, type Running } from './testing/bench.ts'
import { expectNothingLeft, journals, processTree, runtimeFolder, waitFor } from './testing/leftovers.ts'
import { expectRefusal, named, type Refusal } from './testing/refusal.ts'

const NOT_READY = 4
const SECONDS_TO_BEGIN = 30

const REFUSALS: readonly Refusal[] = [
  ['both extents', 'calibrate --full --brief', /--full and --brief exclude each other/],
  ['a folder and a device', 'calibrate --scratch /x --device /dev/x', /--scratch and --device exclude/],
  ['something to destroy, but no device', 'calibrate --destroy disk', /--destroy requires --device/],
  ['an option of a run', 'calibrate --rounds 3', /unknown option '--rounds'/],
  ['a word too many', 'calibrate now', /too many arguments/],
]

const WRONG_PLACES: readonly Refusal[] = [
  ['a file for a folder', 'calibrate --scratch /etc/passwd', /passwd is not a folder/],
  ['memory for a disk', 'calibrate --scratch /dev/shm/x', /is on tmpfs: it would measure memory/],
  ['a device that is not there', 'calibrate --device /dev/no-such-disk', /does not exist/],
  ['a folder for a device', 'calibrate --device /var/tmp', /not a block device/],
]

describe('a wrong calibration', () => {
  test.each(named(REFUSALS))('%s', (_, refusal) => expectRefusal(refusal))
})

describe.skipIf(!isRoot)('a wrong place', () => {
  afterEach(() => vi.unstubAllEnvs())

  test.each(named(WRONG_PLACES))('%s', (_, refusal) => expectRefusal(refusal))

  test('a host without fio', async () => {
    vi.stubEnv('PATH', '/nowhere')
    await expectRefusal(['', 'calibrate', /fio is not installed; .*: npm run setup installs it/, NOT_READY])
  })
})

describe.skipIf(!isRoot)('three calibrations at a time', () => {
  let place: Place
  let whole: Running
  let wholeId: string
  const ids = () => journals(place).map((name) => name.replace('.ndjson', ''))

  /** Starts one, and waits until fio writes to its scratch. */
  async function begin(...more: readonly string[]): Promise<{ running: Running; id: string }> {
    const before = ids()
    const running = startBench(place, ['calibrate', '--brief', '--scratch', place.scratch, ...more])
    await waitFor('the device', SECONDS_TO_BEGIN, () => running.stderr().includes('device'))
    const id = ids().find((one) => !before.includes(one))
    return { running, id: id ?? '' }
  }

  beforeAll(async () => {
    place = makePlace()
    ;({ running: whole, id: wholeId } = await begin('--json'))
  })
  afterAll(() => {
    whole.kill('SIGKILL')
    place[Symbol.dispose]()
  })

  test('the one that is killed has no process and no loop device; bench clean takes the rest and nothing else', async () => {
    const { running, id } = await begin()
    const tree = processTree(running.pid)
    expect(tree.some(({ command }) => command.includes('__measure'))).toBe(true)
    running.kill('SIGKILL')
    await waitFor('no process of it', 2, () => !tree.some(isPresent))
    await waitFor('no loop device', 2, () => loopFiles(join(place.scratch, id)).length === 0)
    expect(readdirSync(place.scratch)).toContain(id)
    const { code, stdout } = await bench(place, 'clean')
    expect(code).toBe(0)
    expect(stdout).toContain(`removed ${join(place.scratch, id)}`)
    expect(stdout).toContain(`run ${wholeId} is going on (process ${whole.pid}): left alone`)
    expect(existsSync(join(place.scratch, id)) || existsSync(runtimeFolder(id))).toBe(false)
    expect(ids()).toEqual([wholeId])
  })

  test('the one that is asked to stop does so silently, and leaves nothing', async () => {
    const { running, id } = await begin()
    running.kill('SIGINT')
    const { code, signal, stdout, stderr } = await running.ended
    expect({ code, signal, stdout }).toEqual({ code: 130, signal: null, stdout: '' })
    expect(stderr).not.toContain('bench:')
    expect(existsSync(join(place.scratch, id)) || existsSync(runtimeFolder(id))).toBe(false)
    expect(ids()).not.toContain(id)
  })

  test('the one that goes on prints what it found, and leaves nothing', async () => {
    const { code, stdout, stderr } = await whole.ended
    expect(code, stderr).toBe(0)
    const { extent, device, noise } = calibrationSchema.parse(JSON.parse(stdout))
    expect(extent).toBe('brief')
    expect(device?.path).toBe(join(place.scratch, wholeId, '0.img'))
    expect(noise.map(({ kind }) => kind)).toEqual(['disk', 'cpu'])
    expectNothingLeft(place, wholeId)
  })
})
