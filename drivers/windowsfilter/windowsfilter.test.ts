import { expect, test } from 'vitest'
import { createFakeHost } from '../../harness/testing/fake-host.ts'
import { configure } from '../testsuite/configuration.ts'
import { windowsfilter } from './index.ts'

const config = configure(windowsfilter)

test('says why and what it would take, without asking the host', async () => {
  const host = createFakeHost()
  expect(await windowsfilter.probe(host, config)).toEqual({
    ok: false,
    code: 'host.not-windows',
    reason: expect.stringContaining('NTFS'),
    hint: expect.stringContaining('Windows host'),
  })
  expect(host.calls).toEqual([])
})

test('is not among all', () => expect(windowsfilter.meta.showcase).toEqual([]))

test('opened all the same, it says so again', async () => {
  const scratch = { device: '/dev/null', size: 0, directory: '/nowhere', label: 'bench-test' }
  const opened = windowsfilter.open(createFakeHost(), config, scratch)
  await expect(opened).rejects.toMatchObject({ code: 'host.not-windows' })
})
