/** Text that is put into a page without being taken for a part of it. */

const UNSAFE: Readonly<Record<string, string>> = { '<': '\\u003c', '\u2028': '\\u2028', '\u2029': '\\u2029' }

/**
 * JSON for the inside of a `script` element. `<` would let a string end the element (`</script>`) or open a comment
 * (`<!--`); U+2028 and U+2029 end a line in JavaScript before ECMAScript 2019. All three occur in strings alone, where
 * an escape means the same: HTML Living Standard, "Restrictions for contents of script elements".
 */
export function embedJson(value: unknown): string {
  return JSON.stringify(value).replace(/[<\u2028\u2029]/g, (character) => UNSAFE[character] ?? character)
}

/** JavaScript for the inside of a `script` element: `</script` in a string or a comment must not end it. */
export function embedScript(source: string): string {
  return source.replace(/<\/(script)/gi, '<\\/$1').replace(/^\/\/# sourceMappingURL=.*$/gm, '')
}
