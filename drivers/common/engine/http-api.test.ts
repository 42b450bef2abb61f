import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type RequestListener } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { createApi, type Api } from './http-api.ts'

const SOON = 0.05

/** An engine that answers as the test says. */
async function engineThat(answers: RequestListener, limitSeconds?: number): Promise<Api> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-api-'))
  const socketPath = join(folder, 'socket')
  const server = createServer(answers)
  await new Promise<void>((listening) => void server.listen(socketPath, listening))
  const api = createApi({ socketPath, prefix: '/v1', name: 'engined' }, limitSeconds)
  onTestFinished(() => {
    api[Symbol.dispose]()
    server.closeAllConnections()
    server.close()
    rmSync(folder, { recursive: true })
  })
  return api
}

const silent: RequestListener = () => undefined

describe('an engine', () => {
  test('answers with JSON, or with nothing', async () => {
    const api = await engineThat(({ url }, answer) => void answer.end(url === '/v1/info' ? '{"a":1}' : ''))
    expect(await api.call('GET', '/info')).toEqual({ a: 1 })
    expect(await api.call('POST', '/start', { name: 'x' })).toBeNull()
  })

  test.each([
    [409, 'driver.busy'],
    [500, 'driver.engine'],
  ])('that refuses with %i says why', async (status, code) => {
    const api = await engineThat(
      (_request, answer) => void answer.writeHead(status).end('{"message":"it runs"}'),
    )
    await expect(api.call('DELETE', '/containers/x?v=true')).rejects.toThrow(
      expect.objectContaining({ code, message: expect.stringContaining('it runs') as string }),
    )
  })

  test('that hangs is not waited for without an end', async () => {
    const api = await engineThat(silent, SOON)
    const hung = { code: 'driver.engine', message: 'engined does not answer: it was silent for 0.05 s' }
    await expect(api.call('GET', '/info')).rejects.toThrow(expect.objectContaining(hung))
    await expect(api.begin('/wait')).rejects.toThrow(expect.objectContaining(hung))
    await expect(api.takeOver('/attach')).rejects.toThrow(expect.objectContaining(hung))
  })

  test('that hangs while it answers is not waited for either', async () => {
    const api = await engineThat((_request, answer) => void answer.writeHead(200).write('{'), SOON)
    await expect(api.call('GET', '/info')).rejects.toThrow(expect.objectContaining({ code: 'driver.engine' }))
  })
})
