/** Why Ansible could not read an inventory, read from its standard error. Pure. */

/** A message begins so; the lines that follow it are its own, since Ansible wraps them. */
const BEGINNING = /^(?:\[(?:DEPRECATION )?WARNING\]:|\[ERROR\]:|ERROR!)\s*/
/** Message of one of Ansible's inventory plugins. */
const PARSER = /^\* ?Failed to parse (.*?) with (\w+) plugin: (.*)$/
/** Said by a plugin of a file that is not meant for it. */
const NOT_MEANT = /no root 'plugin' key|not YAML inventory|Exec format error/
/** The answer of YAML's parser, in the middle of many words of Ansible's. */
const YAML_ERROR = /while loading YAML\.\s*(.*?)\s*The error appears to be in '.*?': line (\d+), column (\d+)/

/** Returns the reason of the plugin that the file is meant for, on one line. `files`: absolute paths. */
export function inventoryReason(stderr: string, files: readonly string[]): string {
  const messages = messagesOf(stderr, files)
  const said = messages.flatMap((message) => {
    const match = PARSER.exec(textOf(message))
    return match === null ? [] : [{ source: match[1] ?? '', plugin: match[2] ?? '', reason: match[3] ?? '' }]
  })
  const [first] = said
  if (first === undefined) {
    const last = messages.findLast((message) => /^\[?ERROR/.test(message)) ?? messages.at(-1)
    return last === undefined ? 'cannot be read' : textOf(last)
  }
  const ofFirst = said.filter(({ source }) => source === first.source)
  const meant = ofFirst.filter(({ reason }) => !NOT_MEANT.test(reason))
  const { source, reason } = bestOf(first.source, meant.length > 0 ? meant : ofFirst) ?? first
  const where = files.includes(source) ? '' : `${source}: `
  return where + shortened(reason, source)
}

interface Saying {
  source: string
  plugin: string
  reason: string
}

/** Plugins are asked in the order script, auto, yaml, ini. The last takes any text, so it decides where no other has to. */
function bestOf(source: string, said: readonly Saying[]): Saying | undefined {
  const script = said.find(({ plugin }) => plugin === 'script')
  if (script !== undefined) return script
  return /\.(?:ya?ml|json)$/.test(source) ? said[0] : said.at(-1)
}

function shortened(reason: string, source: string): string {
  const yaml = YAML_ERROR.exec(reason)
  if (yaml !== null) return `line ${yaml[2]}, column ${yaml[3]}: ${yaml[1]}`
  const rest = reason.startsWith(`${source}:`) ? reason.slice(source.length + 1) : null
  return rest === null ? reason : rest.replace(/^(\d+): /, 'line $1: ')
}

function textOf(message: string): string {
  return message.replace(BEGINNING, '')
}

/** Returns each warning and error, unwrapped. */
function messagesOf(stderr: string, files: readonly string[]): string[] {
  const messages: string[] = []
  for (const line of stderr.split('\n').map((text) => text.trimEnd())) {
    if (line === '') continue
    if (BEGINNING.test(line)) messages.push(line)
    else if (messages.length > 0) messages.push(joined(messages.pop() ?? '', line))
  }
  return messages.map((message) => mendPaths(message, files))
}

/** Python's textwrap breaks lines at blanks, which it drops, and after hyphens inside words, which it keeps. */
function joined(text: string, next: string): string {
  return /\w-$/.test(text) ? text + next : `${text} ${next}`
}

/** A path that is longer than a line is broken anywhere. */
function mendPaths(text: string, files: readonly string[]): string {
  return files.reduce((mended, file) => {
    const pattern = Array.from(file, escaped).join(' ?')
    return mended.replaceAll(new RegExp(pattern, 'gu'), () => file)
  }, text)
}

function escaped(character: string): string {
  return character.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&')
}
