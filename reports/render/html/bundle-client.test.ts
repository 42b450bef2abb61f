import { spawnSync } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { bundleClient } from './bundle-client.ts'

const folder = import.meta.dirname

describe('bundleClient', () => {
  it('makes one classic script: no import, no export, no names of its own in the page', () => {
    const script = bundleClient(folder)
    expect(script).toMatch(/^"use strict";\n\(\(\) => \{/)
    expect(script).toMatch(/\}\)\(\);\n$/)
    expect(script).not.toMatch(/^\s*(?:import|export)\b/m)
  })

  it('makes the same of it wherever it is built, and names no folder of that machine', () => {
    const module = JSON.stringify(new URL('./bundle-client.ts', import.meta.url).href)
    const source = `import { bundleClient } from ${module}; process.stdout.write(bundleClient(${JSON.stringify(folder)}))`
    const words = ['--import', import.meta.resolve('tsx'), '--input-type=module', '--eval', source]
    const { stdout } = spawnSync(process.execPath, words, { cwd: '/', encoding: 'utf8' })
    expect(stdout).toBe(bundleClient(folder))
    expect(stdout).not.toContain(folder)
  })
})
