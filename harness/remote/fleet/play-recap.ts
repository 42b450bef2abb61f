/** Reads ansible-playbook's recap of each host from its standard output. Pure. */
import { lastLines } from '../../linux/last-lines.ts'

export interface PlayedHost {
  name: string
  ok: boolean
  /** Tasks that changed something. */
  changed: number
  /** Why it failed; null where it did not. */
  reason: string | null
}

/** `web1 : ok=5 changed=1 unreachable=0 failed=0 skipped=2 rescued=0 ignored=0`, the form of the default callback. */
const RECAP = /^(\S+)\s+: ok=\d+\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)/
/** `fatal: [web1]: FAILED! => {"msg": …}`, with the result on the same line where it is asked for as JSON. */
const FATAL = /^fatal: \[([^\]\s]+)[^\]]*\]: (FAILED|UNREACHABLE)! => (.*)$/

/** Adds the hosts among `names` that the recap does not list: the playbook ended before it came to them. */
export function withUnplayed(played: readonly PlayedHost[], names: readonly string[]): PlayedHost[] {
  const listed = new Set(played.map(({ name }) => name))
  const reason = 'the playbook ended before it reached this host'
  return [
    ...played,
    ...names.filter((name) => !listed.has(name)).map((name) => ({ name, ok: false, changed: 0, reason })),
  ]
}

/**
 * Returns the hosts in the order of the recap. The last failure of a host is the one that ended it: others were ignored or
 * rescued.
 */
export function playedHosts(stdout: string): PlayedHost[] {
  const reasons = new Map<string, string>()
  const hosts: PlayedHost[] = []
  let task = ''
  for (const line of stdout.split('\n')) {
    task = /^TASK \[(.*)\]/.exec(line)?.[1] ?? task
    const fatal = FATAL.exec(line)
    if (fatal !== null) reasons.set(fatal[1] ?? '', `${task}: ${messageOf(fatal[3] ?? '')}`)
    const recap = RECAP.exec(line)
    if (recap === null) continue
    const [, name = '', changed, unreachable, failed] = recap
    const ok = unreachable === '0' && failed === '0'
    hosts.push({ name, ok, changed: Number(changed), reason: ok ? null : (reasons.get(name) ?? 'it failed') })
  }
  return hosts
}

/** Returns a module's own message, and on one line. */
function messageOf(result: string): string {
  return oneLine(fieldOf(result) ?? result)
}

function fieldOf(result: string): string | null {
  try {
    const { msg, stderr } = JSON.parse(result) as { msg?: unknown; stderr?: unknown }
    if (typeof stderr === 'string' && stderr.trim() !== '') return lastLines(stderr)
    return typeof msg === 'string' ? msg : null
  } catch {
    return null
  }
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim()
}
