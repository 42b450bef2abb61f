/** Programs and device nodes that a host may lack, or have in a state that serves nobody. */
import { chmodSync, existsSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { drivers as registry } from '../../../../drivers/index.ts'
import type { DriverMeta } from '../../../contracts/driver.ts'
import { BACKING_NEEDS } from '../../../linux/needs.ts'
import { bounded } from '../bounded.ts'

/** Takes something from the host, and returns what gives it back. */
type Take = () => () => void

/** What every run needs of the host, whatever its driver. */
const OF_ANY_RUN = { programs: ['setpriv', 'unshare', 'modprobe'], nodes: ['/dev/loop-control', '/dev/fuse'] }

const AWAY = '.away'

/** Puts the script in the place of what lies at a path; null: nothing. */
const replace =
  (path: string, script: string | null): Take =>
  () => {
    renameSync(path, `${path}${AWAY}`)
    if (script !== null) {
      writeFileSync(path, script)
      chmodSync(path, 0o755)
    }
    return () => {
      rmSync(path, { force: true })
      renameSync(`${path}${AWAY}`, path)
    }
  }

const STATES: Readonly<Record<string, string | null>> = {
  'is missing': null,
  'fails without a word': '#!/bin/sh\nexit 1\n',
  'fails with many words': '#!/bin/sh\nyes "broken by an update" | head -n 2000 >&2\nexit 3\n',
  'is ended by a signal': '#!/bin/sh\nkill -SEGV $$\n',
  'has an interpreter that is missing': '#!/nowhere/interpreter\n',
  'is empty': '',
}

/** Programs that a run waits for; bench gives up after two minutes. */
const HANGING: readonly { program: string; scenario: readonly string[] }[] = [
  { program: 'mkfs.ext4', scenario: [] },
  { program: 'runc', scenario: ['--scenario', 'startup', '--set', 'layers=1', '--set', 'image=tiny'] },
]

/** A program that never ends. */
export interface Hang {
  what: string
  /** Words that replace the scenario of the run; none: its own. */
  scenario: readonly string[]
  take: Take
}

/** Returns the programs that this host has and that can be made to hang. To be called in the sandbox only. */
export function hangs(): Hang[] {
  return HANGING.flatMap(({ program, scenario }) => {
    const path = pathOf(program)
    return path === ''
      ? []
      : [{ what: `${program} hangs`, scenario, take: replace(path, '#!/bin/sh\nexec sleep 1000\n') }]
  })
}

function pathOf(program: string): string {
  return bounded(5, ['sh', '-c', 'PATH=$PATH:/usr/sbin:/sbin command -v "$0"', program]).stdout.trim()
}

export interface Lack {
  what: string
  /** The driver that cannot do without it. */
  driver: string
  take: Take
}

/** Returns what this host has and can be taken from it. To be called in the sandbox only. */
export function lacks(): Lack[] {
  const lacking: Lack[] = []
  for (const { name, driver } of programs()) {
    const path = pathOf(name)
    if (path === '') continue
    for (const [state, script] of Object.entries(STATES)) {
      lacking.push({ what: `${name} ${state}`, driver, take: replace(path, script) })
    }
  }
  for (const path of OF_ANY_RUN.nodes.filter((each) => existsSync(each))) {
    for (const { id } of [control(), ...daemonDrivers()]) {
      lacking.push({ what: `${path} is missing`, driver: id, take: replace(path, null) })
    }
  }
  return lacking
}

/** Each program once, with the first driver that needs it. */
function programs(): { name: string; driver: string }[] {
  const drivers = new Map(OF_ANY_RUN.programs.map((name) => [name, control().id]))
  for (const { meta } of registry) {
    const [backing] = meta.backings
    const own = [meta.needs, ...(backing === undefined ? [] : [BACKING_NEEDS[backing]])]
    for (const { name } of own.flatMap((needs) => needs.programs ?? [])) {
      if (!drivers.has(name)) drivers.set(name, meta.id)
    }
  }
  return Array.from(drivers, ([name, driver]) => ({ name, driver }))
}

function control(): DriverMeta {
  const found = registry.find(({ meta }) => meta.role === 'control')
  if (found === undefined) throw new Error('no driver is a control')
  return found.meta
}

/** Drivers that mount by FUSE. */
function daemonDrivers(): DriverMeta[] {
  return registry.map(({ meta }) => meta).filter(({ needs }) => needs.filesystems?.includes('fuse') === true)
}
