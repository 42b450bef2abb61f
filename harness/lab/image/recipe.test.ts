import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { buildFiles, hashOf, knownFlavour, readRecipe } from './recipe.ts'
import { FLAVOURS, type Flavour } from './types.ts'

const flavours = Object.keys(FLAVOURS) as Flavour[]

describe('the hash of a recipe', () => {
  test('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse())
        expect(hashOf(reversed)).toBe(hashOf(value))
      }),
    )
  })

  test('is another for each flavour, and the same whenever it is taken', () => {
    const hashes = flavours.map((flavour) => hashOf(readRecipe(flavour), buildFiles()))
    expect(new Set(hashes).size).toBe(flavours.length)
    expect(flavours.map((flavour) => hashOf(readRecipe(flavour), buildFiles()))).toEqual(hashes)
  })

  test('is another when any part of the recipe is', () => {
    const recipe = readRecipe('debian-12')
    fc.assert(
      fc.property(fc.constantFrom(...(Object.keys(recipe) as (keyof typeof recipe)[])), (key) => {
        const value = recipe[key]
        const changed = Array.isArray(value) ? [...value, 'more'] : `${String(value)}-other`
        expect(hashOf({ ...recipe, [key]: changed })).not.toBe(hashOf(recipe))
      }),
    )
  })

  test('is another when a byte of any script is, or whether it can be executed', () => {
    const files = buildFiles()
    const byte = fc.nat()
    fc.assert(
      fc.property(fc.constantFrom(...Object.keys(files)), byte, (path, place) => {
        const file = files[path] ?? { text: '', executable: false }
        const at = place % (file.text.length + 1)
        const text = `${file.text.slice(0, at)}#${file.text.slice(at)}`
        expect(hashOf({ ...files, [path]: { ...file, text } })).not.toBe(hashOf(files))
        expect(hashOf({ ...files, [path]: { ...file, executable: !file.executable } })).not.toBe(
          hashOf(files),
        )
      }),
    )
  })

  test('counts every script of a build and every file of the guest', () => {
    expect(Object.keys(buildFiles())).toEqual(
      expect.arrayContaining(['build/kernel', 'build/zfs', 'initrd/init', 'guest/usr/local/lib/bench/setup']),
    )
  })
})

describe('the recipe', () => {
  test.each(flavours)('of %s has what the roles install, and what makes it a machine', (flavour) => {
    const { packages, packagesMaybe, zfs, kind } = readRecipe(flavour)
    expect(packages).toEqual(
      expect.arrayContaining([
        'fio',
        'btrfs-progs',
        'thin-provisioning-tools',
        'python3-apt',
        'openssh-server',
      ]),
    )
    expect(packages.filter((name) => packagesMaybe.includes(name))).toEqual([])
    expect(packages.includes('zfsutils-linux')).toBe(zfs)
    expect(packages.includes('docker.io')).toBe(flavour.endsWith('-engines'))
    expect(packages.includes('systemd-sysv')).toBe(kind === 'qemu')
  })

  test('has no mask for what a run or a role looks at', () => {
    expect(readRecipe('debian-12').maskedUnits.filter((unit) => unit.endsWith('.timer'))).toEqual([])
  })
})

describe('a flavour', () => {
  test.each(flavours)('%s is known with its kind of machine', (flavour) => {
    expect(knownFlavour(flavour, FLAVOURS[flavour])).toBe(flavour)
  })

  test('that is not there is refused with those that are', () => {
    expect(() => knownFlavour('debian-11', 'qemu')).toThrow(
      expect.objectContaining({
        message: 'there is no flavour "debian-11" of lab machines',
        hint: 'use debian-12, debian-13, debian-12-zfs, debian-13-zfs, debian-12-engines, debian-13-engines',
        exitCode: 2,
      }),
    )
    expect(() => knownFlavour('toString', 'qemu')).toThrow('no flavour "toString"')
  })

  test('of the other kind of machine is refused', () => {
    expect(() => knownFlavour('debian-12', 'uml')).toThrow(
      expect.objectContaining({ message: 'flavour debian-12 is not of --kind uml', hint: 'use uml' }),
    )
  })
})
