/** The host mounts a snapshot by what prepare returned; an engine that mounts by itself is asked to. */
import { expect, test } from 'vitest'
import { createFakeHost } from '../testing/fake-host.ts'
import { attach, detach } from './attach.ts'

const MOUNTS = [{ type: 'bind', source: '/store/1', options: ['bind'] }]

test('the host mounts what prepare answered', async () => {
  const host = createFakeHost()
  await attach({ host, snapshotter: {} }, 'one', MOUNTS, '/target')
  await detach({ host, snapshotter: {} }, 'one', '/target')
  expect(host.calls).toEqual([expect.stringContaining('/target'), expect.stringContaining('/target')])
})

test('an engine that mounts by itself is asked, and the host mounts nothing', async () => {
  const host = createFakeHost()
  const asked: string[] = []
  const snapshotter = {
    attach: async (key: string, target: string) => void asked.push(`attach ${key} ${target}`),
    detach: async (key: string, target: string) => void asked.push(`detach ${key} ${target}`),
  }
  await attach({ host, snapshotter }, 'one', MOUNTS, '/target')
  await detach({ host, snapshotter }, 'one', '/target')
  expect(asked).toEqual(['attach one /target', 'detach one /target'])
  expect(host.calls).toEqual([])
})
