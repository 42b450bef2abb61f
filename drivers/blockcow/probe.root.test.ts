import { expect, it } from 'vitest'
import { isRoot } from '../../harness/linux/privilege.ts'
import { testHost } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { blockcow } from './index.ts'

it.skipIf(!isRoot())('names the program that is missing', async () => {
  const host = testHost()
  const bereft = { ...host, which: (name: string) => (name === 'qemu-img' ? null : host.which(name)) }
  const support = await blockcow.probe(bereft, configure(blockcow, 'ext4', { mode: 'qcow2' }))
  expect(support).toMatchObject({ ok: false, code: 'host.no-program', reason: 'qemu-img is not installed' })
})
