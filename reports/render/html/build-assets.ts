/** Build step: puts the page's templates, styles and script beside the compiled modules that read them. */
import { cpSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CLIENT_FILE } from './assets.ts'
import { bundleClient } from './bundle-client.ts'

const compiled = import.meta.dirname
const source = join(compiled, '../../../../reports/render/html')

for (const folder of ['templates', 'style'])
  cpSync(join(source, folder), join(compiled, folder), { recursive: true })
writeFileSync(join(compiled, CLIENT_FILE), bundleClient(source))
