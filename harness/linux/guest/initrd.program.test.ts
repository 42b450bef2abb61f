import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { CommandOptions } from '../../contracts/host.ts'
import { run, which } from '../../host/commands.ts'
import { makeInitrd, parseDependencies } from './initrd.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bench-test-initrd-'))
  writeFileSync(join(folder, 'script'), '#!/bin/busybox sh\n')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A host on which modprobe has these answers; everything else is done. */
function hostWith(answers: Readonly<Record<string, string>>) {
  return {
    which,
    run(program: string, args: readonly string[], options?: CommandOptions) {
      if (program !== 'modprobe') return run(program, args, options)
      const stdout = answers[args.at(-1) ?? '']
      const exitCode = stdout === undefined ? 1 : 0
      return Promise.resolve({ exitCode, stdout: stdout ?? '', stderr: '' })
    },
  }
}

function inputs(modules: readonly string[]) {
  return {
    root: folder,
    release: '6.1',
    modules,
    init: join(folder, 'script'),
    scratch: join(folder, 'scratch'),
    file: join(folder, 'initrd'),
  }
}

test('modules come in the order in which they must be loaded', () => {
  const text = 'insmod /a/jbd2.ko \ninsmod /a/ext4.ko \nbuiltin crc16\n'
  expect(parseDependencies(text)).toEqual(['/a/jbd2.ko', '/a/ext4.ko'])
})

describe('an initrd', () => {
  test('holds busybox, the script, and each module once, unpacked and in order', async () => {
    writeFileSync(join(folder, 'virtio.ko'), 'virtio')
    writeFileSync(join(folder, 'blk.ko.gz'), gzipSync('blk'))
    const virtio = `insmod ${join(folder, 'virtio.ko')} \n`
    const host = hostWith({
      virtio_pci: virtio,
      virtio_blk: `${virtio}insmod ${join(folder, 'blk.ko.gz')} \n`,
      ext4: 'builtin ext4\n',
    })
    await makeInitrd(host, inputs(['virtio_pci', 'virtio_blk', 'ext4']))

    const out = join(folder, 'out')
    mkdirSync(out)
    execFileSync('busybox', ['cpio', '-i', '-d', '-F', join(folder, 'initrd')], { cwd: out, stdio: 'ignore' })
    expect(readFileSync(join(out, 'modules/order'), 'utf8')).toBe('virtio.ko\nblk.ko\n')
    expect(readFileSync(join(out, 'modules/blk.ko'), 'utf8')).toBe('blk')
    expect(statSync(join(out, 'init')).mode & 0o111).toBe(0o111)
    expect(execFileSync(join(out, 'bin/busybox'), ['echo', 'static'], { encoding: 'utf8' })).toBe('static\n')
    expect(['dev', 'proc', 'root'].filter((name) => !existsSync(join(out, name)))).toEqual([])
    expect(existsSync(join(folder, 'scratch'))).toBe(false)
  })

  test('is not made with a busybox that needs a C library', async () => {
    const host = { ...hostWith({}), which: () => process.execPath }
    await expect(makeInitrd(host, inputs([]))).rejects.toMatchObject({
      code: 'guest.no-busybox',
      exitCode: 4,
    })
  })

  test('is refused for a kernel that lacks a driver', async () => {
    const making = makeInitrd(hostWith({ virtio_pci: '' }), inputs(['virtio_pci', 'virtio_blk']))
    await expect(making).rejects.toMatchObject({
      message: 'kernel 6.1 lacks virtio_blk, both as a module and built in',
      exitCode: 2,
    })
  })
})
