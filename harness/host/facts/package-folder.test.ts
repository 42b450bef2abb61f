import { existsSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { packageFolder, setUpCommand } from './package-folder.ts'

test('the package is where its package.json is', () => {
  expect(existsSync(path.join(packageFolder(), 'package.json'))).toBe(true)
})

test('a host is set up by the repository, or from the controller where there is only a bundle', () => {
  expect(setUpCommand()).toBe('npm run setup')
  expect(setUpCommand('/usr/lib')).toBe('bench host provision')
})
