import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { packageFolder, packageVersion, setUpCommand } from './package.ts'

test('the package is where its package.json is', () => {
  expect(existsSync(path.join(packageFolder(), 'package.json'))).toBe(true)
})

test('a host is set up by the repository, or from the controller where there is only a bundle', () => {
  expect(setUpCommand()).toBe('npm run setup')
  expect(setUpCommand('/usr/lib')).toBe('bench host provision')
})

test('this package has the version of its package.json', () => {
  const file = path.resolve(import.meta.dirname, '../../package.json')
  const { version } = JSON.parse(readFileSync(file, 'utf8')) as { version: string }
  expect(packageVersion()).toBe(version)
})
