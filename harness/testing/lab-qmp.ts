/** One command to the QEMU of a lab machine: lines of JSON over a unix socket (QEMU, docs/interop/qmp-spec). */
import { closeSync, openSync } from 'node:fs'
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import { QMP_SOCKET } from '../lab/folders.ts'

interface Answer {
  return?: unknown
  error?: { desc: string }
}

/** Throws QEMU's own words. */
export async function executeQmp(
  folder: string,
  command: string,
  parameters: Readonly<Record<string, unknown>>,
): Promise<void> {
  // By way of the folder's descriptor the path is short enough for a socket, however long the folder's is.
  const fd = openSync(folder, 'r')
  const socket = connect(`/proc/self/fd/${fd}/${QMP_SOCKET}`)
  const commands = [{ execute: 'qmp_capabilities' }, { execute: command, arguments: parameters }]
  try {
    for (const each of commands) socket.write(`${JSON.stringify(each)}\n`)
    let answers = 0
    for await (const line of createInterface(socket)) {
      const message = JSON.parse(line) as Answer
      if (message.error !== undefined) throw new Error(`${command}: ${message.error.desc}`)
      if ('return' in message) answers += 1
      if (answers === commands.length) return
    }
    throw new Error(`${command}: QEMU closed the connection`)
  } finally {
    socket.destroy()
    closeSync(fd)
  }
}
