export interface Table {
  title: string
  head: readonly string[]
  rows: readonly (readonly string[])[]
}

export function percent(share: number): string {
  return `${(100 * share).toFixed(1)} %`
}
