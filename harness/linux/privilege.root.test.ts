import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { describe, expect, test } from 'vitest'
import { endingWithParent, inMountNamespace, inProcessNamespace, isRoot, type Command } from './privilege.ts'

function output([program, ...args]: Command): string {
  const { stdout, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  expect(stderr).toBe('')
  return stdout.trim()
}

/** The namespaces of mounts and of processes: namespaces(7). */
const namespaces: Command = ['readlink', '/proc/self/ns/mnt', '/proc/self/ns/pid']

describe.skipIf(!isRoot())('a command', () => {
  const here = output(namespaces).split('\n')

  test('in a mount namespace sees the processes of this machine', () => {
    const [mounts, processes] = output(inMountNamespace(namespaces)).split('\n')
    expect(mounts).not.toBe(here[0])
    expect(processes).toBe(here[1])
  })

  test('in a process namespace is its first process', () => {
    expect(output(inProcessNamespace(['sh', '-c', 'echo $$']))).toBe('1')
  })

  test('in a process namespace has mounts of its own where it is to', () => {
    const show = ['readlink', '/proc/self/ns/mnt']
    const own = output(inProcessNamespace(show, { mounts: true, proc: true }))
    expect(own).toMatch(/^mnt:/)
    expect(own).not.toBe(here[0])
  })

  test('with a /proc of its own sees no process but its own', () => {
    const command = inProcessNamespace(['sh', '-c', 'ls -d /proc/[0-9]*'], { mounts: true, proc: true })
    expect(output(command).split('\n').length).toBeLessThan(3)
  })
})

test.skipIf(!isRoot())('a command that ends with its parent does', async () => {
  const command = endingWithParent('KILL', ['sh', '-c', 'echo ready; exec sleep 60'])
  const parent = spawn('sh', ['-c', '"$@" & read line', 'sh', ...command], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  // The command holds the pipe until it ends.
  const closed = once(parent, 'close')
  expect(String(await once(parent.stdout, 'data'))).toBe('ready\n')
  parent.stdin.end()
  await closed
})
