/** The bundle of a small package, and of this one. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { packageFolder } from '../../linux/package.ts'
import { benchErrorOf, benchErrorOfAsync } from '../../testing/errors.ts'
import { MAIN, makeBundle } from './bundle.ts'
import { productionPackages } from './production-packages.ts'

let folder: string
beforeAll(() => {
  folder = mkdtempSync('/var/tmp/bench-test-bundle-')
})
afterAll(() => rmSync(folder, { recursive: true }))

/** Files by path; a text is the content, an object is JSON. */
function write(root: string, files: Readonly<Record<string, string | object>>): string {
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true })
    writeFileSync(join(root, path), typeof content === 'string' ? content : JSON.stringify(content))
  }
  return root
}

const PACKAGE = {
  'package.json': { type: 'module', dependencies: { a: '1' }, devDependencies: { tool: '1' } },
  [MAIN]: "import { a } from 'a'\nconsole.log(a, process.argv.slice(2).join(' '))\n",
  'dist/.tsbuildinfo': 'of the build',
  'node_modules/a/package.json': {
    type: 'module',
    exports: './index.js',
    dependencies: { b: '1' },
    optionalDependencies: { other: '1' },
  },
  'node_modules/a/index.js': "export { b as a } from 'b'\n",
  'node_modules/a/index.d.ts': 'export const a: string\n',
  'node_modules/a/node_modules/b/package.json': { type: 'module', exports: './index.js' },
  'node_modules/a/node_modules/b/index.js': "export const b = 'hello'\n",
  'node_modules/b/package.json': {},
  'node_modules/tool/package.json': {},
}

describe('packages that are needed at run time', () => {
  test('are the dependencies and theirs, the nearest of a name, and what of the optional ones is there', () => {
    const root = write(join(folder, 'packages'), PACKAGE)
    expect(productionPackages(root)).toEqual(['node_modules/a', 'node_modules/a/node_modules/b'])
    write(root, { 'node_modules/other/package.json': { dependencies: { a: '1', b: '1' } } })
    expect(productionPackages(root)).toContain('node_modules/other')
    expect(productionPackages(root)).toContain('node_modules/b')
    expect(productionPackages(root)).not.toContain('node_modules/tool')
  })

  test('that are missing are named', () => {
    const root = write(join(folder, 'missing'), { 'package.json': { dependencies: { gone: '1' } } })
    expect(benchErrorOf(() => productionPackages(root)).message).toBe('the package gone is not installed')
  })
})

describe('the bundle', () => {
  const cache = () => join(folder, 'cache')

  test('has the same hash for the same files, wherever they are and however old, and another for others', async () => {
    const [one, two] = [write(join(folder, 'one'), PACKAGE), write(join(folder, 'two'), PACKAGE)]
    utimesSync(join(two, MAIN), new Date(0), new Date(0))
    write(two, { 'dist/.tsbuildinfo': 'of another build', 'node_modules/tool/index.js': 'changed' })
    // These checks do not need a program of a hundred megabytes.
    const bundleOf = (root: string) => makeBundle(root, cache(), '/bin/sh')
    const first = await bundleOf(one)
    expect(await bundleOf(two)).toEqual(first)
    write(two, { 'node_modules/a/node_modules/b/index.js': "export const b = 'bye'\n" })
    expect((await bundleOf(two)).hash).not.toBe(first.hash)
    expect(readdirSync(cache()).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('runs by its own Node where there is none', async () => {
    const { hash, archive } = await makeBundle(write(join(folder, 'runs'), PACKAGE), cache())
    const unpacked = join(folder, hash)
    mkdirSync(unpacked)
    spawnSync('tar', ['-xzf', archive, '-C', unpacked])
    const started = spawnSync(join(unpacked, 'node'), [join(unpacked, MAIN), 'to', 'you'], {
      env: { PATH: '/nonexistent' },
      encoding: 'utf8',
    })
    expect(started).toMatchObject({ status: 0, stdout: 'hello to you\n', stderr: '' })
    for (const left of ['dist/.tsbuildinfo', 'node_modules/tool', 'node_modules/a/index.d.ts']) {
      expect(existsSync(join(unpacked, left))).toBe(false)
    }
  })

  test('of a program that is not built is refused', async () => {
    const root = write(join(folder, 'unbuilt'), { 'package.json': {} })
    expect(await benchErrorOfAsync(makeBundle(root, cache()))).toMatchObject({ code: 'bundle.not-built' })
  })

  test('of this program has what it needs, and nothing that only its development needs', () => {
    const packages = productionPackages(packageFolder())
    expect(packages).toEqual(expect.arrayContaining(['node_modules/commander', 'node_modules/zod']))
    expect(packages.some((path) => path.startsWith('node_modules/@koromix/koffi-linux-'))).toBe(true)
    for (const tool of ['typescript', 'vitest', 'tsx', '@types/node']) {
      expect(packages).not.toContain(`node_modules/${tool}`)
    }
  })
})
