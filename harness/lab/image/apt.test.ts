import { expect, test } from 'vitest'
import { parseOptions, parseTargets, readAptSources, sourcesOf } from './apt.ts'

const TARGETS = [
  'Debian Backports|Debian Backports|main|http://archive.test/debian/',
  'Debian|Debian|contrib|http://other.test/debian/',
  'Debian|Debian|main|cdrom://disc/',
  'Debian|Debian|main|http://archive.test/debian/',
  'Debian|Debian|main|http://second.test/debian/',
  'Debian|Debian-Security|main|http://archive.test/debian-security/',
  'Docker|Docker CE|stable|http://docker.test/',
].join('\n')

test('the archive is the first of Debian that has all suites', () => {
  expect(parseTargets(TARGETS)).toEqual({
    uri: 'http://archive.test/debian/',
    security: 'http://archive.test/debian-security/',
  })
  expect(parseTargets('Ubuntu|Ubuntu|main|http://archive.test/ubuntu/\n')).toBeNull()
  expect(parseTargets('')).toBeNull()
})

test('a release has updates and security updates, the rolling suite has neither', () => {
  const archive = { uri: 'http://a.test/debian/', security: 'http://a.test/security/' }
  expect(sourcesOf(archive, 'trixie', '/keys.gpg')).toEqual([
    'deb [signed-by=/keys.gpg] http://a.test/debian/ trixie main contrib',
    'deb [signed-by=/keys.gpg] http://a.test/debian/ trixie-updates main contrib',
    'deb [signed-by=/keys.gpg] http://a.test/security/ trixie-security main contrib',
  ])
  expect(sourcesOf(archive, 'sid', null)).toEqual(['deb http://a.test/debian/ sid main contrib'])
  expect(sourcesOf({ ...archive, security: null }, 'trixie', null)).toHaveLength(2)
})

test('of the options of apt those that say how to fetch are taken', () => {
  const dump = [
    'APT::Install-Recommends "1";',
    'Acquire "";',
    'Acquire::http "";',
    'Acquire::http::Proxy "http://proxy.test:3142";',
    'Acquire::Check-Valid-Until "false";',
    'Acquire::httpsomething "no";',
    'Acquire::IndexTargets::deb::DEP-11::KeepCompressedAs "gz";',
    'Dir::Cache "var/cache/apt";',
  ].join('\n')
  expect(parseOptions(dump)).toEqual([
    'Acquire::http::Proxy "http://proxy.test:3142";',
    'Acquire::Check-Valid-Until "false";',
  ])
})

test('on a machine without a Debian archive the error names what is missing', async () => {
  const run = () => Promise.resolve({ exitCode: 0, stdout: '', stderr: '' })
  await expect(readAptSources({ run })).rejects.toMatchObject({
    code: 'lab.no-archive',
    exitCode: 4,
    hint: expect.stringContaining('apt-get update') as string,
  })
})
