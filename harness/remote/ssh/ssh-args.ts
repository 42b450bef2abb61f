/** Arguments of ssh(1), and those of a command as the shell at the other end reads them. Pure. */
import type { RemoteHost } from '../../contracts/remote-host.ts'

const PLAIN_WORD = /^[\w/.:=@%+,-]+$/

/** A word as any POSIX shell reads it: nothing in it means anything but itself. A shell cannot be given a NUL. */
export function quoteArg(word: string): string {
  if (word.includes('\0')) throw new RangeError('a word of a command cannot hold a NUL byte')
  return PLAIN_WORD.test(word) ? word : `'${word.replaceAll("'", String.raw`'\''`)}'`
}

/**
 * Returns the command that sshd passes to the user's shell. The shell stays until the command has ended: were it replaced
 * by it, the death of the command by a signal would come home as 255, which is how ssh says that the connection failed.
 * So it is 128 + n.
 */
export function remoteCommand(host: RemoteHost, argv: readonly string[]): string {
  const args = host.become ? ['sudo', '--non-interactive', '--', ...argv] : argv
  return `${args.map(quoteArg).join(' ')}; exit $?`
}

/**
 * Options of every connection. ssh takes the first value that it meets, so what the inventory says comes in the order that
 * Ansible gives it in, before what is only a default here; the user's own configuration comes after both. Whether a
 * host's key is known, and what to do about one that is not, is left to those.
 */
export function connectionArgs(host: RemoteHost): string[] {
  const port = host.port === null ? [] : ['-p', String(host.port)]
  // By -i, a key that is not there would be passed over, and others be tried.
  const identity =
    host.identityFile === null
      ? []
      : optionArgs({ IdentityFile: `"${host.identityFile}"`, IdentitiesOnly: 'yes' })
  const user = host.user === null ? [] : ['-l', host.user]
  return [...host.firstOptions, ...port, ...identity, ...user, ...host.options, ...defaults()]
}

/** A cut link says nothing. It is noticed after interval × count: 15 s. */
const ALIVE = { interval: 5, count: 3 }
const CONNECT_SECONDS = 10

function defaults(): string[] {
  return optionArgs({
    ConnectTimeout: String(CONNECT_SECONDS),
    ServerAliveInterval: String(ALIVE.interval),
    ServerAliveCountMax: String(ALIVE.count),
  })
}

/** `-o Name=value` for each. */
export function optionArgs(options: Readonly<Record<string, string>>): string[] {
  return Object.entries(options).flatMap(([name, value]) => ['-o', `${name}=${value}`])
}

/** `root@10.0.0.7:22`, for messages; without what only ssh's configuration knows. */
export function destinationOf({
  user,
  address,
  port,
}: Pick<RemoteHost, 'user' | 'address' | 'port'>): string {
  const login = user === null ? '' : `${user}@`
  if (port === null) return `${login}${address}`
  return `${login}${address.includes(':') ? `[${address}]` : address}:${port}`
}

/** Returns the command that a person would type to log in there. */
export function loginByHand({
  program,
  user,
  address,
  port,
}: Pick<RemoteHost, 'program' | 'user' | 'address' | 'port'>): string {
  const login = user === null ? '' : `${user}@`
  return `${program} ${port === null ? '' : `-p ${port} `}${login}${address}`
}
