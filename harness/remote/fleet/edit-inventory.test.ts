import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { benchErrorOf } from '../../testing/errors.ts'
import { addHost, removeHost } from './edit-inventory.ts'

const OWN = `# The machines of the third floor.
all:
  vars:
    ntp_server: 10.0.0.1 # ask Ada before changing it
  children:
    web:
      hosts:
        # behind the proxy
        web1:
          ansible_host: 10.0.0.11
          backup: {daily: true, keep: 7}
        web2: {ansible_host: 10.0.0.12}
      vars:
        tier: front
    db:
      hosts:
        db1: # no variables
`

interface Group {
  hosts?: Record<string, unknown>
  children?: Record<string, Group>
}

const allHosts = (text: string) => (parse(text) as { all: Group }).all.hosts ?? {}
const linesOf = (text: string) => text.split('\n').filter((line) => line.trim() !== '')

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,12}$/).filter((text) => !/^(?:web[12]|db1)$/.test(text))
const value = fc.oneof(fc.string({ unit: 'grapheme' }), fc.integer(), fc.boolean())
const variables = fc.dictionary(fc.stringMatching(/^[a-z_]{1,12}$/), value)

describe('a host is added', () => {
  test('as it was given, and every line of the file stays, comments and foreign keys too', () => {
    fc.assert(
      fc.property(name, variables, (host, vars) => {
        const text = addHost(OWN, host, vars)
        expect(allHosts(text)).toEqual({ [host]: vars })
        const after = linesOf(text).map((line) => line.replaceAll(/\s/g, ''))
        for (const line of linesOf(OWN)) expect(after).toContain(line.replaceAll(/\s/g, ''))
      }),
      { numRuns: 40 },
    )
  })

  test('and taken away again, nothing of it is left, and the rest says what it said', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 1, maxLength: 5 }), variables, (hosts, vars) => {
        const all = hosts.reduce((text, host) => addHost(text, host, vars), OWN)
        expect(Object.keys(allHosts(all)).toSorted()).toEqual(hosts.toSorted())
        const none = hosts.reduce((text, host) => removeHost(text, host) ?? '', all)
        const { all: group } = parse(none) as { all: Group }
        const { hosts: empty, ...rest } = group
        expect(empty).toEqual({})
        expect({ all: rest }).toEqual(parse(OWN))
        expect(none).toContain('# ask Ada before changing it')
        expect(none).toContain('# behind the proxy')
      }),
      { numRuns: 40 },
    )
  })

  test('to a file that is not there, is empty, or holds a comment alone', () => {
    for (const text of ['', '\n', '# mine\n', '---\n', 'all:\n', 'all:\n  hosts:\n', 'all: {hosts: {}}\n']) {
      const added = addHost(text, 'one', { ansible_host: '10.0.0.1' })
      expect(parse(added)).toEqual({ all: { hosts: { one: { ansible_host: '10.0.0.1' } } } })
    }
    expect(addHost('# mine\n', 'one', {})).toContain('# mine')
  })

  test('not a second time, in whichever group the first is', () => {
    for (const host of ['web1', 'db1']) {
      expect(benchErrorOf(() => addHost(OWN, host, {}))).toMatchObject({
        code: 'usage.host-exists',
        exitCode: 2,
      })
    }
  })

  test.each([
    ['a list', '- web1\n'],
    ['a group that is a text', 'all: web1\n'],
    ['what is not YAML', 'all: [\n'],
    ['an inventory in the form of INI', '[web]\nweb1 ansible_host=10.0.0.1\n'],
  ])('not to %s', (_, text) => {
    const error = benchErrorOf(() => addHost(text, 'one', {}))
    expect(error).toMatchObject({ code: 'usage.inventory', exitCode: 2 })
    expect(error.message).not.toContain('\n')
  })
})

describe('a host is removed', () => {
  test('from the group that it is in, and from every other', () => {
    const text = removeHost(OWN.replace('db1:', 'web1:'), 'web1') ?? ''
    expect(text).not.toContain('10.0.0.11')
    const { all } = parse(text) as { all: Group }
    expect(all.children?.['web']?.hosts).toEqual({ web2: { ansible_host: '10.0.0.12' } })
    expect(all.children?.['db']?.hosts).toEqual({})
  })

  test('not when there is none', () => {
    expect(removeHost(OWN, 'web3')).toBeNull()
    expect(removeHost('', 'web3')).toBeNull()
  })
})
