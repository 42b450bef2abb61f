/** Names within a container: renaming, linking, deleting, and what was deleted stays away. */
import {
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmSync,
  rmdirSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { expect } from 'vitest'
import type { Fixture } from '../fixture.ts'
import { writeAt, type Checks } from './check.ts'

async function renamesLowerFile(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  renameSync(container.path('doc/one'), container.path('opt/moved'))
  expect(readFileSync(container.path('opt/moved'), 'utf8')).toBe('one')
  expect(existsSync(container.path('doc/one'))).toBe(false)
  expect(readdirSync(container.path('doc')).sort()).toEqual(['deep', 'two'])
}

async function renamesLowerDirectory(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  renameSync(container.path('doc'), container.path('paper'))
  expect(existsSync(container.path('doc'))).toBe(false)
  expect(readFileSync(container.path('paper/deep/three'), 'utf8')).toBe('three')
  // The target of the new name must survive the commit.
  const image = await fixture.commit(container)
  const next = await fixture.container(image)
  expect(existsSync(next.path('doc'))).toBe(false)
  expect(readdirSync(next.path('paper')).sort()).toEqual(['deep', 'one', 'two'])
  expect(readFileSync(next.path('paper/deep/three'), 'utf8')).toBe('three')
}

/** Checks that copying, as mv(1) does after EXDEV from rename(2), works everywhere. */
async function movesLowerDirectory(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  await fixture.host.run('mv', [container.path('doc'), container.path('paper')])
  expect(existsSync(container.path('doc'))).toBe(false)
  expect(readdirSync(container.path('paper')).sort()).toEqual(['deep', 'one', 'two'])
  expect(readFileSync(container.path('paper/deep/three'), 'utf8')).toBe('three')
  expect(statSync(container.path('paper/deep')).mode & 0o7777).toBe(0o700)
}

async function renamesOwnDirectory(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  mkdirSync(container.path('opt/own'))
  writeFileSync(container.path('opt/own/file'), 'own')
  renameSync(container.path('opt/own'), container.path('doc/own'))
  expect(readFileSync(container.path('doc/own/file'), 'utf8')).toBe('own')
  expect(readdirSync(container.path('opt'))).toEqual(['added'])
}

async function renamesOver(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  writeFileSync(container.path('doc/new'), 'new')
  renameSync(container.path('doc/new'), container.path('doc/one'))
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('new')
  renameSync(container.path('doc/two'), container.path('etc/config'))
  expect(readFileSync(container.path('etc/config'), 'utf8')).toBe('two')
  expect(readdirSync(container.path('doc')).sort()).toEqual(['deep', 'one'])
}

async function makesHardLink(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  linkSync(container.path('doc/one'), container.path('doc/same'))
  writeAt(container.path('doc/one'), 0, 'ONE')
  expect(readFileSync(container.path('doc/same'), 'utf8')).toBe('ONE')
  expect(statSync(container.path('doc/same')).nlink).toBe(2)
  const next = await fixture.container(await fixture.commit(container))
  expect(statSync(next.path('doc/same')).nlink).toBe(2)
  unlinkSync(next.path('doc/one'))
  expect(readFileSync(next.path('doc/same'), 'utf8')).toBe('ONE')
}

async function keepsHardLinksOfTheImage(fixture: Fixture): Promise<void> {
  const image = await fixture.layer(null, (root) => {
    writeFileSync(`${root}/first`, 'before')
    linkSync(`${root}/first`, `${root}/second`)
  })
  const whileMounted = await fixture.container(image)
  writeAt(whileMounted.path('first'), 0, 'after!')
  expect(readFileSync(whileMounted.path('second'), 'utf8')).toBe('after!')
  // Another one, since aufs links the second name as soon as it is looked at.
  const afterwards = await fixture.container(image)
  writeAt(afterwards.path('first'), 0, 'after!')
  await afterwards.unmount()
  await afterwards.mount()
  expect(readFileSync(afterwards.path('second'), 'utf8')).toBe('after!')
}

async function makesSymlink(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  expect(readlinkSync(container.path('etc/current'))).toBe('config')
  expect(readFileSync(container.path('etc/current'), 'utf8')).toBe('setting=upper\n')
  symlinkSync('../doc/one', container.path('etc/other'))
  expect(readFileSync(container.path('etc/other'), 'utf8')).toBe('one')
  writeFileSync(container.path('etc/other'), 'through the link')
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('through the link')
  unlinkSync(container.path('etc/current'))
  symlinkSync('elsewhere', container.path('etc/current'))
  expect(readlinkSync(container.path('etc/current'))).toBe('elsewhere')
}

async function deletesFile(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  unlinkSync(container.path('doc/one'))
  expect(existsSync(container.path('doc/one'))).toBe(false)
  expect(readdirSync(container.path('doc')).sort()).toEqual(['deep', 'two'])
  writeFileSync(container.path('doc/one'), 'again')
  expect(readFileSync(container.path('doc/one'), 'utf8')).toBe('again')
}

async function replacesDirectory(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  rmSync(container.path('doc'), { recursive: true })
  expect(existsSync(container.path('doc'))).toBe(false)
  mkdirSync(container.path('doc'))
  expect(readdirSync(container.path('doc'))).toEqual([])
  expect(existsSync(container.path('doc/one'))).toBe(false)
  mkdirSync(container.path('doc/deep'))
  expect(readdirSync(container.path('doc/deep'))).toEqual([])
  writeFileSync(container.path('doc/two'), 'another')
  const next = await fixture.container(await fixture.commit(container))
  expect(readdirSync(next.path('doc')).sort()).toEqual(['deep', 'two'])
  expect(readdirSync(next.path('doc/deep'))).toEqual([])
  expect(readFileSync(next.path('doc/two'), 'utf8')).toBe('another')
}

async function replacesFileByDirectory(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  unlinkSync(container.path('doc/one'))
  mkdirSync(container.path('doc/one'))
  writeFileSync(container.path('doc/one/inside'), 'inside')
  rmSync(container.path('doc/deep'), { recursive: true })
  writeFileSync(container.path('doc/deep'), 'a file now')
  const next = await fixture.container(await fixture.commit(container))
  expect(readFileSync(next.path('doc/one/inside'), 'utf8')).toBe('inside')
  expect(lstatSync(next.path('doc/deep')).isFile()).toBe(true)
}

async function keepsWhiteouts(fixture: Fixture): Promise<void> {
  const middle = await fixture.layer(await fixture.image(), (root) => {
    unlinkSync(`${root}/doc/one`)
    rmSync(`${root}/doc/deep`, { recursive: true })
  })
  const top = await fixture.layer(middle, (root) => writeFileSync(`${root}/doc/top`, 'top'))
  const container = await fixture.container(top)
  expect(existsSync(container.path('doc/one'))).toBe(false)
  expect(existsSync(container.path('doc/deep/three'))).toBe(false)
  expect(readdirSync(container.path('doc')).sort()).toEqual(['top', 'two'])
}

async function removesEmptiedDirectory(fixture: Fixture): Promise<void> {
  const container = await fixture.container(await fixture.image())
  unlinkSync(container.path('doc/deep/three'))
  rmdirSync(container.path('doc/deep'))
  expect(existsSync(container.path('doc/deep'))).toBe(false)
}

export const nameChecks: Checks = {
  'rename a file of the image': renamesLowerFile,
  'rename a directory of the image': renamesLowerDirectory,
  'mv a directory of the image': movesLowerDirectory,
  'rename a directory of the container': renamesOwnDirectory,
  'rename over another file': renamesOver,
  'hard link to a file of the image': makesHardLink,
  'hard links of the image stay together': keepsHardLinksOfTheImage,
  'symbolic link': makesSymlink,
  'delete a file': deletesFile,
  'delete a directory and create it again': replacesDirectory,
  'a directory takes the place of a file, and a file that of a directory': replacesFileByDirectory,
  'what a middle layer deletes stays deleted': keepsWhiteouts,
  'remove a directory after its last file': removesEmptiedDirectory,
}
