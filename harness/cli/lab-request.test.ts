import { expect, test } from 'vitest'
import { upRequest, type UpFlags } from './lab-request.ts'

const GIB = 1024 ** 3

test('without flags: one Debian 12 with a gigabyte of memory and sixteen of scratch', () => {
  expect(upRequest({})).toEqual({
    kind: 'qemu',
    flavour: 'debian-12',
    count: 1,
    scratch: 16 * GIB,
    memory: GIB,
    name: null,
    ownKernel: null,
    kernelArguments: [],
  })
})

test('the kind follows from the flavour, and a flavour from the kind', () => {
  expect(upRequest({ flavour: 'uml' })).toMatchObject({ kind: 'uml', flavour: 'uml' })
  expect(upRequest({ kind: 'uml' })).toMatchObject({ kind: 'uml', flavour: 'uml' })
})

test('a disk is whole mebibytes, and no smaller than was asked for', () => {
  expect(upRequest({ scratch: '100000001' }).scratch).toBe(96 * 1024 ** 2)
})

test('a kernel of one’s own comes with what was given', () => {
  expect(upRequest({ kernel: '/etc/hosts', modules: '/etc' }).ownKernel).toEqual({
    kernel: '/etc/hosts',
    initrd: null,
    modules: '/etc',
  })
})

test('kernel arguments are added, one for each word', () => {
  expect(upRequest({ append: ' slub_debug=FZ  nokaslr ' }).kernelArguments).toEqual([
    'slub_debug=FZ',
    'nokaslr',
  ])
})

test.for<[what: string, flags: UpFlags, says: RegExp]>([
  ['an unknown flavour', { flavour: 'debian-21' }, /there is no flavour debian-21/],
  ['an unknown kind', { kind: 'umll' }, /--kind umll is not known/],
  ['a flavour of the other kind', { kind: 'uml', flavour: 'debian-12' }, /is for --kind qemu, not uml/],
  ['no machines', { count: '0' }, /--count 0 is not a whole number from 1 to 64/],
  ['half a machine', { count: '1.5' }, /--count 1.5 is not a whole number/],
  ['no size', { scratch: 'much' }, /--scratch much is not a size/],
  ['a scratch that nothing fits in', { scratch: '1M' }, /--scratch 1M is too small/],
  ['too little memory', { memory: '1K' }, /--memory 1K is too small/],
  ['no name of a host', { name: 'a_b' }, /--name a_b is not a valid machine name/],
  ['the name of a group of hosts', { name: 'all' }, /--name all is already the name of a group/],
  ['a name that leads elsewhere', { name: '../../x' }, /is not a valid machine name/],
  ['a name that is too long', { name: 'x'.repeat(61) }, /is not a valid machine name/],
  ['a kernel that is not there', { kernel: '/nowhere' }, /--kernel \/nowhere does not exist/],
  ['a folder as kernel', { kernel: '/etc' }, /--kernel \/etc is not a file/],
  [
    'a file as modules',
    { kernel: '/etc/hosts', modules: '/etc/hosts' },
    /--modules \/etc\/hosts is not a folder/,
  ],
  ['an initrd alone', { initrd: '/etc/hosts' }, /--initrd requires --kernel/],
  ['kernel arguments over two lines', { append: 'a\nb' }, /--append has characters/],
  ['modules alone', { modules: '/etc' }, /--modules requires --kernel/],
])('%s is refused', ([, flags, says]) => {
  expect(() => upRequest(flags)).toThrow(
    expect.objectContaining({ message: expect.stringMatching(says), exitCode: 2 }),
  )
})
