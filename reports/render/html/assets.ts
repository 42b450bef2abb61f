import { readdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'

/** Templates, styles and scripts of the page. They lie beside this module, in the source tree and in `dist` alike. */
export interface Assets {
  /** Handlebars sources by name; `page` is the whole. */
  templates: ReadonlyMap<string, string>
  css: string
  /** Applies on dark screens only. */
  darkCss: string
  /** The page's own script. */
  client: string
  /** Chart.js, the build that defines a global. */
  chartJs: string
}

let loaded: Assets | null = null

/** Reads them once. */
export function loadAssets(): Assets {
  loaded ??= {
    templates: readTemplates(new URL('./templates/', import.meta.url)),
    css: read('./client/report.css'),
    darkCss: read('./client/report-dark.css'),
    client: read('./client/report.js'),
    chartJs: readChartJs(),
  }
  return loaded
}

function readTemplates(directory: URL): Map<string, string> {
  const files = readdirSync(directory).filter((name) => name.endsWith('.hbs'))
  return new Map(
    files.map((name) => [name.slice(0, -'.hbs'.length), readFileSync(new URL(name, directory), 'utf8')]),
  )
}

function read(path: string): string {
  return readFileSync(new URL(path, import.meta.url), 'utf8')
}

/** The package's exports name its module builds only; the one for a plain `script` element lies beside them. */
function readChartJs(): string {
  const main = createRequire(import.meta.url).resolve('chart.js')
  return readFileSync(join(dirname(main), 'chart.umd.min.js'), 'utf8')
}
