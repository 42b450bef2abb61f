import { spawn, spawnSync, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { isRoot } from '../testing/scratch-file.ts'
import { writeNamedFile } from './named-file.ts'

/** More than a pipe holds. */
const LONG = 'page '.repeat(100_000)
const MODULE = JSON.stringify(join(import.meta.dirname, 'named-file.ts'))

let place: string
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'bench-test-named-'))
})
afterEach(() => rmSync(place, { recursive: true }))

const at = (name: string) => join(place, name)

function mknod(name: string, ...words: readonly string[]): string {
  expect(spawnSync('mknod', [at(name), ...words]).status).toBe(0)
  return at(name)
}

describe('a regular file', () => {
  test('is made where there is none', () => {
    writeNamedFile(at('page'), LONG)
    expect(readFileSync(at('page'), 'utf8')).toBe(LONG)
    expect(readdirSync(place)).toEqual(['page'])
  })

  test('is replaced as a whole and keeps its mode and its owner', () => {
    writeFileSync(at('page'), 'old')
    chmodSync(at('page'), 0o604)
    if (isRoot) chownSync(at('page'), 1234, 5678)
    const { ino, uid, gid } = statSync(at('page'))
    writeNamedFile(at('page'), 'new')
    const after = statSync(at('page'))
    expect(readFileSync(at('page'), 'utf8')).toBe('new')
    expect(after.ino).not.toBe(ino)
    expect(after).toMatchObject({ uid, gid })
    expect(after.mode & 0o7777).toBe(0o604)
  })

  test('behind links is replaced, and the links stay', () => {
    mkdirSync(at('below'))
    writeFileSync(at('below/page'), 'old')
    symlinkSync('below/page', at('link'))
    symlinkSync('link', at('chain'))
    writeNamedFile(at('chain'), 'new')
    expect(readFileSync(at('below/page'), 'utf8')).toBe('new')
    expect(readlinkSync(at('chain'))).toBe('link')
    expect(readdirSync(at('below'))).toEqual(['page'])
  })
})

describe('refused, and nothing is made:', () => {
  const expectRefused = (path: string, reason: RegExp) => {
    const before = readdirSync(place)
    expect(() => writeNamedFile(path, 'page')).toThrow(reason)
    expect(readdirSync(place)).toEqual(before)
  }

  test('a link to nothing', () => {
    symlinkSync(at('nothing'), at('link'))
    expectRefused(at('link'), /^is a link to nothing$/)
  })

  test('a ring of links', () => {
    symlinkSync('two', at('one'))
    symlinkSync('one', at('two'))
    expectRefused(at('one'), /ELOOP/)
  })

  test('a folder', () => expectRefused(place, /^is a folder, and not/))
  test('a folder that is missing', () => expectRefused(at('no/page'), /ENOENT/))
  test('a file of the kernel', () => expectRefused('/proc/self/comm', /folder of devices or of the kernel/))
  test('a new file in the kernel', () =>
    expectRefused('/sys/kernel/page', /folder of devices or of the kernel/))

  test('a pipe that nobody reads', () => {
    expectRefused(mknod('pipe', 'p'), /^is a pipe that nobody reads$/)
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true)
  })

  test.skipIf(!isRoot)('a block device', () => {
    // The number of the first loop device: the node is not opened.
    expectRefused(mknod('disk', 'b', '7', '0'), /^is a block device, and not/)
    expect(lstatSync(at('disk')).isBlockDevice()).toBe(true)
  })
})

describe('written to, and still what it was:', () => {
  test('a pipe, whose reader is slower', async () => {
    mknod('pipe', 'p')
    const reader: ChildProcess = spawn('sh', ['-c', `exec < ${at('pipe')}; sleep 0.3; cat > ${at('read')}`])
    const ended = once(reader, 'exit')
    const give = async () => {
      for (let tries = 0; ; tries += 1) {
        try {
          return writeNamedFile(at('pipe'), LONG)
        } catch (error) {
          if (tries === 500) throw error
          await new Promise((next) => setTimeout(next, 10))
        }
      }
    }
    await give()
    await ended
    expect(readFileSync(at('read'), 'utf8')).toBe(LONG)
    expect(lstatSync(at('pipe')).isFIFO()).toBe(true)
  })

  test.skipIf(!isRoot)('a device that takes everything, behind a link too', () => {
    mknod('null', 'c', '1', '3')
    symlinkSync('null', at('link'))
    writeNamedFile(at('null'), LONG)
    writeNamedFile(at('link'), LONG)
    expect(lstatSync(at('null')).isCharacterDevice()).toBe(true)
    expect(lstatSync(at('link')).isSymbolicLink()).toBe(true)
  })

  test.skipIf(!isRoot)('a device that is full, which is an error', () => {
    mknod('full', 'c', '1', '7')
    expect(() => writeNamedFile(at('full'), 'page')).toThrow(/ENOSPC/)
    expect(lstatSync(at('full')).isCharacterDevice()).toBe(true)
  })
})

/** Writes a line to standard output, then the page to `path`, then another line. */
function inProcess(path: string, stdout: 'pipe' | number, shell = 'exec "$@"') {
  const program = `import { writeSync } from 'node:fs'
    import { writeNamedFile } from ${MODULE}
    writeSync(1, 'before\\n')
    try { writeNamedFile(${JSON.stringify(path)}, 'page\\n') } catch (error) { writeSync(2, error.message) }
    writeSync(1, 'after\\n')`
  const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program]
  return spawnSync('sh', ['-c', shell, 'sh', ...node], {
    stdio: ['ignore', stdout, 'pipe'],
    encoding: 'utf8',
    cwd: import.meta.dirname,
    timeout: 20_000,
  })
}

describe('standard output by its path', () => {
  test.each(['/proc/self/fd/1', '/dev/fd/1'])('%s, a pipe', (path) => {
    expect(inProcess(path, 'pipe').stdout).toBe('before\npage\nafter\n')
  })

  test('that is a regular file: nothing of it is lost, and it is the same file', () => {
    const fd = openSync(at('output'), 'w')
    const { ino } = statSync(at('output'))
    expect(inProcess('/proc/self/fd/1', fd).stderr).toBe('')
    closeSync(fd)
    expect(readFileSync(at('output'), 'utf8')).toBe('before\npage\nafter\n')
    expect(statSync(at('output')).ino).toBe(ino)
    expect(readdirSync(place)).toEqual(['output'])
  })

  test.skipIf(!isRoot)('in a /dev of its own: nodes and links stay, and no file is made beside them', () => {
    const own = `mount -t tmpfs none /dev || exit
      (cd /dev; mknod null c 1 3; mknod full c 1 7; ln -s /proc/self/fd fd; ln -s /proc/self/fd/1 stdout; : > plain)
      "$@" 2> ${at('errors')}
      ls -l /dev | cut -c1 | tr -d '\\n' >> ${at('errors')}`
    const program = `import { writeNamedFile } from ${MODULE}
      for (const name of ['stdout', 'null', 'plain', 'fresh']) {
        try { writeNamedFile('/dev/' + name, 'page') } catch (error) { console.error(name, error.message) }
      }`
    const node = [process.execPath, '--import', 'tsx', '--input-type=module', '-e', program]
    const words = ['--mount', '--propagation', 'private', 'sh', '-c', own, 'sh', ...node]
    const { stdout } = spawnSync('unshare', words, { encoding: 'utf8', cwd: import.meta.dirname })
    const refusal = 'would be a regular file in a folder of devices or of the kernel\n'
    expect(stdout).toBe('page')
    // `ls`: the total, then fd, full, null, plain, stdout.
    expect(readFileSync(at('errors'), 'utf8')).toBe(`plain ${refusal}fresh ${refusal}tlcc-l`)
    expect(existsSync('/dev/plain')).toBe(false)
  })
})
