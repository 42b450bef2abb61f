import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { assert, constantFrom, property, record, shuffledSubarray, array } from 'fast-check'
import { pretend, render } from './testing/playbook.ts'

/** A host of files: what systemd, the kernel's list of swap areas and its governors would be. */
const PRETENDING = `#!/bin/sh
root=$BENCH_QUIET_ROOT
echo "$(basename "$0") $*" >>"$root/log"
for last; do :; done
without() { grep -vxF -e "$2" "$1" >"$1.new"; mv "$1.new" "$1"; }
case "$(basename "$0") $1" in
  'systemctl list-units')
    state=active
    for word; do
      case "$word" in
        --state=*) state=\${word#*=} ;;
        *.*) while read -r unit; do case "$unit" in $word) echo "$unit loaded $state waiting A unit" ;; esac; done <"$root/$state" ;;
      esac
    done ;;
  'systemctl stop') shift; for unit; do without "$root/active" "$unit"; done ;;
  'systemctl start') grep -qxF -e "$2" "$root/active" || echo "$2" >>"$root/active" ;;
  'systemctl --quiet') grep -qxF -e "$3" "$root/active" ;;
  swapoff*)
    [ ! -e "$root/swapoff-fails" ] || exit 1
    name=$(printf %s "$last" | sed 's/ /\\\\040/g')
    awk -v name="$(printf %s "$name" | sed 's/\\\\/&&/g')" '$1 != name' "$root/proc/swaps" >"$root/swaps.new"
    mv "$root/swaps.new" "$root/proc/swaps" ;;
  swapon*)
    name=$(printf %s "$last" | sed 's/ /\\\\040/g')
    priority=$(awk 'NR > 1 && $5 < lowest { lowest = $5 } END { print (lowest < -1 ? lowest : -1) - 1 }' "$root/proc/swaps")
    [ "$1" != --priority ] || priority=$2
    printf '%s partition 1048572 0 %s\\n' "$name" "$priority" >>"$root/proc/swaps" ;;
esac
`

const HEAD = 'Filename Type Size Used Priority\n'
const UNITS = ['apt-daily.timer', 'btrfs-scrub.timer', 'fstrim.timer', 'man-db.timer']
const SWAPS = ['/dev/vda5', '/dev/zram0', '/swap\\040file', '/dev/dm-1']

let folder: string
let program: string
let root: string

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bench-test-quiet-'))
  program = path.join(folder, 'bench-quiet')
  const [script = ''] = render('quiet', ['bench-quiet.sh'], { quiet_patience_seconds: 1 })
  writeFileSync(program, script)
  chmodSync(program, 0o755)
  pretend(path.join(folder, 'bin'), PRETENDING, ['systemctl', 'swapoff', 'swapon'])
})
beforeEach(() => {
  root = path.join(folder, 'root')
  makeHost({ units: UNITS, swaps: [['/dev/vda5', -2]], governors: ['powersave', 'schedutil'] })
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

interface HostState {
  units: readonly string[]
  swaps: readonly (readonly [string, number])[]
  governors: readonly string[]
}

function makeHost({ units, swaps, governors }: HostState): void {
  rmSync(root, { recursive: true, force: true })
  mkdirSync(path.join(root, 'run/systemd/system'), { recursive: true })
  mkdirSync(path.join(root, 'proc'))
  write('log', '')
  write('active', lines(['backup.timer', ...units]))
  write('activating', '')
  write('proc/meminfo', 'MemTotal: 4000000 kB\nMemAvailable: 2000000 kB\n')
  write(
    'proc/swaps',
    HEAD + lines(swaps.map(([name, priority]) => `${name} partition 1048572 0 ${priority}`)),
  )
  governors.forEach((governor, cpu) => {
    mkdirSync(path.join(root, governorFile(cpu), '..'), { recursive: true })
    write(governorFile(cpu), `${governor}\n`)
    const available = governor === 'userspace' ? 'userspace' : 'performance powersave schedutil'
    write(path.join(governorFile(cpu), '../scaling_available_governors'), `${available}\n`)
  })
}

const lines = (words: readonly string[]) => words.map((word) => `${word}\n`).join('')
const governorFile = (cpu: number) => `sys/devices/system/cpu/cpu${cpu}/cpufreq/scaling_governor`
const write = (file: string, text: string) => writeFileSync(path.join(root, file), text)
const read = (file: string) => readFileSync(path.join(root, file), 'utf8')
const governor = (cpu: number) => read(governorFile(cpu)).trim()

function quiet(...words: string[]): { status: number | null; stdout: string; stderr: string } {
  const env = { ...process.env, BENCH_QUIET_ROOT: root, PATH: `${folder}/bin:/usr/bin:/bin` }
  const { status, stdout, stderr } = spawnSync(program, words, { encoding: 'utf8', env })
  return { status, stdout, stderr }
}

/** State that `back` must restore; the order of the units does not matter. */
function state(): unknown {
  const cpus = [0, 1, 2, 3].filter((cpu) => existsSync(path.join(root, governorFile(cpu))))
  return {
    active: read('active').split('\n').toSorted(),
    swaps: read('proc/swaps').split('\n').toSorted(),
    governors: cpus.map(governor),
    record: existsSync(path.join(root, 'run/bench-quiet')),
  }
}

describe('set', () => {
  test('stops timers, turns swap off and sets the governors; says so', () => {
    const { status, stdout, stderr } = quiet('set')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toBe(
      lines([
        ...UNITS.map((unit) => `stopped ${unit}`),
        'swap /dev/vda5 off',
        'governor of cpu0 performance',
        'governor of cpu1 performance',
      ]),
    )
    expect(read('active')).toBe('backup.timer\n')
    expect(read('proc/swaps')).toBe(HEAD)
    expect([governor(0), governor(1)]).toEqual(['performance', 'performance'])
  })

  test('changes nothing the second time, and remembers what was before the first', () => {
    const before = state()
    quiet('set')
    expect(quiet('set')).toEqual({ status: 0, stdout: '', stderr: '' })
    quiet('back')
    expect(state()).toEqual(before)
  })

  test('leaves a governor alone that has no other beside it', () => {
    makeHost({ units: [], swaps: [], governors: ['userspace'] })
    expect(quiet('set').status).toBe(0)
    expect(governor(0)).toBe('userspace')
  })

  test('does not turn off swap that would not fit into memory', () => {
    write('proc/swaps', `${HEAD}/dev/vda5 partition 4000000 3000000 -2\n`)
    const { status, stderr } = quiet('set')
    expect(status).toBe(1)
    expect(stderr).toBe(
      'bench-quiet: swap /dev/vda5 holds 3000000 KiB, and only 2000000 KiB of memory are available\n',
    )
    expect(read('log')).not.toContain('swapoff')
  })

  test('waits for a job that a timer has begun, and not for ever', () => {
    write('activating', 'apt-daily.service\n')
    const { status, stderr } = quiet('set')
    expect(status).toBe(1)
    expect(stderr).toBe('bench-quiet: after 1 s still running: apt-daily.service\n')
    expect(read('log')).not.toContain('stop apt-daily.service')
  })

  test('needs neither systemd nor governors', () => {
    rmSync(path.join(root, 'run/systemd'), { recursive: true })
    rmSync(path.join(root, 'sys'), { recursive: true })
    expect(quiet('set')).toEqual({ status: 0, stdout: 'swap /dev/vda5 off\n', stderr: '' })
    expect(read('log')).not.toContain('systemctl')
  })
})

describe('back', () => {
  test('does nothing where nothing was set', () => {
    expect(quiet('back')).toEqual({ status: 0, stdout: '', stderr: '' })
    expect(read('log')).toBe('')
  })

  test('restores what a set that failed half way has changed', () => {
    const before = state()
    write('swapoff-fails', '')
    expect(quiet('set').status).not.toBe(0)
    expect(read('active')).toBe('backup.timer\n')
    expect(quiet('back').status).toBe(0)
    expect(state()).toEqual(before)
  })

  test('keeps what it could not restore for the next try', () => {
    const before = state()
    quiet('set')
    const swapon = path.join(folder, 'bin/swapon')
    cpSync(swapon, `${swapon}.kept`, { verbatimSymlinks: true })
    rmSync(swapon)
    writeFileSync(swapon, '#!/bin/sh\nexit 1\n', { mode: 0o755 })
    const { status, stderr } = quiet('back')
    rmSync(swapon)
    cpSync(`${swapon}.kept`, swapon, { verbatimSymlinks: true })
    expect({ status, stderr }).toEqual({
      status: 1,
      stderr: 'bench-quiet: not put back: swap /dev/vda5 -2;\n',
    })
    expect(quiet('back')).toEqual({ status: 0, stdout: 'swap /dev/vda5 on\n', stderr: '' })
    expect(state()).toEqual(before)
  })

  test('leaves what a person has started in the meantime, and CPUs that are gone', () => {
    quiet('set')
    write('active', 'backup.timer\nman-db.timer\n')
    rmSync(path.join(root, governorFile(1), '../..'), { recursive: true })
    const { status, stdout } = quiet('back')
    expect(status).toBe(0)
    expect(stdout).not.toMatch(/man-db|cpu1/)
    expect(read('active').split('\n').filter(Boolean).toSorted()).toEqual(
      [...UNITS, 'backup.timer'].toSorted(),
    )
  })

  test('restores every host exactly, however often either is called', () => {
    const host = record({
      units: shuffledSubarray(UNITS),
      swaps: shuffledSubarray(SWAPS).chain((names) =>
        // The kernel counts the priorities below zero itself.
        constantFrom(
          names.map((name, at) => [name, -2 - at] as const),
          names.map((name, at) => [name, at] as const),
        ),
      ),
      governors: array(constantFrom('performance', 'powersave', 'schedutil', 'userspace'), { maxLength: 3 }),
    })
    const calls = array(constantFrom('set', 'back'), { maxLength: 3 })
    assert(
      property(host, calls, (described, words) => {
        makeHost(described)
        const before = state()
        for (const word of [...words, 'set', 'back', 'back']) expect(quiet(word).status).toBe(0)
        expect(state()).toEqual(before)
      }),
      { numRuns: 12 },
    )
  })
})

describe('--dry-run', () => {
  test('says what would change, and changes nothing', () => {
    const before = state()
    const { stdout } = quiet('--dry-run', 'set')
    expect(stdout).toContain('unit man-db.timer active\nswap /dev/vda5 -2\ngovernor cpu0 powersave\n')
    expect(state()).toEqual(before)
    quiet('set')
    const silent = state()
    expect(quiet('--dry-run', 'back').stdout).toBe(stdout)
    expect(state()).toEqual(silent)
  })
})

test('wrong use ends with exit code 2 and what is right', () => {
  for (const words of [[], ['off'], ['set', 'back']]) {
    expect(quiet(...words)).toEqual({
      status: 2,
      stdout: '',
      stderr: 'bench-quiet: wrong use; write: bench-quiet [--dry-run] set|back\n',
    })
  }
})
