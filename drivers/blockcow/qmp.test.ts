import { mkdtempSync, rmSync } from 'node:fs'
import { connect, createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openQmp, type Qmp } from './qmp.ts'

let folder: string
let server: Server
let peer: Socket
let qmp: Qmp
/** The server's answer to a command. */
let answer: (command: string, send: (message: object) => void) => void

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bench-qmp-'))
  const path = join(folder, 'socket')
  answer = (_, send) => send({ return: {} })
  server = createServer((socket) => {
    peer = socket
    const send = (message: object) => socket.write(`${JSON.stringify(message)}\n`)
    send({ QMP: { version: {}, capabilities: [] } })
    socket.on('data', (data: Buffer) => {
      const lines = data.toString().trim().split('\n')
      for (const line of lines) answer((JSON.parse(line) as { execute: string }).execute, send)
    })
  })
  await new Promise<void>((listening) => server.listen(path, listening))
  qmp = await openQmp(connect(path))
})

afterEach(async () => {
  qmp.close()
  await new Promise((closed) => server.close(closed))
  rmSync(folder, { recursive: true })
})

describe('a QMP client', () => {
  it('gives each command its own answer', async () => {
    answer = (command, send) => send({ return: command })
    expect(await Promise.all([qmp.execute('one'), qmp.execute('two')])).toEqual(['one', 'two'])
  })

  it('throws what the server says of a failed command', async () => {
    answer = (_, send) => send({ error: { class: 'GenericError', desc: 'Node is in use' } })
    await expect(qmp.execute('blockdev-del')).rejects.toMatchObject({
      code: 'driver.qmp',
      message: 'qemu-storage-daemon: Node is in use',
    })
  })

  it('waits for the event of the right thing, even when it comes before the answer', async () => {
    answer = (_, send) => {
      send({ event: 'BLOCK_EXPORT_DELETED', data: { id: 'mine' } })
      send({ return: {} })
    }
    const told: string[] = []
    const other = qmp.event('BLOCK_EXPORT_DELETED', { id: 'other' }).catch(() => told.push('closed'))
    const mine = qmp.event('BLOCK_EXPORT_DELETED', { id: 'mine' }).then(() => told.push('mine'))
    await qmp.execute('block-export-del')
    await mine
    expect(told).toEqual(['mine'])
    qmp.close()
    await other
    expect(told).toEqual(['mine', 'closed'])
  })

  it('rejects pending waits when the server goes away', async () => {
    answer = () => peer.destroy()
    await expect(qmp.execute('quit')).rejects.toMatchObject({ code: 'driver.qmp' })
    await expect(qmp.execute('again')).rejects.toMatchObject({ code: 'driver.qmp' })
  })
})
