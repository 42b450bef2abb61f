/** Returns the last lines of what a program wrote, for a message of one line: joined by ` / `, without those that are blank. */
export function lastLines(text: string, most = 1): string {
  return text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .slice(-most)
    .join(' / ')
}

/** Returns the message and, behind a colon, the last lines of what the program wrote, if anything. */
export function withLastLines(message: string, text: string, most = 1): string {
  const last = lastLines(text, most)
  return last === '' ? message : `${message}: ${last}`
}
