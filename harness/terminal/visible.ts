/**
 * Control characters in text that came from elsewhere (arguments, files, inventories, other hosts), made visible: a terminal
 * obeys some (ECMA-48) and shows others in another order than they are read in (Unicode UAX #9).
 */

/**
 * C0, DEL and C1 (Cc), line and paragraph separators (Zl, Zp), U+061C, U+200E, U+200F, U+202A to U+202E, U+2066 to U+2069,
 * and halves of surrogate pairs (Cs), which have no bytes.
 */
const CONTROL = /[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}\p{Cs}]/gu

/** Returns the text on one line with each control character as `\u001b`, which JSON reads as that character. */
export function visible(text: string): string {
  return text.replace(CONTROL, escaped)
}

/** Does the same, but leaves newlines. */
export function visibleLines(text: string): string {
  return text.replace(CONTROL, (control) => (control === '\n' ? control : escaped(control)))
}

/** Colours and weights, as reports have them; nothing that moves, hides or erases (ECMA-48, SGR). */
const STYLE = /(\x1b\[(?:[0-4]|2[2-4]|[349][0-7]|[34]9|10[0-7])m)/ // eslint-disable-line no-control-regex

/** Does as {@link visibleLines}, and leaves colours as well. */
export function visibleStyledLines(text: string): string {
  return text
    .split(STYLE)
    .map((part, index) => (index % 2 === 1 ? part : visibleLines(part)))
    .join('')
}

function escaped(control: string): string {
  return String.raw`\u` + control.charCodeAt(0).toString(16).padStart(4, '0')
}
