/** `--device`: a disk or a partition that is given over. A loop device over an allocated file stands in for a disk. */
import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { LoopDevice } from '../contracts/host.ts'
import { isPresent } from '../linux/process.ts'
import { readWholeRun } from '../testing/whole-run.ts'
import { allocateFile, attachDisk, isRoot, MIB, testHost } from '../testing/scratch-file.ts'
import { bench, makePlace, smallestRun, startBench, type Place } from './testing/bench.ts'
import { expectNothingLeft, processTree, waitFor } from './testing/leftovers.ts'

const GIB = 1024 * MIB
/** wipefs, and then what udev does; while the disk is claimed, the kernel refuses that. */
const RE_READING = `#!/bin/sh
/usr/sbin/wipefs "$@" || exit
case $1 in --all) blockdev --rereadpt "$4" 2>/dev/null ;; esac
exit 0
`
/** The name by which the disk may be destroyed. */
const BY_ID = 'loop-standing-in-for-a-disk'

function command(program: string, args: readonly string[], input = ''): string {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', input })
  expect(status, `${program}: ${stderr}`).toBe(0)
  return stdout
}

const signatureOf = (device: string) => command('wipefs', ['--no-act', '--noheadings', device])
const partitionsOf = (device: string) =>
  readdirSync(`/sys/class/block/${basename(device)}`).filter((name) => name.startsWith(basename(device)))

const onDevice = (place: Place, device: string, ...more: readonly string[]) =>
  smallestRun(place, 'overlay2', '--device', device, ...more)

function resultOf(place: Place) {
  const [id = ''] = readdirSync(place.output)
  return readWholeRun(join(place.output, id))
}

describe.skipIf(!isRoot)('a device', () => {
  const host = testHost()
  let home: Place
  let disk: LoopDevice
  let madeDiskFolder = false

  beforeAll(async () => {
    home = makePlace()
    disk = await attachDisk(host, allocateFile(host, home.path, 'disk', 4 * GIB), '--direct-io=on')
    // Names as udev gives them, seen in this mount namespace alone.
    madeDiskFolder = !existsSync('/dev/disk')
    mkdirSync('/dev/disk', { recursive: true })
    host.syscalls.mount('names', '/dev/disk', 'tmpfs', 0, '')
    mkdirSync('/dev/disk/by-id')
    symlinkSync(`../../${basename(disk.device)}`, `/dev/disk/by-id/${BY_ID}`)
  })
  afterAll(() => {
    host.syscalls.umount('/dev/disk')
    if (madeDiskFolder) rmdirSync('/dev/disk')
    disk.detach()
    home[Symbol.dispose]()
  })

  test('with a file system on it that may be destroyed by its name is divided, measured on, given back empty', async () => {
    using place = makePlace()
    command('mkfs.ext4', ['-q', disk.device])
    const args = onDevice(place, disk.device, '--destroy', BY_ID, '--rounds', '1')
    const { code, stderr } = await bench(place, ...args)
    expect(code, stderr).toBe(0)
    const { run, samples } = resultOf(place)
    expect(run.options.scratch).toMatchObject({ kind: 'device', path: disk.device })
    expect(samples.map(({ state }) => state)).toEqual(['completed', 'completed'])
    expect(partitionsOf(disk.device)).toEqual([])
    expect(signatureOf(disk.device)).toBe('')
    expectNothingLeft(place, run.id)
  })

  test('whose table udev has the kernel read again meanwhile, as it does of disks, is given back too', async () => {
    using place = makePlace()
    const file = allocateFile(host, home.path, 'scanned', 4 * GIB)
    const device = command('losetup', ['--find', '--show', '--partscan', '--direct-io=on', file]).trim()
    mkdirSync(place.at('bin'))
    writeFileSync(place.at('bin/wipefs'), RE_READING)
    chmodSync(place.at('bin/wipefs'), 0o755)
    try {
      const path = `${place.at('bin')}:${process.env['PATH']}`
      const running = startBench(place, onDevice(place, device, '--rounds', '1'), { PATH: path })
      const { code, stderr } = await running.ended
      expect(code, stderr).toBe(0)
      expect(partitionsOf(device)).toEqual([])
      expect(signatureOf(device)).toBe('')
      expectNothingLeft(place, resultOf(place).run.id)
    } finally {
      command('losetup', ['--detach', device])
      rmSync(file)
    }
  })

  test('that a killed run had divided is given back by bench clean', async () => {
    using place = makePlace()
    const running = startBench(place, onDevice(place, disk.device, '--rounds', '1000'))
    await waitFor('an image', 80, () => running.stderr().includes('writing image'))
    const tree = processTree(running.pid)
    running.kill('SIGKILL')
    await waitFor('no process', 20, () => !tree.some(isPresent))
    expect(partitionsOf(disk.device)).toHaveLength(2)
    expect(signatureOf(disk.device)).toContain('gpt')
    const { code, stdout } = await bench(place, 'clean')
    expect(code).toBe(0)
    expect(stdout).toContain(`removed the partitions of ${disk.device}`)
    expect(partitionsOf(disk.device)).toEqual([])
    expect(signatureOf(disk.device)).toBe('')
  })

  test('that is a partition is used alone: the disk around it keeps its table', async () => {
    using place = makePlace()
    command('sfdisk', ['--quiet', '--no-tell-kernel', disk.device], 'label: gpt\nsize=64MiB\nsize=3500MiB\n')
    command('partx', ['--update', disk.device])
    const table = command('sfdisk', ['--dump', disk.device])
    const partition = `${disk.device}p2`
    try {
      const { code, stderr } = await bench(place, ...onDevice(place, partition, '--rounds', '1'))
      expect(code, stderr).toBe(0)
      expect(resultOf(place).samples).toHaveLength(2)
      expect(signatureOf(partition)).toBe('')
      expect(command('sfdisk', ['--dump', disk.device])).toBe(table)
      expect(partitionsOf(disk.device)).toHaveLength(2)
      expectNothingLeft(place, resultOf(place).run.id)
    } finally {
      command('partx', ['--delete', disk.device])
    }
  })
})
