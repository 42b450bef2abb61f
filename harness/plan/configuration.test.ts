import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BenchError } from '../contracts/error.ts'
import { formatSize } from '../contracts/units.ts'
import { benchErrorOf } from '../testing/errors.ts'
import { engineStacker, fakeDrivers, solo, stacker } from '../testing/fake-drivers.ts'
import { controlOf, parseConfiguration, parseConfigurations } from './configuration.ts'

const parse = (text: string) => parseConfiguration(text, fakeDrivers).config
const texts = (...list: string[]) => parseConfigurations(list, fakeDrivers).map(({ config }) => config.text)

describe('notation', () => {
  test('defaults are left out, the backing is named where there is a choice, options are sorted', () => {
    expect(parse('stacker').text).toBe('stacker@ext4')
    expect(parse('solo').text).toBe('solo')
    expect(parse('solo@btrfs').text).toBe('solo')
    expect(parse('stacker@xfs+sync=on+mode=fast+chunk=1024K').text).toBe('stacker@xfs+chunk=1M+sync=on')
  })

  test('options are parsed, defaults filled in', () => {
    expect(parse('stacker@btrfs+depth=9')).toMatchObject({
      driver: 'stacker',
      backing: 'btrfs',
      options: { mode: 'fast', chunk: 65_536, sync: false, depth: 9 },
    })
  })

  test('the canonical text stands for the same configuration, whatever the order it was written in', () => {
    const option = fc.oneof(
      fc.constantFrom('mode=fast', 'mode=safe', 'sync=on', 'sync=off'),
      fc.nat(8).map((depth) => `depth=${depth + 1}`),
      fc.nat(2 ** 31).map((bytes) => `chunk=${formatSize(bytes)}`),
      fc.nat(2 ** 21).map((kibibytes) => `chunk=${kibibytes}KiB`),
    )
    const options = fc.uniqueArray(option, { selector: (text) => text.split('=')[0] ?? '', maxLength: 4 })
    const backing = fc.constantFrom('', '@ext4', '@xfs', '@btrfs')
    fc.assert(
      fc.property(backing, options, (at, list) => {
        const config = parse([`stacker${at}`, ...list].join('+'))
        expect(parse(config.text)).toEqual(config)
        expect(parse([`stacker${at}`, ...list.toReversed()].join('+'))).toEqual(config)
      }),
    )
  })

  test.each([
    ['staker', 'did you mean stacker?'],
    ['STACKER', 'did you mean stacker?'],
    ['zzzzzzzz', 'known: plain, stacker, solo, all'],
    ['stacker@ext3', 'did you mean ext4?'],
    ['stacker@', 'known: ext4, xfs, btrfs'],
    ['solo@xfs', 'known: btrfs'],
    ['stacker+snyc=on', 'did you mean sync?'],
    ['solo+x=1', 'driver solo has no options'],
  ])('%s: %s', (text, hint) => {
    const error = benchErrorOf(() => parse(text))
    expect(error.exitCode).toBe(2)
    expect(error.hint).toContain(hint)
  })

  test.each([
    '',
    '@ext4',
    'stacker@ext4@xfs',
    'stacker+',
    'stacker+sync',
    'stacker+=on',
    'stacker+sync=on+sync=on',
    'stacker+sync=maybe',
    'stacker+chunk=big',
    'stacker+depth=0',
    'stacker+toString=1',
    'stacker+__proto__=1',
  ])('"%s" is refused as wrong use', (text) => {
    expect(benchErrorOf(() => parse(text)).exitCode).toBe(2)
  })

  /** Returns how the configuration is written, or the exit code of its refusal. Throws what is a bug. */
  function textOrExitCode(text: string): string | number {
    try {
      return parse(text).text
    } catch (error) {
      if (error instanceof BenchError) return error.exitCode
      throw error
    }
  }

  test('any text is either a configuration or wrong use, never a bug', () => {
    const piece = fc.constantFrom('stacker', 'solo', '@', 'ext4', '+', 'sync', '=', 'on', ',', ' ', 'ÿ')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
        const text = pieces.join('')
        const answer = textOrExitCode(text)
        expect(answer).toBe(typeof answer === 'string' ? textOrExitCode(answer) : 2)
      }),
    )
  })
})

describe('lists', () => {
  test('commas and several flags are the same; what is given twice is one', () => {
    expect(texts('stacker,solo')).toEqual(['stacker@ext4', 'solo'])
    expect(texts('stacker', 'solo')).toEqual(['stacker@ext4', 'solo'])
    expect(texts('stacker,stacker@ext4+sync=off', ' solo ,stacker')).toEqual(['stacker@ext4', 'solo'])
  })

  test('all is what every driver shows', () => {
    expect(texts('all')).toEqual(['stacker@ext4', 'stacker@xfs+sync=on', 'solo'])
    expect(texts('stacker@btrfs,all')).toContain('stacker@btrfs')
  })

  test('engines is what every driver with an engine shows, and all leaves those out', () => {
    const drivers = [...fakeDrivers, engineStacker]
    const given = (...list: string[]) => parseConfigurations(list, drivers).map(({ config }) => config.text)
    expect(given('all')).toEqual(texts('all'))
    expect(given('engines')).toEqual(['engine:stacker@xfs'])
    expect(given('engines,engine:stacker,solo')).toEqual([
      'engine:stacker@xfs',
      'engine:stacker@ext4',
      'solo',
    ])
  })

  test.each(['', ',', 'stacker,', ' '])('an empty entry in "%s" is refused', (text) => {
    expect(benchErrorOf(() => texts(text)).code).toBe('usage.bad-configuration')
  })
})

describe('controls', () => {
  const control = (text: string) => controlOf(parseConfiguration(text, fakeDrivers), fakeDrivers)

  test('the control stands on the same backing', () => {
    expect(control('stacker@xfs+sync=on')?.config.text).toBe('plain@xfs')
  })

  test('a labelled configuration has its equal without the label', () => {
    expect(control('stacker@xfs+sync=on#again')?.config.text).toBe('stacker@xfs+sync=on')
    expect(control('plain#again')?.config.text).toBe('plain@ext4')
    expect(control('stacker@btrfs#a-2')?.config.text).toBe('stacker@btrfs')
  })

  test.each(['stacker#', 'stacker#A', 'stacker#a#b', 'stacker#-a', 'stacker#seventeen-letters'])(
    'the label of %s is refused',
    (text) => {
      expect(benchErrorOf(() => parse(text)).message).toContain('is not a label')
    },
  )

  test('there is none where the control does not run, and none of the control itself', () => {
    expect(control('stacker@btrfs')).toBeNull()
    expect(control('plain')).toBeNull()
  })

  test('there is none without a control driver', () => {
    const configuration = { driver: stacker as never, config: parse('stacker'), label: null }
    expect(controlOf(configuration, [stacker, solo] as never)).toBeNull()
  })
})
