import { usageError } from '../../contracts/error.ts'

/** A part of a word: in single quotes, in double quotes, after a backslash, or plain. */
const PART = /'([^']*)'|"((?:[^"\\]|\\[^])*)"|\\([^])|([^\s'"\\]+)/y

/**
 * Splits words as a POSIX shell does, without expanding anything in them: what Ansible does with
 * ansible_ssh_common_args (Python's shlex.split). Throws a usage error at a quote without its end.
 */
export function shellWords(text: string): string[] {
  const words: string[] = []
  let at = 0
  let word: string | null = null
  while (at < text.length) {
    if (/\s/.test(text[at] ?? '')) {
      if (word !== null) words.push(word)
      word = null
      at += 1
      continue
    }
    PART.lastIndex = at
    const match = PART.exec(text)
    if (match === null) throw usageError('inventory', `a quote in "${text}" has no end`)
    const [whole, single, double, escaped, plain] = match
    word = (word ?? '') + (single ?? double?.replace(/\\(["\\$`])/g, '$1') ?? escaped ?? plain ?? '')
    at += whole.length
  }
  return word === null ? words : [...words, word]
}
