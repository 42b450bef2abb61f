/**
 * A process that makes a mount namespace gets a copy of every mount. What is unmounted here stays mounted there, and what was
 * written is in no file yet: a layer that is committed meanwhile would lack it.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import { isRoot } from '../../harness/testing/scratch-file.ts'
import { configure } from '../testsuite/configuration.ts'
import { withFixture } from '../testsuite/fixture.ts'
import { blockcow } from './index.ts'

describe.skipIf(!isRoot).each([
  ['ext4', 'reflink'],
  ['xfs', 'reflink'],
  ['ext4', 'qcow2'],
  ['xfs', 'qcow2'],
] as const)('%s inside, mode %s', (inner, mode) => {
  it('a commit waits for the end of other mount namespaces, and the layer holds all that was written', async () => {
    await withFixture(blockcow, configure(blockcow, inner, { mode }), async (fixture) => {
      const container = await fixture.container(null)
      const other = spawn('unshare', [
        '--mount',
        '--propagation',
        'private',
        'sh',
        '-c',
        'echo made; exec sleep 60',
      ])
      try {
        // The copy is taken before the file is written.
        await once(other.stdout, 'data')
        writeFileSync(container.path('file'), 'content')
        let committed = false
        const committing = fixture.commit(container).finally(() => (committed = true))
        for (let times = 0; times < 100; times += 1) await turn()
        expect(committed).toBe(false)
        other.kill('SIGKILL')
        const view = await fixture.view(await committing)
        expect(readFileSync(view.path('file'), 'utf8')).toBe('content')
      } finally {
        other.kill('SIGKILL')
      }
    })
  })
})
