import { describe, expect, test } from 'vitest'
import { isSourceMounted, mountOf, mountPointsBelow, parseMounts } from './mountinfo.ts'

/** As in proc_pid_mountinfo(5), with blanks and backslashes, which stand as octal digits. */
const LINE = String.raw`36 35 98:0 /mnt\0401 /mnt/a\134b rw,noatime master:1 shared:2 - ext3 /dev/my\040root rw,errors=continue`

test('a line of the table, with its octal escapes', () => {
  expect(parseMounts(`${LINE}\n`)).toEqual([
    {
      device: '98:0',
      root: '/mnt 1',
      target: String.raw`/mnt/a\b`,
      mountOptions: 'rw,noatime',
      type: 'ext3',
      source: '/dev/my root',
      superOptions: 'rw,errors=continue',
    },
  ])
})

test('a line without optional fields, whose mount point is a hyphen', () => {
  expect(parseMounts('30 21 0:25 / - rw - tmpfs none rw')).toMatchObject([
    { target: '-', type: 'tmpfs', source: 'none' },
  ])
})

test('a source is found by its whole name', () => {
  expect(isSourceMounted('/dev/my root', LINE)).toBe(true)
  expect(isSourceMounted('/dev/my', LINE)).toBe(false)
  expect(isSourceMounted('/dev/none')).toBe(false)
})

test('the mount points of this process', () => {
  expect(mountPointsBelow('/proc')).toContain('/proc')
  expect(mountPointsBelow('/pro')).toEqual([])
})

describe('the mount that holds a file', () => {
  const MOUNTS = parseMounts(
    [
      '21 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw,discard',
      '30 21 0:25 / /srv rw,nosuid - tmpfs none rw,size=4k',
      String.raw`31 21 8:17 / /srv/a\040disk rw,noatime - xfs /dev/sdb1 rw,attr2`,
      '32 21 8:33 / /srv rw - btrfs /dev/sdc1 rw,space_cache=v2',
    ].join('\n'),
  )

  test.for([
    ['/srv/a disk/x', 'xfs'],
    ['/srv/a', 'btrfs'],
    ['/srv', 'btrfs'],
    ['/srvx', 'ext4'],
  ])('of %s is the nearest and last one above: %s', ([file = '', type]) => {
    expect(mountOf(file, MOUNTS)?.type).toBe(type)
  })
})
