/** Against a real sshd. */
import { createHash, randomBytes } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { Readable } from 'node:stream'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { ExitCode } from '../../contracts/error.ts'
import { connectTo, type Connection } from './connection.ts'
import { newControlPath } from './control-path.ts'
import { freePort, startSshd, type TestSshd } from './testing/sshd.ts'

let sshd: TestSshd
let connection: Connection

beforeAll(async () => {
  sshd = await startSshd()
  connection = connectTo(sshd.host)
})

afterEach(() => vi.unstubAllEnvs())

afterAll(async () => {
  await connection.close()
  await sshd.stop()
})

const logins = () => sshd.log().match(/Accepted publickey/g)?.length ?? 0

describe('a command', () => {
  test('arrives word by word', async () => {
    const args = ['a b', "it's", '"', 'two\nlines', '$HOME `id`', '', '*', '-n', '\\', 'ä']
    const { exitCode, stdout } = await connection.run(['printf', '%s\\0', ...args])
    expect(exitCode).toBe(0)
    expect(stdout.split('\0').slice(0, -1)).toEqual(args)
  })

  test('fails with its own code, and says why', async () => {
    const ended = await connection.run(['sh', '-c', 'echo out; echo err >&2; exit 7'])
    expect(ended).toEqual({ exitCode: 7, stdout: 'out\n', stderr: 'err\n' })
  })

  test('that a signal ends is no failure of the connection', async () => {
    expect((await connection.run(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(137)
  })

  test('reads what it is given, or nothing', async () => {
    expect((await connection.run(['cat'], { input: 'a\nb' })).stdout).toBe('a\nb')
    expect((await connection.run(['cat'])).stdout).toBe('')
  })

  test('is given up after its time', async () => {
    const late = connection.run(['sleep', '60'], { timeout: 0.3 })
    await expect(late).rejects.toMatchObject({
      code: 'ssh.timeout',
      message: expect.stringMatching(/sleep 60 did not end within 0.3 s/),
    })
  })

  test('is given up when it is aborted, with the reason', async () => {
    const reason = new Error('enough')
    const controller = new AbortController()
    const running = connection.run(['sleep', '60'], { signal: controller.signal })
    setTimeout(() => controller.abort(reason), 100)
    await expect(running).rejects.toBe(reason)
    await expect(connection.run(['true'], { signal: controller.signal })).rejects.toBe(reason)
  })

  test('shares one login with those before and beside it', async () => {
    await connection.open()
    const before = logins()
    await Promise.all(Array.from({ length: 5 }, () => connection.run(['true'])))
    expect(logins()).toBe(before)
    expect(await connection.open()).toBe(0)
  })
})

describe('what is sent', () => {
  const bytes = randomBytes(3_000_000)
  const hash = `${createHash('sha256').update(bytes).digest('hex')}  -\n`

  test('a file arrives byte by byte', async () => {
    const file = join(sshd.folder, 'payload')
    writeFileSync(file, bytes)
    expect((await connection.sendFile(file, ['sha256sum'])).stdout).toBe(hash)
  })

  test('a stream does too', async () => {
    const chunks = Array.from({ length: 3 }, (_, index) => bytes.subarray(index * 1e6, (index + 1) * 1e6))
    expect((await connection.sendStream(Readable.from(chunks), ['sha256sum'])).stdout).toBe(hash)
  })

  test('a command that does not read on ends with its own code', async () => {
    const ended = await connection.sendStream(Readable.from([bytes]), ['sh', '-c', 'exit 3'])
    expect(ended.exitCode).toBe(3)
  })

  test('a stream that breaks off is not taken for a whole one', async () => {
    async function* broken() {
      yield Buffer.from('a')
      await new Promise((next) => setTimeout(next, 50))
      throw new Error('disk on fire')
    }
    const sent = connection.sendStream(Readable.from(broken()), ['cat'])
    await expect(sent).rejects.toThrow('disk on fire')
  })

  test('a file that is not there is named', async () => {
    await expect(connection.sendFile('/nowhere', ['cat'])).rejects.toThrow('/nowhere')
  })
})

describe('a stream of lines', () => {
  test('comes without its newlines, the last one with or without', async () => {
    const { lines, ended } = connection.stream(['sh', '-c', 'echo 1; echo; echo ü; printf end'])
    const seen: string[] = []
    for await (const line of lines) seen.push(line)
    expect(seen).toEqual(['1', '', 'ü', 'end'])
    expect(await ended).toEqual({ exitCode: 0, stderr: '' })
  })

  test('keeps a line of megabytes whole', async () => {
    const seen: number[] = []
    for await (const line of connection.stream(['sh', '-c', 'head -c 5000000 /dev/zero | tr "\\0" x; echo'])
      .lines) {
      seen.push(line.length)
    }
    expect(seen).toEqual([5_000_000])
  })

  test('tells how the command ended', async () => {
    const { lines, ended } = connection.stream(['sh', '-c', 'echo why >&2; exit 4'])
    for await (const line of lines) expect.unreachable(line)
    expect(await ended).toEqual({ exitCode: 4, stderr: 'why\n' })
  })

  test('comes while the command goes on, and can be left before its end', async () => {
    const { lines, ended } = connection.stream(['sh', '-c', 'while echo tick; do sleep 0.05; done'])
    for await (const line of lines) {
      expect(line).toBe('tick')
      break
    }
    await expect(ended).rejects.toMatchObject({ name: 'AbortError' })
  })

  test('ends with an error when the connection does', async () => {
    const { lines, ended } = connection.stream(['sh', '-c', 'echo begun; sleep 15'])
    const seen: string[] = []
    for await (const line of lines) {
      seen.push(line)
      sshd.killConnections()
    }
    expect(seen).toEqual(['begun'])
    await expect(ended).rejects.toMatchObject({ code: 'ssh.unreachable', exitCode: ExitCode.hostNotReady })
  })
})

describe('a connection that is lost', () => {
  test('fails the command that goes on, and is made again for the next', async () => {
    await using own = connectTo(sshd.host)
    await own.open()
    const before = logins()
    const mark = join(sshd.folder, 'goes-on')
    const running = own.run(['sh', '-c', `touch ${mark}; sleep 60`])
    running.catch(() => undefined)
    await vi.waitUntil(() => existsSync(mark), { timeout: 30_000 })
    sshd.killConnections()
    await expect(running).rejects.toMatchObject({
      code: 'ssh.unreachable',
      message: expect.stringMatching(/loopback .* cannot be reached/),
    })
    expect((await own.run(['echo', 'again'])).stdout).toBe('again\n')
    expect(logins()).toBe(before + 1)
  })

  test('ends what goes on over it when it is closed, and leaves no socket', async () => {
    // Other tests have connections of their own in the usual folder.
    vi.stubEnv('XDG_RUNTIME_DIR', sshd.folder)
    const folder = dirname(newControlPath())
    const before = readdirSync(folder)
    const other = connectTo(sshd.host)
    const { lines, ended } = other.stream(['sh', '-c', 'echo begun; sleep 15'])
    const first = await lines[Symbol.asyncIterator]().next()
    expect(first.value).toBe('begun')
    expect(readdirSync(folder).length).toBe(before.length + 1)
    await other.close()
    await expect(ended).rejects.toMatchObject({ code: 'ssh.unreachable' })
    expect(readdirSync(folder)).toEqual(before)
    await other.close()
  })
})

test('the port and the user of ssh’s configuration count where the inventory names none', async () => {
  const { port, user } = sshd.host
  const config = join(sshd.folder, 'ssh_config')
  writeFileSync(config, `Host by-alias\n  HostName 127.0.0.1\n  Port ${port}\n  User ${user}\n`)
  const [, , ...options] = sshd.host.options
  const bare = { ...sshd.host, address: 'by-alias', port: null, user: null }
  await using right = connectTo({ ...bare, options: ['-F', config, ...options] })
  expect((await right.run(['id', '-un'])).stdout).toBe(`${user}\n`)
  await using wrong = connectTo({ ...bare, port: await freePort(), options: ['-F', config, ...options] })
  await expect(wrong.run(['true'])).rejects.toMatchObject({ code: 'ssh.unreachable' })
})

describe('a host that cannot be reached', () => {
  test('refuses the connection: what ssh said, where, and what to look for', async () => {
    const port = await freePort()
    const nobody = connectTo({ ...sshd.host, name: 'nobody', port })
    await expect(nobody.run(['true'])).rejects.toMatchObject({
      code: 'ssh.unreachable',
      message: `nobody (${sshd.host.user}@127.0.0.1:${port}) cannot be reached: ssh: connect to host 127.0.0.1 port ${port}: Connection refused`,
      hint: expect.stringMatching(/server for SSH running there/),
    })
  })

  test('has another key than the one that is known', async () => {
    await using other = await startSshd()
    const known = join(other.folder, 'known_hosts')
    const wrong = readFileSync(join(sshd.folder, 'host-key.pub'), 'utf8')
    writeFileSync(known, `[127.0.0.1]:${other.host.port} ${wrong}`)
    await expect(connectTo(other.host).run(['true'])).rejects.toMatchObject({
      code: 'ssh.unreachable',
      message: expect.stringMatching(/Host key verification failed/),
      hint: expect.stringMatching(/its key is not known/),
    })
  })

  test('does not take the key: no password is asked for', async () => {
    await using other = await startSshd()
    writeFileSync(join(other.folder, 'authorized_keys'), '')
    const refused = connectTo(other.host).stream(['true'])
    await expect(refused.ended).rejects.toMatchObject({
      message: expect.stringMatching(/Permission denied/),
      hint: expect.stringMatching(/only keys are used/),
    })
  })
})

test('the test server leaves nothing', async () => {
  const other = await startSshd()
  const one = connectTo(other.host)
  await one.run(['true'])
  await one.close()
  await other.stop()
  expect(existsSync(other.folder)).toBe(false)
})
