import { closeSync } from 'node:fs'
import { getSystemErrorName } from 'node:util'
import koffi from 'koffi'

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
  const socketpair = koffi
    .load('libc.so.6')
    .func('int socketpair(int domain, int type, int protocol, _Out_ int *ends)')
  const ends: [number, number] = [-1, -1]
  if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, ends) !== 0) {
    throw new Error(`socketpair: ${getSystemErrorName(-koffi.errno())}`)
  }
  return { ends, [Symbol.dispose]: () => ends.forEach((end) => closeSync(end)) }
}
