/** A fleet whose host is a machine of its own: its wire is cut, its plug is pulled, and its controller is killed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { ExitCode } from '../../contracts/error.ts'
import { readFleet } from '../../remote/fleet/fleet-folder.ts'
import { readRun } from '../../results/run-folder.ts'
import { connectTo } from '../../remote/ssh/connection.ts'
import { labVmOfThisFile } from '../../testing/lab-vm.ts'
import { isRoot } from '../../testing/scratch-file.ts'
import { makePlace, startBench, type Place, type Running } from '../testing/bench.ts'
import { samplesIn, writeInventory } from '../testing/hosts.ts'
import { waitFor } from '../testing/leftovers.ts'

/** Time limit of each step: the machine, and the host below it, may be slow. */
const SECONDS = 240
const LONGEST_MILLISECONDS = 900_000
/** A machine without a network but with a port, as User-mode Linux that died is one, answers no login for so long. */
const IMPATIENT = ['-o', 'ServerAliveInterval=3', '-o', 'ConnectTimeout=5']
/** A little more than it takes to notice that a wire is cut. */
const PATIENCE = ['--patience', '15s']

const TINY = ['--driver', 'bare,overlay2', '--scenario', 'bigfile', '--set', 'size=1M', '--set', 'image=tiny']
const SHORT = ['--set', 'depth=0', '--calibration', 'none']

describe.skipIf(!isRoot)('a machine that is cut off', { timeout: LONGEST_MILLISECONDS }, () => {
  const vm = labVmOfThisFile('any', { scratch: 3 * 1024 ** 3 })
  let place: Place
  let running: Running | null = null

  beforeAll(() => {
    place = makePlace()
    writeInventory(place, { far: { ...vm().host, options: [...IMPATIENT, ...vm().host.options] } })
  })
  afterEach(() => running?.kill('SIGKILL'))
  afterAll(() => place[Symbol.dispose]())

  function start(...args: readonly string[]): Running {
    running = startBench(place, args, { XDG_CACHE_HOME: place.at('cache') }, LONGEST_MILLISECONDS)
    return running
  }

  const attach = (folder: string) => start('host', 'attach', folder)

  /** Starts a run there, and waits until two of its samples are at home. */
  async function measuring(...how: readonly string[]) {
    const before = new Set(readdirSync(place.output))
    const where = ['--output', place.output, '--host', 'far']
    const controller = start('run', ...TINY, ...SHORT, ...where, ...how)
    const folder = () => join(place.output, readdirSync(place.output).find((id) => !before.has(id)) ?? '')
    const home = () => join(folder(), 'hosts/far')
    const ended = controller.ended.then(({ stderr }) => Promise.reject(new Error(stderr)))
    await Promise.race([ended, waitFor('two samples at home', SECONDS, () => linesIn(home()) >= 2)])
    return { controller, folder: folder(), home: home() }
  }

  async function another(home: string): Promise<void> {
    const before = linesIn(home)
    await waitFor('another sample at home', SECONDS, () => linesIn(home) > before)
  }

  /** Returns what the machine itself kept of its last run. */
  async function there(): Promise<string> {
    await using connection = connectTo(vm().host)
    const script = 'cat "$(ls -d "$1"/jobs/*/run/* | tail -n 1)/samples.ndjson"'
    return (await connection.run(['sh', '-c', script, 'sh', vm().host.directory])).stdout
  }

  /** How a fleet ends whose host was lost for good, as far as anybody can tell. */
  async function expectLost(attached: Running, folder: string): Promise<void> {
    const { code, stdout, stderr } = await attached.ended
    expect(code, stderr).toBe(4)
    expect(stderr).toMatch(/^far: unreachable: far \(root@127\.0\.0\.1:\d+\) cannot be reached: /m)
    expect(stderr).toMatch(
      /^bench: some hosts may still be measuring: bench host attach \S+ follows them again$/m,
    )
    expect(stdout).toMatch(/^far +unreachable +\d+ +far \(root@\S+\) cannot be reached: /m)
    expect(readFleet(folder)).toMatchObject({ state: 'interrupted', hosts: [{ state: 'unreachable' }] })
    for (const page of [folder, join(folder, 'hosts/far')]) {
      expect(readFileSync(join(page, 'report.html'), 'utf8')).toMatch(/^<!doctype html>/i)
    }
  }

  test('for too long, and dies: the downloaded part stays, and attaching gets the rest', async () => {
    const { controller, folder, home } = await measuring('--rounds', '100000', ...PATIENCE)
    controller.kill('SIGKILL')
    await controller.ended

    const second = attach(folder)
    await another(home)
    await vm().setLink(false)
    await expectLost(second, folder)
    await vm().setLink(true)

    const third = attach(folder)
    await another(home)
    const left = samplesIn(home)
    vm().kill()
    await expectLost(third, folder)
    expect(samplesIn(home).startsWith(left)).toBe(true)

    await vm().startAgain()
    const { code, stdout } = await attach(folder).ended
    expect(code).toBe(ExitCode.cellFailed)
    expect(stdout).toMatch(
      /^far +interrupted +\d+ +the host was restarted while it measured: what was measured until then is kept$/m,
    )
    expect(readRun(home).run.state).toBe('interrupted')
    expect(samplesIn(home).startsWith(left)).toBe(true)
    expect(samplesIn(home)).toBe(await there())
    expectEachOnce(home)
  })

  test('for a moment: it is reported, and the run is downloaded whole; a killed one does not get in its way', async () => {
    const { controller, home } = await measuring('--rounds', '4')
    await vm().setLink(false)
    await waitFor('that the link is lost', SECONDS, () => controller.stderr().includes('tried again'))
    await vm().setLink(true)
    const { code, stdout, stderr } = await controller.ended
    expect(code, stderr).toBe(0)
    expect(stderr).toMatch(/^far: far \(root@127\.0\.0\.1:\d+\) cannot be reached: .+; tried again$/m)
    expect(stdout).toMatch(/^far +completed +8 *$/m)
    expect(readRun(home).run.state).toBe('completed')
    expect(samplesIn(home)).toBe(await there())
    expect(expectEachOnce(home)).toBe(8)
  })
})

function linesIn(folder: string): number {
  return samplesIn(folder).split('\n').length - 1
}

/** Returns how many there are. */
function expectEachOnce(folder: string): number {
  const keys = [...readRun(folder).samples].map(({ cell, round }) => `${cell} ${round}`)
  expect(new Set(keys).size).toBe(keys.length)
  return keys.length
}
