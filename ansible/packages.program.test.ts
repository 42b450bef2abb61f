import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { extraVars, flat, playbook, pretend, recap, render } from './testing/playbook.ts'

/** The families' package managers; what is installed and what the repositories offer lies in files beside them. */
const MANAGERS = ['apt-cache', 'apt-get', 'dnf', 'dpkg-query', 'pacman', 'rpm', 'zypper']
const PRETENDING = `#!/bin/sh
here=$(dirname "$0")
echo "$(basename "$0") $*" >>"$here/log"
is() { grep -qx -e "$2" "$here/$1"; }
each_that_is() { list=$1; line=$2; shift 2; for word; do if is "$list" "$word"; then printf "$line\\n" "$word"; fi; done; }
install() {
  [ ! -e "$here/stale" ] || { echo 'cannot fetch' >&2; exit 100; }
  for word; do
    case "$word" in -* | install | DPkg*) continue ;; esac
    is offered "$word" || { echo "no package $word" >&2; exit 100; }
    echo "$word" >>"$here/installed"
  done
}
case "$(basename "$0") $*" in
  dpkg-query*) each_that_is installed 'installed %s' "$@" ;;
  rpm*) for word; do if is installed "$word"; then echo "$word"; else echo "package $word is not installed"; fi; done ;;
  'pacman --deptest '*) is installed "$2" || { echo "$2"; exit 127; } ;;
  'pacman --sync --search'*) grep -E -e "$4" "$here/offered" ;;
  'apt-cache show'*) each_that_is offered 'Package: %s' "$@" ;;
  'dnf --quiet --cacheonly repoquery'*) each_that_is offered %s "$@" ;;
  'zypper '*' search '*) each_that_is offered '  | %s | A program | package' "$@" ;;
  'pacman --sync --refresh' | 'apt-get --quiet update' | 'dnf --quiet makecache' | 'zypper '*' refresh') rm -f "$here/stale" ;;
  *) install "$@" ;;
esac
`

const INSTALLING: Readonly<Record<string, RegExp>> = {
  Archlinux: /^pacman --sync --needed --noconfirm lacking maybe$/gm,
  Debian: /^apt-get .*--no-install-recommends .*install lacking maybe$/gm,
  RedHat: /^dnf --assumeyes .*install lacking maybe$/gm,
  Suse: /^zypper --non-interactive install --no-recommends lacking maybe$/gm,
}
const FAMILIES = Object.keys(INSTALLING)

const VARIABLES = { packages_wanted: ['there', 'lacking'], packages_maybe: ['maybe', 'unknown'] }
const CHANGING = /install\b|update|refresh$|makecache|--needed/m

let folder: string
/** The script that both tasks begin with, by family. */
const scripts = new Map<string, string>()
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'bench-test-packages-'))
  for (const family of FAMILIES) {
    const [script = ''] = render('packages', ['packages.sh'], { ...VARIABLES, packages_family: family })
    scripts.set(family, script)
  }
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

/** A host with package managers of its own. */
function host(name: string, files: { installed: string; offered: string; stale?: string }) {
  const programs = path.join(folder, name)
  pretend(programs, PRETENDING, MANAGERS)
  for (const [file, words] of Object.entries({ ...files, log: '' })) {
    writeFileSync(path.join(programs, file), words.replaceAll(/(\S+) ?/g, '$1\n'))
  }
  return {
    programs,
    run(family: string, command: string) {
      const env = { ...process.env, PATH: `${programs}:/usr/bin:/bin` }
      const script = `${scripts.get(family)}\n${command}\n`
      const { status, stdout } = spawnSync('sh', ['-c', script], { encoding: 'utf8', env })
      return { status, words: stdout.split('\n').filter(Boolean) }
    },
    read: (file: string) => readFileSync(path.join(programs, file), 'utf8'),
  }
}

/** The commands of the two tasks. */
const ASK = 'lacking'
const INSTALL = 'try || { refresh && try; }'

describe.each(FAMILIES)('the role packages, with the pretended package manager of %s', (family) => {
  test('asks nothing of the network where everything is there', () => {
    const { run, read } = host(`${family}-whole`, { installed: 'there lacking', offered: 'there' })
    expect(run(family, ASK)).toEqual({ status: 0, words: [] })
    expect(read('log')).not.toBe('')
    expect(read('log')).not.toMatch(CHANGING)
  })

  test('names what is missing and what the release has beside it', () => {
    const { run, read } = host(`${family}-asked`, { installed: 'there', offered: 'there lacking maybe' })
    expect(run(family, ASK).words).toEqual(['lacking', 'maybe'])
    expect(read('log')).not.toMatch(CHANGING)
  })

  test('installs that at once, after fetching lists that are too old', () => {
    const files = { installed: 'there', offered: 'there lacking maybe', stale: '' }
    const { run, read } = host(`${family}-lacking`, files)
    expect(run(family, INSTALL).status).toBe(0)
    expect(read('log').match(INSTALLING[family] ?? /^$/gm)).toHaveLength(2)
    expect(read('installed')).toBe('there\nlacking\nmaybe\n')
    expect(run(family, ASK).words).toEqual([])
  })
})

test('a package that cannot be installed is named in one sentence', () => {
  const { programs } = host('failing', { installed: 'there', offered: 'there' })
  const play = path.join(folder, 'play.yml')
  const environment = { PATH: `${programs}:/usr/bin:/bin` }
  writeFileSync(
    play,
    JSON.stringify([{ hosts: 'all', gather_facts: false, environment, roles: ['packages'] }]),
  )
  const played = playbook([play, ...extraVars({ ...VARIABLES, packages_family: 'Debian' })])
  expect(flat(played)).toContain('Could not install lacking: no package lacking')
  expect(recap(played)['localhost']?.failed).toBe(1)
})
