import { closeSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { takeLock } from '../linux/lock.ts'
import { identityOf } from '../linux/process.ts'
import { diskFolder } from '../testing/scratch-file.ts'
import { labFolders } from './folders.ts'
import { writeImage } from './image/cached-image.ts'
import { imageName, readRecipe } from './image/recipe.ts'
import { prune, whatIsKept } from './prune.ts'
import { startDetached } from './processes.ts'
import { createVmFolder, VM_SCHEMA_VERSION, type VmRecord } from './vm-record.ts'

const TODAY = imageName(readRecipe('uml'))
const [OLD, USED, OWN] = ['0123456789abcdef', 'aaaaaaaaaaaaaaaa', 'bbbbbbbbbbbbbbbb'] as const

let folder: ReturnType<typeof diskFolder>
let cache: string
beforeEach(() => {
  folder = diskFolder()
  cache = join(folder.path, 'cache')
})
afterEach(() => folder[Symbol.dispose]())

const lab = (name: string) => labFolders(join(folder.path, name))
const names = () => readdirSync(cache).toSorted()
const pruned = async (all = false) => prune(cache, await whatIsKept(lab('state'), cache, all))

async function addImage(name: string, root = name): Promise<void> {
  const path = join(cache, name)
  mkdirSync(path, { recursive: true })
  writeFileSync(join(path, 'root.ext4'), Buffer.alloc(1024 ** 2, 1))
  await writeImage(path, {
    kind: 'uml',
    flavour: 'uml',
    kernel: join(path, 'linux'),
    kernelRelease: '7.0',
    initrd: null,
    root: join(cache, root, 'root.ext4'),
    modules: null,
    commandLine: '',
    systemd: false,
  })
}

function addMachine(image: string, where: string, imagesIn = cache): string {
  const record: VmRecord = {
    schema: VM_SCHEMA_VERSION,
    name: 'web',
    flavour: 'uml',
    kind: 'uml',
    accelerator: null,
    kernelArguments: [],
    kernelRelease: '7.0',
    image: join(imagesIn, image),
    memory: 1,
    scratch: 1,
    port: 1,
    createdAt: new Date().toISOString(),
    creator: identityOf(process.pid),
    machine: null,
    network: null,
    ready: true,
  }
  return createVmFolder(lab(where), record)
}

test('an image that no recipe makes any more and no machine uses goes, and the size that it had is reported', async () => {
  await addImage(OLD)
  await addImage(TODAY)
  const [only, ...more] = await pruned()
  expect(more).toEqual([])
  expect(only).toMatchObject({ name: OLD, what: 'image uml, Linux 7.0' })
  expect(only?.bytes).toBeGreaterThanOrEqual(1024 ** 2)
  expect(only?.bytes).toBeLessThan(1024 ** 2 + 65_536)
  expect(names()).toEqual([TODAY, 'locks'])
  expect(await pruned()).toEqual([])
})

test('what a machine of this lab uses stays, even with --all; those of today’s recipes go then', async () => {
  await addImage(USED)
  await addImage(TODAY)
  addMachine(USED, 'state')
  expect(await pruned()).toEqual([])
  expect((await pruned(true)).map(({ name }) => name)).toEqual([TODAY])
  expect(names()).toEqual([USED, 'locks'])
})

test('what a running machine of another lab uses stays', async () => {
  await addImage(USED)
  const machine = addMachine(USED, 'elsewhere')
  const { pid } = await startDetached({ program: 'sleep', args: ['60'], folder: machine, output: 2 })
  expect(await pruned(true)).toEqual([])
  process.kill(pid, 'SIGKILL')
  await expect.poll(() => pruned(true)).toMatchObject([{ name: USED }])
})

test('an image of the same name in another cache is another image', async () => {
  await addImage(USED)
  const machine = addMachine(USED, 'elsewhere', join(folder.path, 'another-cache'))
  const { pid } = await startDetached({ program: 'sleep', args: ['60'], folder: machine, output: 2 })
  expect(await pruned(true)).toMatchObject([{ name: USED }])
  process.kill(pid, 'SIGKILL')
})

test('the root under a kernel of one’s own stays as long as that is used', async () => {
  await addImage(OLD)
  await addImage(OWN, OLD)
  addMachine(OWN, 'state')
  expect(await pruned(true)).toEqual([])
})

test('what another process has the lock of stays, and what a killed build left goes', async () => {
  await addImage(OLD)
  mkdirSync(join(cache, `${USED}.building`))
  mkdirSync(join(cache, `${OWN}.building/root`), { recursive: true })
  mkdirSync(join(cache, 'locks'))
  const [first, second] = [OLD, USED].map((name) => takeLock(join(cache, 'locks', name)))
  expect(await pruned(true)).toEqual([])
  expect(names()).toEqual([OLD, `${USED}.building`, 'locks'])
  for (const lock of [first, second]) closeSync(lock ?? -1)
})

test('modules of ZFS go when they would be built in another way today, or with --all', async () => {
  const { zfs } = await whatIsKept(lab('state'), cache, false)
  const [old, today] = [`zfs-2.1-6.1-${OLD}`, `zfs-2.1-6.1-${zfs}`]
  for (const name of [old, today]) mkdirSync(join(cache, name), { recursive: true })
  expect(await pruned()).toMatchObject([{ name: old, what: 'modules zfs-2.1-6.1' }])
  expect(await pruned(true)).toMatchObject([{ name: today }])
})

test('nothing else in the cache is touched, nor followed', async () => {
  mkdirSync(join(cache, 'packages/trixie'), { recursive: true })
  writeFileSync(join(cache, 'uml.log'), '')
  symlinkSync('/etc', join(cache, 'etc'))
  expect(await pruned(true)).toEqual([])
  expect(names()).toEqual(['etc', 'packages', 'uml.log'])
})

test('there may be no cache yet', async () => {
  expect(await pruned(true)).toEqual([])
  expect(existsSync(cache)).toBe(false)
})
