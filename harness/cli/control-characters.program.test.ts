/** No control character of an argument, a file or an inventory reaches the terminal, on either stream, in any form. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { RUN_FILE, SAMPLES_FILE } from '../results/run-folder.ts'
import { sampleOf, smallRun } from '../testing/small-run.ts'
import { makePlace, type Place } from './testing/bench.ts'
import { benchHere } from './testing/here.ts'

const range = (from: number, to: number) =>
  String.fromCharCode(...Array.from({ length: to - from + 1 }, (_, index) => from + index))
/** C0 without NUL, which no argument can hold, DEL, C1, and what turns the order of letters around or breaks lines. */
const CONTROLS = [
  range(0x01, 0x1f),
  range(0x7f, 0x9f),
  '\u061c\u200e\u200f',
  range(0x2028, 0x202e),
  range(0x2066, 0x2069),
  '\x1b]0;owned\x07\x1b[2J\x1b[31m',
].join('')
const RAW = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u

const text = `a${CONTROLS}b`

function inventoryWith(place: Place, hosts: Readonly<Record<string, unknown>>): string {
  const path = place.at('hosts.yml')
  writeFileSync(path, JSON.stringify({ all: { hosts } }).replaceAll('\x7f', String.raw`\u007f`))
  return path
}

/** Each makes what it needs in the place, and returns the command line. */
const COMMANDS: Readonly<Record<string, (place: Place) => readonly string[]>> = {
  'a command': () => [text],
  'an option': () => ['run', `--${text}`],
  'a driver': () => ['plan', '--driver', text, '--scenario', 'bigfile'],
  'a parameter': () => ['plan', '--driver', 'bare', '--scenario', 'bigfile', '--set', `${text}=1`],
  'a host': () => ['run', '--driver', 'bare', '--scenario', 'bigfile', '--host', text],
  'the name of a new host': () => ['host', 'add', text, '10.0.0.1'],
  'an address': () => ['host', 'add', 'web1', text],
  'an inventory': () => ['host', 'list', '--inventory', text],
  'a limit': (place) => ['host', 'list', '--inventory', inventoryWith(place, { web1: {} }), '--limit', text],
  'names of hosts': (place) => [
    'host',
    'list',
    '--inventory',
    inventoryWith(place, { [text]: {}, web1: {} }),
  ],
  'names of hosts, as JSON': (place) => [
    'host',
    'list',
    '--json',
    '--inventory',
    inventoryWith(place, { [text]: {}, web1: { ansible_host: text } }),
  ],
  'variables of hosts': (place) => [
    'host',
    'list',
    '--inventory',
    inventoryWith(place, {
      web1: { ansible_host: text, ansible_user: text },
      web2: { ansible_connection: text },
      web3: { ansible_become: text },
      web4: { bench_device: text },
      web5: { ansible_host: `{{ '${text}' | nothing }}` },
    }),
  ],
  'what ssh says': (place) => [
    'host',
    'doctor',
    '--inventory',
    inventoryWith(place, { web1: { ansible_host: text } }),
  ],
  'what the parser of inventories says': (place) => {
    writeFileSync(place.at('hosts.ini'), `[a]\nx ${text.replaceAll('\n', '')}\n`)
    return ['host', 'list', '--inventory', place.at('hosts.ini')]
  },
  'a key of a plan file': (place) => {
    writeFileSync(place.at('plan.yaml'), `${JSON.stringify(text)}: 1\n`)
    return ['plan', '--plan', place.at('plan.yaml')]
  },
  'the id of a fleet': () => ['host', 'attach', text],
  'a folder': () => ['report', text],
}

test.each(Object.keys(COMMANDS))('%s', async (name) => {
  using place = makePlace()
  const { stdout, stderr } = await benchHere(place, ...(COMMANDS[name]?.(place) ?? []))
  expect(stdout + stderr).not.toBe('')
  for (const line of [stdout, stderr].flatMap((output) => output.split('\n'))) expect(line).not.toMatch(RAW)
  expect(stderr).not.toMatch(/a bug/)
})

test('a run folder: its report, Markdown, JSON, and what compares it', async () => {
  using place = makePlace()
  const folder = place.at('run')
  mkdirSync(folder)
  const run = smallRun()
  run.host = { ...run.host, kernel: text }
  for (const scenario of run.scenarios) scenario.title = text
  writeFileSync(join(folder, RUN_FILE), JSON.stringify(run))
  const samples = Array.from({ length: 10 }, (_, round) => JSON.stringify(sampleOf(run, round)))
  writeFileSync(join(folder, SAMPLES_FILE), `${samples.join('\n')}\n`)
  const commands = [
    ['report', folder],
    ['report', folder, '--markdown'],
    ['report', folder, '--json'],
    ['compare', folder, folder],
    ['compare', folder, folder, '--markdown'],
    ['compare', folder, folder, '--json'],
  ]
  for (const command of commands) {
    const { stdout, stderr } = await benchHere(place, ...command)
    expect(stderr, command.join(' ')).not.toMatch(/a bug/)
    for (const line of [stdout, stderr].flatMap((output) => output.split('\n')))
      expect(line, command.join(' ')).not.toMatch(RAW)
  }
})
