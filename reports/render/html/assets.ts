import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { bundleClient } from './bundle-client.ts'

/** Templates, styles and scripts of the page. They lie beside this module, in the source tree and in `dist` alike. */
export interface Assets {
  /** Handlebars sources by name; `page` is the whole. */
  templates: ReadonlyMap<string, string>
  css: string
  /** Applies on dark screens only. */
  darkCss: string
  /** Of the page of a history alone. */
  historyCss: string
  /** The page's own script. */
  client: string
  /** Chart.js, the build that defines a global. */
  chartJs: string
}

/** The page's script as the build writes it; in the source tree there are its modules instead. */
export const CLIENT_FILE = 'client.js'

/** The style sheets in the order in which they apply. */
const STYLES = [
  'tokens',
  'base',
  'layout',
  'tables',
  'figures',
  'answer',
  'charts',
  'details',
  'claims',
  'narrow',
  'print',
]

const here = import.meta.dirname

let loaded: Assets | null = null

/** Reads them once. */
export function loadAssets(): Assets {
  loaded ??= {
    templates: readTemplates(join(here, 'templates')),
    css: STYLES.map(readStyle).join('\n'),
    darkCss: readStyle('dark'),
    historyCss: readStyle('history'),
    client: readClient(),
    chartJs: readChartJs(),
  }
  return loaded
}

function readTemplates(folder: string): Map<string, string> {
  const files = readdirSync(folder).filter((name) => name.endsWith('.hbs'))
  return new Map(
    files.map((name) => [name.slice(0, -'.hbs'.length), readFileSync(join(folder, name), 'utf8')]),
  )
}

function readStyle(name: string): string {
  return readFileSync(join(here, 'style', `${name}.css`), 'utf8')
}

function readClient(): string {
  const built = join(here, CLIENT_FILE)
  return existsSync(built) ? readFileSync(built, 'utf8') : bundleClient(here)
}

/** The package's exports name its module builds only; the one for a plain `script` element lies beside them. */
function readChartJs(): string {
  const main = createRequire(import.meta.url).resolve('chart.js')
  return readFileSync(join(dirname(main), 'chart.umd.min.js'), 'utf8')
}
