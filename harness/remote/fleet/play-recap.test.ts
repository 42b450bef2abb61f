import { expect, test } from 'vitest'
import { playedHosts, withUnplayed } from './play-recap.ts'

const STDOUT = `
PLAY [Make the host ready] *****************************************************

TASK [host : Install packages] *************************************************
ok: [web1]
fatal: [web2]: FAILED! => {"changed": false, "msg": "No package matching 'fio'\\nis available"}
fatal: [db1]: UNREACHABLE! => {"changed": false, "msg": "Failed to connect to the host via ssh: refused", "unreachable": true}
fatal: [web3]: FAILED! => {"changed": false, "msg": "ignored"}
...ignoring

TASK [bundle : Unpack] *********************************************************
changed: [web1]
fatal: [web4 -> localhost]: FAILED! => {"msg": "non-zero return code", "rc": 1, "stderr": "tar: a\\ntar: no space left\\n"}

PLAY RECAP *********************************************************************
db1                        : ok=0    changed=0    unreachable=1    failed=0    skipped=0    rescued=0    ignored=0
web1                       : ok=5    changed=2    unreachable=0    failed=0    skipped=1    rescued=0    ignored=0
web2                       : ok=1    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0
web3                       : ok=5    changed=0    unreachable=0    failed=0    skipped=0    rescued=0    ignored=1
web4                       : ok=4    changed=0    unreachable=0    failed=1    skipped=0    rescued=0    ignored=0
`

test('each host, how much it changed, and the task and the words with which it failed', () => {
  expect(playedHosts(STDOUT)).toEqual([
    {
      name: 'db1',
      ok: false,
      changed: 0,
      reason: 'host : Install packages: Failed to connect to the host via ssh: refused',
    },
    { name: 'web1', ok: true, changed: 2, reason: null },
    {
      name: 'web2',
      ok: false,
      changed: 0,
      reason: "host : Install packages: No package matching 'fio' is available",
    },
    { name: 'web3', ok: true, changed: 0, reason: null },
    { name: 'web4', ok: false, changed: 0, reason: 'bundle : Unpack: tar: no space left' },
  ])
})

test('a playbook that came to no host has no hosts', () => {
  expect(playedHosts('ERROR! the playbook is wrong\n')).toEqual([])
})

test('a host that the recap does not list is not ready', () => {
  const [ready] = playedHosts(STDOUT).filter(({ name }) => name === 'web1')
  expect(withUnplayed(ready === undefined ? [] : [ready], ['web1', 'web9'])).toEqual([
    ready,
    { name: 'web9', ok: false, changed: 0, reason: 'the playbook ended before it reached this host' },
  ])
})
