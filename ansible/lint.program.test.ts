import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ANSIBLE } from './testing/playbook.ts'

const installed = spawnSync('ansible-lint', ['--version']).status === 0

test.skipIf(!installed)('ansible-lint has nothing to say (needs ansible-lint)', () => {
  const playbooks = readdirSync(ANSIBLE).filter((name) => name.endsWith('.yml'))
  const words = ['--config-file', '.ansible-lint', '--nocolor', '-q', ...playbooks, 'roles']
  const { status, stdout } = spawnSync('ansible-lint', words, {
    cwd: ANSIBLE,
    encoding: 'utf8',
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
  })
  expect({ status, stdout }).toEqual({ status: 0, stdout: '' })
})
