import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  closeSync,
  constants,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { LoopDevice } from '../contracts/host.ts'
import { benchErrorOfAsync } from '../testing/errors.ts'
import { lvmLabel } from '../testing/lvm-label.ts'
import { allocateFile, attachDisk, diskFolder, isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import { partitionsOf } from '../linux/sysfs.ts'
import { checkDevice, divideDevice } from './scratch-device.ts'

const SIZE = 32 * MIB
const PART = 4 * MIB

describe.skipIf(!isRoot)('a device that is given over', () => {
  const host = testHost()
  let folder: ReturnType<typeof diskFolder>
  let undo: (() => void)[]
  beforeEach(() => {
    folder = diskFolder()
    undo = []
  })
  afterEach(() => {
    for (const step of undo.toReversed()) step()
    folder[Symbol.dispose]()
  })

  function command(program: string, ...args: readonly string[]): string {
    const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    expect(status, stderr).toBe(0)
    return stdout
  }
  const at = (name: string) => join(folder.path, name)
  const makeFile = (name: string) => allocateFile(host, folder.path, name, SIZE)
  /** A loop device stands in for a disk. */
  async function attach(file: string, ...more: readonly string[]): Promise<string> {
    const loop: LoopDevice = await attachDisk(host, file, ...more)
    undo.push(() => loop.detach())
    return loop.device
  }
  function mount(device: string, name: string): string {
    mkdirSync(at(name))
    host.syscalls.mount(device, at(name), 'ext4', 0, '')
    undo.push(() => host.syscalls.umount(at(name)))
    return at(name)
  }
  function aliasOf(device: string): string {
    const [major = '', minor = ''] = command('stat', '--format=%Hr %Lr', device).trim().split(' ')
    command('mknod', at('alias'), 'b', major, minor)
    return at('alias')
  }
  /** Checks a disk, then puts another file beneath its number; again where another test has taken the number meanwhile. */
  async function checkedThenChanged(checked: string, other: string) {
    for (;;) {
      const loop = await attachDisk(host, checked)
      const disk = loop.device
      const identity = await checkDevice(host, disk, null, PART)
      loop.detach()
      const { status, stderr } = spawnSync('losetup', [disk, other], { encoding: 'utf8' })
      if (status !== 0 && stderr.includes('Device or resource busy')) continue
      expect(status, stderr).toBe(0)
      undo.push(() => command('losetup', '--detach', disk))
      return { disk, identity }
    }
  }
  const refusal = (path: string, destroy: string | null = null) =>
    benchErrorOfAsync(checkDevice(host, path, destroy, PART))
  const divide = (path: string, identity: Awaited<ReturnType<typeof checkDevice>> | null = null) =>
    divideDevice(host, path, { destroy: null, identity }, 'bench-test', ['one'], PART)

  test('is refused while it is mounted; the mount point is named as it is, with its blanks', async () => {
    const disk = await attach(makeFile('disk'))
    command('mkfs.ext4', '-q', disk)
    const target = mount(disk, 'a b')
    const error = await refusal(disk)
    expect(error).toMatchObject({ code: 'usage.device-busy', exitCode: 2 })
    expect(error.message).toBe(`${disk} is mounted on ${target}`)
    expect((await refusal(aliasOf(disk))).message).toBe(`${disk} is mounted on ${target}`)
  })

  test('is refused while another loop device lies on it at an offset, mounted or not', async () => {
    const disk = await attach(makeFile('disk'))
    const upper = await attach(disk, '--offset', String(8 * MIB))
    expect((await refusal(disk)).message).toBe(`${disk} is the backing of ${upper}`)
    command('mkfs.ext4', '-q', upper)
    mount(upper, 'upper')
    expect((await refusal(aliasOf(disk))).message).toBe(`${disk} is the backing of ${upper}`)
  })

  test('is refused while another loop device lies on the same bytes of its file, by whatever name', async () => {
    const file = makeFile('disk')
    const disk = await attach(file, '--sizelimit', String(16 * MIB))
    command('ln', file, at('other name'))
    const beside = await attach(at('other name'), '--offset', String(16 * MIB))
    await checkDevice(host, disk, null, PART)
    const over = await attach(at('other name'), '--offset', String(15 * MIB))
    expect((await refusal(disk)).message).toContain(`${disk} shares its bytes with ${over}`)
    expect((await refusal(beside)).message).toContain(`${beside} shares its bytes with ${over}`)
  })

  test('is refused while a partition of it has no node of its own, since its content cannot be checked', async () => {
    const disk = await attach(makeFile('disk'))
    command('sh', '-c', 'echo size=8M | sfdisk --quiet --no-tell-kernel --label gpt "$0"', disk)
    command('partx', '--update', disk)
    undo.push(() => void spawnSync('partx', ['--delete', disk]))
    const node = `${disk}p1`
    rmSync(node)
    const message = `${disk} has the partition ${node.replace('/dev/', '')}, and ${node} is not its node, so its content cannot be checked`
    expect(await refusal(disk)).toMatchObject({ code: 'usage.device-node', exitCode: 2, message })
    command('mknod', node, 'c', '1', '3')
    undo.push(() => rmSync(node, { force: true }))
    expect(await refusal(disk)).toMatchObject({ code: 'usage.device-node', exitCode: 2, message })
  })

  test('is given back when nothing looks into its partitions any longer, as udev does for a while', async () => {
    const disk = await attach(makeFile('disk'))
    let looking: number | null = null
    const watched: typeof host = {
      ...host,
      async run(program, args, options) {
        const result = await host.run(program, args, options)
        if (program === 'partx' && args.includes('--delete') && looking !== null) {
          closeSync(looking)
          looking = null
        }
        return result
      },
    }
    const given = { destroy: null, identity: null }
    const slots = await divideDevice(watched, disk, given, 'bench-test', ['one'], PART)
    const [slot] = Object.values(slots.slots)
    looking = openSync(slot?.kind === 'device' ? slot.path : '', 'r')
    await slots.release()
    expect(partitionsOf(disk.replace('/dev/', ''))).toEqual([])
  })

  test('is refused while what lies beneath it is mounted', async () => {
    const lower = await attach(makeFile('disk'))
    command('mkfs.ext4', '-q', lower)
    const disk = await attach(lower, '--offset', String(8 * MIB))
    const target = mount(lower, 'lower')
    expect((await refusal(disk)).message).toBe(`${lower} is mounted on ${target}`)
  })

  test('is refused while a process has it open, as a virtual machine has its disk', async () => {
    const disk = await attach(makeFile('disk'))
    const holder = spawn('sh', ['-c', `exec < ${disk}; echo; exec sleep 60`], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    const ended = once(holder, 'exit')
    await once(holder.stdout, 'data')
    const error = await refusal(disk)
    holder.kill()
    await ended
    expect(error.message).toBe(`${disk} is open in process ${holder.pid} (sleep)`)
  })

  test('is refused when it is a part of something larger, whatever is to be destroyed', async () => {
    const disk = await attach(makeFile('disk'))
    const fd = openSync(disk, 'r+')
    writeSync(fd, lvmLabel(), 0, 512, 512)
    closeSync(fd)
    expect(await refusal(disk, 'name')).toMatchObject({ code: 'usage.device-member' })
  })

  test('is refused at its use when it is another one than at the check', async () => {
    const [checked, other] = [await attach(makeFile('checked')), await attach(makeFile('other'))]
    symlinkSync(checked, at('link'))
    const identity = await checkDevice(host, at('link'), null, PART)
    rmSync(at('link'))
    symlinkSync(other, at('link'))
    const before = readFileSync(at('other'))
    expect(await benchErrorOfAsync(divide(at('link'), identity))).toMatchObject({
      code: 'usage.device-changed',
    })
    expect(readFileSync(at('other')).equals(before)).toBe(true)
  })

  test('is refused at its use when another file lies beneath its number', async () => {
    const [checked, other] = [makeFile('checked'), makeFile('other')]
    const { disk, identity } = await checkedThenChanged(checked, other)
    const error = await benchErrorOfAsync(divide(disk, identity))
    expect(error).toMatchObject({ code: 'usage.device-changed' })
    expect(error.message).toMatch(/its diskseq was \d+ and is \d+/)
  })

  test('forgets the partitions that it had, and leaves none', async () => {
    const disk = await attach(makeFile('disk'))
    spawnSync('sfdisk', ['--quiet', '--no-tell-kernel', disk], {
      input: 'label: gpt\nsize=1MiB\nsize=1MiB\nsize=1MiB\n',
    })
    command('partx', '--update', disk)
    command('wipefs', '--all', '--quiet', disk)
    const scratch = await divide(disk)
    expect(scratch.slots).toEqual({ one: { kind: 'device', path: `${disk}p1` } })
    expect(
      command('lsblk', '--noheadings', '--list', '--output', 'NAME', disk).trim().split('\n'),
    ).toHaveLength(2)
    await scratch.release()
    expect(command('wipefs', '--no-act', '--noheadings', disk)).toBe('')
    expect(
      command('lsblk', '--noheadings', '--list', '--output', 'NAME', disk).trim().split('\n'),
    ).toHaveLength(1)
  })

  test('that is a partition can be claimed by nobody else until it is given back', async () => {
    const disk = await attach(makeFile('disk'))
    spawnSync('sfdisk', ['--quiet', '--no-tell-kernel', disk], { input: 'label: gpt\nsize=16MiB\n' })
    command('partx', '--update', disk)
    undo.push(() => command('partx', '--delete', disk))
    const claim = () => closeSync(openSync(`${disk}p1`, constants.O_RDONLY | constants.O_EXCL))
    const scratch = await divide(`${disk}p1`)
    expect(scratch.slots).toMatchObject({ one: { kind: 'loop', path: `${disk}p1` } })
    expect(claim).toThrow(expect.objectContaining({ code: 'EBUSY' }))
    await scratch.release()
    claim()
  })
})
