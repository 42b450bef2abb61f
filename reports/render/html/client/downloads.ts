import { dataOf } from './page.ts'

/** Makes a file of the text that the page carries, by the file's name. */
const FORMATS: Readonly<Record<string, (text: string) => Blob | Promise<Blob>>> = {
  'run.json': (text) => new Blob([`${JSON.stringify(JSON.parse(text), null, 2)}\n`]),
  'samples.ndjson': (text) => decompressed(Uint8Array.from(atob(text), (one) => one.charCodeAt(0))),
}

/** Undoes gzip. */
function decompressed(bytes: Uint8Array<ArrayBuffer>): Promise<Blob> {
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).blob()
}

/** Shows the buttons that hand out the raw data. */
export function offerDownloads(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-download]')) {
    button.hidden = false
    button.addEventListener('click', () => {
      const { download = '', file = '' } = button.dataset
      void save(download, file)
    })
  }
}

async function save(id: string, file: string): Promise<void> {
  const format = FORMATS[file]
  if (format === undefined) throw new TypeError(`no format for ${file}`)
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await format(dataOf(id)))
  link.download = file
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 1000)
}
