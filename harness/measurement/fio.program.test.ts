import { expect, test } from 'vitest'
import { diskFolder, testHost } from '../testing/scratch-file.ts'
import { runFio } from './fio.ts'

test('fio itself writes what is said and tells what is read', async () => {
  using folder = diskFolder()
  const common = { size: '256k', rw: 'randwrite', bs: '4k', filename: 'data' }
  const jobs = [
    { name: 'plain', options: common },
    { name: 'synced', options: { ...common, fsync: '1' } },
  ]
  const [plain, synced] = await runFio(testHost(), jobs, folder.path, folder.path)
  expect(plain?.bytes).toBe(256 * 1024)
  expect(plain).not.toHaveProperty('sync')
  expect(Object.keys(synced?.sync ?? {})).toEqual(['50', '95', '99', '99.9'])
  expect(Object.keys(synced?.clat ?? {})).toEqual(['50', '95', '99', '99.9'])
  for (const value of Object.values(synced?.clat ?? {})) expect(value > 0 && value < 1).toBe(true)
})
