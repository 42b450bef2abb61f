import { expect, test } from 'vitest'
import { inventoryReason } from './inventory-reason.ts'

const LONG = `/srv/a folder-of/${'x'.repeat(90)}`

/** Standard error as ansible-core 2.14 writes it: wrapped at 79 columns, after blanks and hyphens. */
test.each([
  [
    'a path and a word that are broken after a hyphen',
    '/home/without-its-cause/ipv6.ini',
    `[WARNING]:  * Failed to parse /home/without-
its-cause/ipv6.ini with ini plugin: /home/without-its-
cause/ipv6.ini:2: Invalid section entry: '[2001:db8::1]'. It is a well-
known one
ERROR! No inventory was parsed, please check your configuration and options.
`,
    "line 2: Invalid section entry: '[2001:db8::1]'. It is a well-known one",
  ],
  [
    'a path that is longer than a line',
    LONG,
    `[WARNING]:  * Failed to parse ${LONG.slice(0, 49)}
${LONG.slice(49)} with ini plugin: ${LONG.slice(0, 20)}
${LONG.slice(20)}:7: Expected key=value host variable assignment, got: y
ERROR! Completely failed to parse inventory source ${LONG}
`,
    'line 7: Expected key=value host variable assignment, got: y',
  ],
  [
    'the plugin that the file is meant for, among those that tried',
    '/h.yml',
    `[WARNING]:  * Failed to parse /h.yml with auto plugin: no root 'plugin' key
found, '/h.yml' is not a valid YAML inventory plugin config file
[WARNING]:  * Failed to parse /h.yml with yaml plugin: Host pattern 7 must be a string.
[WARNING]:  * Failed to parse /h.yml with ini plugin: Invalid host pattern 'all:' supplied
ERROR! No inventory was parsed
`,
    'Host pattern 7 must be a string.',
  ],
  [
    'a configuration of a plugin that is not installed',
    '/h.yml',
    `[WARNING]:  * Failed to parse /h.yml with auto plugin: inventory config '/h.yml' specifies unknown plugin 'a.b.c'
[WARNING]:  * Failed to parse /h.yml with yaml plugin: Plugin configuration YAML file, not YAML inventory
[WARNING]:  * Failed to parse /h.yml with ini plugin: Invalid host pattern 'plugin:' supplied
ERROR! No inventory was parsed
`,
    "inventory config '/h.yml' specifies unknown plugin 'a.b.c'",
  ],
  [
    'a script that fails',
    '/script',
    `[WARNING]:  * Failed to parse /script with script plugin: Inventory script
(/script) had an execution error: boo
[WARNING]:  * Failed to parse /script with ini plugin: /script:2: Expected key=value
ERROR! No inventory was parsed
`,
    'Inventory script (/script) had an execution error: boo',
  ],
  [
    'YAML that is broken, where it is',
    '/h.yml',
    `[WARNING]:  * Failed to parse /h.yml with yaml plugin: We were
unable to read either as JSON nor YAML, these are the errors we got from each:
JSON: Expecting value: line 1 column 1 (char 0)  Syntax Error while loading
YAML.   did not find expected node content  The error appears to be in
'/h.yml': line 2, column 1, but may be elsewhere in the file
depending on the exact syntax problem.  The offending line appears to be:
all: [ ^ here
ERROR! No inventory was parsed
`,
    'line 2, column 1: did not find expected node content',
  ],
  [
    'a file of a folder, by its name',
    '/dir',
    `[WARNING]:  * Failed to parse /dir/01.ini with ini plugin: /dir/01.ini:2: Expected key=value
ERROR! No inventory was parsed
`,
    '/dir/01.ini: line 2: Expected key=value',
  ],
  [
    'an error without a parser',
    '/h.yml',
    `[WARNING]: provided hosts list is empty
ERROR! Attempting to decrypt but no vault
secrets found
[DEPRECATION WARNING]: something will be gone
`,
    'Attempting to decrypt but no vault secrets found',
  ],
  ['nothing', '/h.yml', '', 'cannot be read'],
])('%s', (_, file, stderr, reason) => {
  expect(inventoryReason(stderr, [file])).toBe(reason)
})
