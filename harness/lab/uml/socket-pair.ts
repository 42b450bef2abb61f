import { closeSync } from 'node:fs'
import { check, functions } from '../../linux/libc.ts'

/** From `bits/socket.h`. */
const AF_UNIX = 1
const SOCK_DGRAM = 2
const SOCK_CLOEXEC = 0o2000000

export interface SocketPair extends Disposable {
  readonly ends: readonly [number, number]
}

/**
 * socketpair(2) of datagrams: each is an Ethernet frame, and nobody else can send one. Node makes pairs of streams only.
 * Disposing it closes this process's ends; a process that inherited an end keeps it.
 */
export function makeSocketPair(): SocketPair {
  const ends: [number, number] = [-1, -1]
  check(functions.socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends), 'socketpair', 'of datagrams')
  return { ends, [Symbol.dispose]: () => ends.forEach((end) => closeSync(end)) }
}
