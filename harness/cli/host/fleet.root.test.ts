/** `bench run --host` as a person uses it, with this machine as the hosts, behind a real SSH server. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import { readFleet } from '../../remote/fleet/fleet-folder.ts'
import { readRun } from '../../results/run-folder.ts'
import { freePort, startSshd, type TestSshd } from '../../remote/ssh/testing/sshd.ts'
import { isRoot, loopFiles } from '../../testing/scratch-file.ts'
import { makePlace, type Place, type Running } from '../testing/bench.ts'
import {
  LONG_MILLISECONDS,
  runFoldersOn,
  samplesIn,
  smallestOnHosts,
  startOnHosts,
  writeInventory,
} from '../testing/hosts.ts'
import { waitFor } from '../testing/leftovers.ts'

/** More than any test waits for. */
const ENDLESS = ['--rounds', '100000']
const SECONDS = 60

describe.skipIf(!isRoot)('a plan that is taken to hosts', { timeout: LONG_MILLISECONDS }, () => {
  let place: Place
  let sshd: TestSshd
  let running: Running | null = null

  beforeAll(async () => {
    place = makePlace()
    sshd = await startSshd()
    const refusing = { ...sshd.host, port: await freePort() }
    writeInventory(place, { alpha: sshd.host, beta: refusing })
  })
  afterEach(() => running?.kill('SIGKILL'))
  afterAll(async () => {
    await sshd.stop()
    place[Symbol.dispose]()
  })

  const bench = (...args: readonly string[]) => startOnHosts(place, args).ended
  const fleets = () => readdirSync(place.output).map((id) => join(place.output, id))
  const onHost = () => samplesIn(runFoldersOn(sshd.host).at(-1) ?? null)

  /** Starts a run on alpha that does not end, and waits until two of its samples are at home. */
  async function measuring(): Promise<{ controller: Running; folder: string; home: string }> {
    const before = fleets()
    const controller = startOnHosts(place, smallestOnHosts(place, 'alpha', ...ENDLESS))
    running = controller
    const folderNow = () => fleets().find((path) => !before.includes(path)) ?? null
    await waitFor('a fleet', SECONDS, () => folderNow() !== null)
    const folder = folderNow() ?? ''
    const home = join(folder, 'hosts/alpha')
    await waitFor('two samples at home', SECONDS, () => count(samplesIn(home)) >= 2)
    return { controller, folder, home }
  }

  test('is measured there and comes home; a host that refuses is a row with its reason', async () => {
    const { code, stdout, stderr } = await bench(
      ...smallestOnHosts(place, 'alpha,beta', '--rounds', '2', '--json'),
    )
    expect(code, stderr).toBe(4)
    const printed = JSON.parse(stdout) as { fleet: string; rows: { host: string; state: string }[] }
    const [folder = ''] = fleets()
    expect(printed.fleet).toBe(folder)
    expect(printed.rows).toContainEqual(expect.objectContaining({ host: 'alpha', state: 'completed', n: 2 }))

    const fleet = readFleet(folder)
    const [alpha, beta] = fleet.hosts
    expect(fleet.state).toBe('failed')
    expect(alpha).toMatchObject({ name: 'alpha', state: 'completed', exitCode: 0, reason: null })
    expect(Object.keys(alpha?.seconds ?? {})).toEqual(['connect', 'bundle', 'begin', 'measure', 'fetch'])
    expect(beta).toMatchObject({ name: 'beta', state: 'failed', exitCode: null })
    expect(beta?.reason).toMatch(/refused/i)
    expect(stderr).toMatch(/^alpha +completed +2$/m)
    expect(stderr).toMatch(/^beta +failed +0 .*refused/im)

    const home = join(folder, 'hosts/alpha')
    const { run, samples } = readRun(home)
    expect([...samples]).toHaveLength(2)
    expect(run.state).toBe('completed')
    expect(run.command).toMatch(/^bench run --driver bare --scenario bigfile .*--controls off/)
    expect(samplesIn(home)).toBe(onHost())
    for (const page of [join(home, 'report.html'), join(folder, 'report.html')]) {
      expect(readFileSync(page, 'utf8')).toMatch(/^<!doctype html>/i)
    }
    expect(existsSync(join(folder, 'hosts/beta'))).toBe(false)
  })

  test('hosts are examined side by side, and the one that refuses says why', async () => {
    const { code, stdout } = await bench('host', 'doctor', 'alpha', 'beta', '--json')
    expect(code).toBe(4)
    const { hosts } = JSON.parse(stdout) as {
      hosts: { host: string; checks: unknown[]; failed: string | null }[]
    }
    expect(hosts.map(({ host }) => host)).toEqual(['alpha', 'beta'])
    expect(hosts[0]?.failed).toBeNull()
    expect(hosts[0]?.checks.length).toBeGreaterThan(5)
    expect(hosts[1]?.failed).toMatch(/refused/i)
  })

  test('goes on when links are lost, and neither doubles nor loses a sample; Ctrl-C stops it in order', async () => {
    const { controller, folder, home } = await measuring()
    sshd.killConnections()
    const before = samplesIn(home)
    await waitFor('another sample at home', SECONDS, () => samplesIn(home).length > before.length)
    expect(controller.stderr()).toMatch(/alpha: .*tried again/)

    const refused = await bench(...smallestOnHosts(place, 'alpha', '--output', place.at('other')))
    expect(refused.code).toBe(4)
    expect(refused.stdout).toMatch(
      /^alpha +failed +0 .*the host is in use by job \S+-alpha of \S+@\S+, since/m,
    )

    const listed = await bench('host', 'fetch', 'alpha')
    expect(listed.stdout).toMatch(/-alpha +\S+ +\S+@\S+ +running$/m)

    controller.kill('SIGINT')
    const { code, stdout } = await controller.ended
    expect(code).toBe(130)
    expect(stdout).toMatch(/^alpha +interrupted/m)
    expect(readFleet(folder)).toMatchObject({ state: 'interrupted', hosts: [{ exitCode: 130 }] })
    expect(readRun(home).run.state).toBe('interrupted')
    expect(samplesIn(home)).toBe(onHost())
    expect(loopFiles(sshd.host.directory)).toEqual([])
    expect(readdirSync(join(sshd.host.directory, 'state/bench/journal'))).toEqual([])
  })

  test('goes on without its controller, which is attached again after it was killed', async () => {
    const { controller, folder, home } = await measuring()
    controller.kill('SIGKILL')
    await controller.ended
    const left = samplesIn(home)
    await waitFor('samples that are not at home', SECONDS, () => onHost().length > left.length)

    const attached = startOnHosts(place, ['host', 'attach', folder])
    running = attached
    await waitFor('a sample at home', SECONDS, () => samplesIn(home).length > left.length)
    const second = await bench('host', 'attach', folder)
    expect(second.code).toBe(2)
    expect(second.stderr).toMatch(/another process is following/)

    const stopped = await bench('host', 'stop', 'alpha')
    expect(stopped.stdout).toMatch(/^alpha: asked \S+-alpha to stop\n$/)
    const { code, stdout } = await attached.ended
    expect(code).toBe(130)
    expect(stdout).toMatch(/^alpha +interrupted/m)
    expect(samplesIn(home)).toBe(onHost())
    expect(samplesIn(home).startsWith(left)).toBe(true)
  })
})

function count(text: string): number {
  return text.split('\n').length - 1
}
