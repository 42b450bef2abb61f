/** Build step: puts the page's templates, styles and script beside the compiled modules that read them. */
import { cpSync } from 'node:fs'
import { join } from 'node:path'

const compiled = import.meta.dirname
const source = join(compiled, '../../../../reports/render/html')
for (const directory of ['templates', 'client'])
  cpSync(join(source, directory), join(compiled, directory), { recursive: true })
