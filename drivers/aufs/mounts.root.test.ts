/** How branches are spread over calls of mount(2). */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BRANCHES_A_CALL, OPTIONS_PAGE, unionMounts } from './mounts.ts'

const ON = { dirperm1: true }
const upper = '/s/9/d'

test('a container: the upper first, then the layers, nearest first', () => {
  expect(unionMounts({ name: '/s/9', lowers: ['/s/2/d', '/s/1/d'], upper, work: null }, ON)).toEqual([
    {
      type: 'aufs',
      source: '/s/9',
      options: ['br:/s/9/d=rw:/s/2/d=ro+wh:/s/1/d=ro+wh', 'dio', 'xino=/dev/shm/aufs.xino', 'dirperm1'],
    },
  ])
})

test('dirperm1=off: the kernel hears nothing of it, which older ones would not know', () => {
  const [mount] = unionMounts({ name: '/s/9', lowers: ['/s/1/d'], upper, work: null }, { dirperm1: false })
  expect(mount?.options).toEqual(['br:/s/9/d=rw:/s/1/d=ro+wh', 'dio', 'xino=/dev/shm/aufs.xino'])
})

test('a view has no branch to write to', () => {
  const [mount] = unionMounts({ name: '/s/9', lowers: ['/s/2/d', '/s/1/d'], upper: null, work: null }, ON)
  expect(mount?.options.slice(0, 2)).toEqual(['ro', 'br:/s/2/d=ro+wh:/s/1/d=ro+wh'])
})

describe('whatever the number of layers and the length of their paths', () => {
  const path = fc.stringMatching(/^(\/[a-z]{1,9}){1,20}$/)
  const stacks = fc.record({
    name: fc.constant('/s/9'),
    lowers: fc.array(path, { minLength: 1, maxLength: 200 }),
    upper: fc.option(path),
    work: fc.constant(null),
  })
  const dataOf = (options: readonly string[]) =>
    options.filter((option) => !['ro', 'remount'].includes(option)).join(',')

  test('each call has slots for its branches, 120 layers too', () => {
    const branchesOf = (options: readonly string[]) =>
      options.flatMap((option) => /^(?:br|append):(.*)$/.exec(option)?.[1]?.split(':') ?? [])
    fc.assert(
      fc.property(stacks, (stack) => {
        const calls = unionMounts(stack, ON).map(({ options }) => branchesOf(options).length)
        expect(Math.max(...calls)).toBeLessThanOrEqual(BRANCHES_A_CALL)
      }),
    )
    const lowers = Array.from({ length: 120 }, (_, index) => `/s/${index}/d`)
    expect(unionMounts({ name: '/s/9', lowers, upper, work: null }, ON)).toHaveLength(3)
  })

  test('each call fits a page, and together they have every branch in order', () => {
    fc.assert(
      fc.property(stacks, fc.boolean(), (stack, dirperm1) => {
        const mounts = unionMounts(stack, { dirperm1 })
        for (const { options } of mounts) expect(dataOf(options).length).toBeLessThanOrEqual(OPTIONS_PAGE)
        const branches = mounts.flatMap(({ options }) =>
          options.flatMap((option) => /^(?:br|append):(.*)$/.exec(option)?.[1]?.split(':') ?? []),
        )
        expect(branches).toEqual([
          ...(stack.upper === null ? [] : [`${stack.upper}=rw`]),
          ...stack.lowers.map((lower) => `${lower}=ro+wh`),
        ])
      }),
    )
  })

  test('the first call mounts, the others remount, and a view stays read-only', () => {
    fc.assert(
      fc.property(stacks, (stack) => {
        const [first, ...others] = unionMounts(stack, ON)
        expect(first?.options).not.toContain('remount')
        for (const { options } of others) expect(options[0]).toBe('remount')
        for (const mount of [first, ...others]) {
          expect(mount?.options.includes('ro')).toBe(stack.upper === null)
        }
      }),
    )
  })
})
