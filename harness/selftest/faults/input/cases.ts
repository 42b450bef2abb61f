/** Generated input: command lines, plan files, run folders, inventories, names of hosts and journals. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { sampleOf, smallRun } from '../../../testing/small-run.ts'
import { oddChange, oddText, oddValue, replaced } from './texts.ts'

/** A case: makes its files in a folder of its own, and returns the words of the command line. */
export interface InputCase {
  kind: string
  make(folder: string): string[]
}

const COMMANDS = [
  'plan',
  'list',
  'list drivers',
  'list scenarios',
  'list plans',
  'report',
  'compare',
  'history',
  'export',
  'accept',
  'bisect',
  'claims --list',
  'host list',
  'host remove',
]
const FLAGS = [
  '--driver',
  '--scenario',
  '--set',
  '--profile',
  '--rounds',
  '--max-rounds',
  '--gate',
  '--precision',
  '--budget',
  '--cache',
]
const MORE_FLAGS = [
  '--seed',
  '--scratch',
  '--scratch-size',
  '--device',
  '--destroy',
  '--calibration',
  '--plan',
  '--json',
]
const LAST_FLAGS = [
  '--history',
  '--threshold',
  '--gate',
  '--markdown',
  '--inventory',
  '--because',
  '--format',
  '--good',
  '--across',
  '--limit',
  '--option',
  '--help',
]
const WORDS = [
  'overlay2',
  'all',
  'bigfile',
  'quick',
  'size=1M',
  'depth=1,2',
  'both',
  '5s',
  'overlay2@xfs+volatile=on',
  '3',
]

const word = () =>
  fc.oneof(fc.constantFrom(...FLAGS, ...MORE_FLAGS, ...LAST_FLAGS), fc.constantFrom(...WORDS), oddText())

const commandLines = () =>
  fc
    .tuple(
      fc.oneof({ weight: 9, arbitrary: fc.constantFrom(...COMMANDS) }, oddText()),
      fc.array(word(), { maxLength: 8 }),
    )
    .map(
      // A zero cannot be in an argument: execve(2).
      ([command, words]): InputCase => ({
        kind: 'command line',
        make: () => [...command.split(' '), ...words].map((each) => each.replaceAll('\0', '')),
      }),
    )

const PLAN = {
  driver: ['overlay2', 'btrfs'],
  scenario: 'bigfile',
  set: { size: ['1M', '2M'], depth: 1 },
  rounds: 3,
  seed: 7,
}
const KEYS = [
  'driver',
  'scenario',
  'set',
  'profile',
  'rounds',
  'budget',
  'precision',
  'cache',
  'output',
  'scratch',
  'device',
  'x-y',
  '<<',
]

const yamlTexts = () =>
  fc.oneof(
    fc
      .tuple(fc.double({ min: 0, max: 0.999, noNaN: true }), oddValue())
      .map(([at, value]) => JSON.stringify(replaced(PLAN, at, value))),
    fc
      .dictionary(fc.oneof(fc.constantFrom(...KEYS), oddText()), oddValue())
      .map((keys) => JSON.stringify({ ...PLAN, ...keys })),
    oddChange().map((change) =>
      change('driver: [overlay2, btrfs]\nscenario: bigfile\nset:\n  size: 1M\n  depth: [0, 8]\nrounds: 3\n'),
    ),
    oddText(),
    fc.constantFrom(
      'a: &a [*a]',
      'a: &a [1]\nb: [*a, *a]\ndriver: *a',
      '--- a\n--- b',
      '!!binary aaa',
      '{a: '.repeat(5000),
      '? [a]\n: b',
    ),
  )

const planFiles = () =>
  yamlTexts().map((text): InputCase => ({
    kind: 'plan file',
    make(folder) {
      writeFileSync(join(folder, 'plan.yaml'), text)
      return ['plan', '--plan', join(folder, 'plan.yaml')]
    },
  }))

const share = () => fc.double({ min: 0, max: 0.999, noNaN: true })

/** A run folder in which a value or some bytes of one file are others. */
const runFolders = () =>
  fc
    .record({
      where: fc.constantFrom('run.json', 'samples.ndjson'),
      how: fc.oneof(fc.tuple(share(), oddValue()), oddChange()),
      words: fc.constantFrom(
        ['report'],
        ['report', '--markdown'],
        ['compare'],
        ['compare', '--json'],
        ['compare', '--across', 'kernel'],
        ['report', '--json'],
        ['history'],
        ['history', '--json'],
        ['claims'],
        ['claims', '--json'],
        ['accept', '--because', 'known'],
        ['export', '--format', 'benchstat'],
        ['export', '--format', 'otava-json'],
        ['export', '--format', 'prometheus'],
        ['export', '--format', 'junit'],
        ['export', '--format', 'csv'],
      ),
    })
    .map(({ where, how, words }): InputCase => ({
      kind: `${where} for ${words[0]}`,
      make(folder) {
        const path = join(folder, 'run')
        mkdirSync(path)
        const run = smallRun()
        const samples = Array.from({ length: 6 }, (_, round) => sampleOf(run, round))
        const spoil = (data: unknown) =>
          Array.isArray(how) ? JSON.stringify(replaced(data, how[0], how[1])) : how(JSON.stringify(data))
        const lines = samples.map((sample, index) =>
          where === 'samples.ndjson' && index === 2 ? spoil(sample) : JSON.stringify(sample),
        )
        writeFileSync(join(path, 'run.json'), where === 'run.json' ? spoil(run) : JSON.stringify(run))
        writeFileSync(join(path, 'samples.ndjson'), `${lines.join('\n')}\n`)
        if (words[0] === 'compare') return [...words, path, path]
        return [...words, words[0] === 'history' ? folder : path]
      },
    }))

const hosts = () =>
  fc.tuple(oddText(), oddText(), fc.option(oddText())).map(([name, address, user]): InputCase => ({
    kind: 'host name',
    make: () =>
      ['host', 'add', name, address, ...(user === null ? [] : ['--user', user])].map((each) =>
        each.replaceAll('\0', ''),
      ),
  }))

const INVENTORY =
  'all:\n  hosts:\n    one:\n      ansible_host: 192.0.2.1\n      ansible_port: 22\n  children:\n    web: {hosts: {two: {}}}\n'

const inventories = () =>
  fc
    .oneof(
      oddChange().map((change) => change(INVENTORY)),
      oddText(),
    )
    .map((text): InputCase => ({
      kind: 'inventory',
      make(folder) {
        writeFileSync(join(folder, 'hosts.yml'), text)
        return ['host', 'list', '--inventory', join(folder, 'hosts.yml')]
      },
    }))

const journals = () =>
  fc.tuple(oddText(), oddText()).map(([name, text]): InputCase => ({
    kind: 'name of a journal',
    make(folder) {
      const directory = join(folder, 'state/bench/journal')
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      const plain = name.replaceAll(/[/\0]/g, '').slice(0, 60)
      writeFileSync(join(directory, `${plain}x.ndjson`), text, { mode: 0o600 })
      return ['clean']
    },
  }))

/** How many of each there are: more than 2,000 together. */
const COUNTS = [
  [commandLines, 760],
  [planFiles, 500],
  [runFolders, 1100],
  [hosts, 150],
  [inventories, 30],
  [journals, 100],
] as const

/** Returns the cases, the same ones for the same seed. */
export function inputCases(seed: number): InputCase[] {
  return COUNTS.flatMap(([make, numRuns]) => fc.sample<InputCase>(make(), { seed, numRuns }))
}
