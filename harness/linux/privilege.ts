/** Root, and command lines for processes that have namespaces of their own or end with this one. */

/** A program and its arguments. */
export type Command = [program: string, ...args: string[]]

export function isRoot(): boolean {
  return process.geteuid?.() === 0
}

/** Puts a command in a mount namespace of its own: what it mounts is seen nowhere else and ends with it. */
export function inMountNamespace(command: readonly string[]): Command {
  return ['unshare', '--mount', '--propagation', 'private', ...command]
}

export interface Namespaces {
  /** Whether the command gets a mount namespace, too. */
  mounts?: boolean
  /** Whether /proc shows the new process namespace; needs `mounts`. */
  proc?: boolean
}

/**
 * Puts a command in a process namespace of its own that is killed as a whole when this process ends: `setpriv --pdeathsig` kills
 * unshare(1) (PR_SET_PDEATHSIG of prctl(2)), and `--kill-child` hands that on to the first process of the namespace.
 */
export function inProcessNamespace(command: readonly string[], { mounts, proc }: Namespaces = {}): Command {
  const options = ['--pid', '--fork', ...(proc ? ['--mount-proc'] : []), '--kill-child=SIGKILL', ...command]
  return endingWithParent('KILL', mounts ? inMountNamespace(options) : ['unshare', ...options])
}

/** Returns a command that gets the signal when this process ends. Its own children do not get it. */
export function endingWithParent(signal: 'KILL' | 'TERM', command: readonly string[]): Command {
  return ['setpriv', '--pdeathsig', signal, ...command]
}
