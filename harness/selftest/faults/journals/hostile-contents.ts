/** Journals of this user's own whose text is damaged, or was never a journal's. */
import { writeFileSync } from 'node:fs'
import {
  begin,
  linesOf,
  NOT_OBEYED,
  record,
  TOLD,
  UNDONE,
  type HostileJournal,
  type Wanted,
} from './hostile.ts'
import { spoiled } from './hostile-files.ts'

const whole = (lines: readonly string[]) => lines.map((line) => `${line}\n`).join('')

function text(kind: string, change: (lines: string[]) => string, wanted: Wanted): HostileJournal {
  return spoiled(`text: ${kind}`, (spot) => writeFileSync(spot.path, change(linesOf(spot, []))), wanted)
}

/** A line between the first and the others costs that line only. */
function between(kind: string, line: string): HostileJournal {
  return text(`${kind} in it`, ([first = '', ...rest]) => whole([first, line, ...rest]), TOLD)
}

const HOME = { kind: 'directory', path: '/home' }

/** Returns the journals. */
export function hostileContents(): HostileJournal[] {
  return [
    text('empty', () => '', { exit: 0, journal: 'goes', own: 'stays' }),
    text('torn at its end', (lines) => whole(lines) + record(HOME).slice(0, -5), UNDONE),
    text('torn in its first line', () => begin().slice(0, 40), NOT_OBEYED),
    between('a torn line', record(HOME).slice(0, -5)),
    between('an empty line', ''),
    between('binary zeros', '\0'.repeat(4096)),
    between('an unknown kind', record({ kind: 'everything', path: '/' })),
    between('an unknown verb', JSON.stringify({ op: 'destroy', entry: HOME })),
    between('a list', JSON.stringify([record(HOME)])),
    between('100,000 brackets', '['.repeat(100_000)),
    between('a path of another type', record({ kind: 'directory', path: ['/home'] })),
    between('a prototype', `{"op":"record","__proto__":{"entry":${JSON.stringify(HOME)}}}`),
    text(
      'a line of two mebibytes in it',
      (lines) => whole([...lines, 'x'.repeat(2 * 1024 ** 2)]),
      NOT_OBEYED,
    ),
    text('none', () => '\uFFFE\uFFFD'.repeat(1000), NOT_OBEYED),
    text('of another program', () => whole(['[Journal]', 'Storage=persistent']), NOT_OBEYED),
    text('with line ends of Windows', (lines) => lines.map((line) => `${line}\r\n`).join(''), UNDONE),
    text('with a byte order mark', (lines) => `\uFEFF${whole(lines)}`, NOT_OBEYED),
  ]
}
