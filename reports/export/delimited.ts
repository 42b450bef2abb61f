/** CSV as RFC 4180 says: what holds a comma, a quote or a line break is quoted, and quotes in it are doubled. */

export type CsvValue = string | number | null

/** Returns a line without its end; null is an empty field. */
export function csvLine(values: readonly CsvValue[]): string {
  return values.map(fieldOf).join(',')
}

function fieldOf(value: CsvValue): string {
  const text = value === null ? '' : String(value)
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
