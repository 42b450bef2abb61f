import { forceLight, restoreTheme } from './theme.ts'

/** Prints in the light, with nothing folded away. `redraw` is called when the colours have changed. */
export function preparePrint(redraw: () => void): void {
  const folded = new Set<HTMLDetailsElement>()
  addEventListener('beforeprint', () => {
    for (const details of document.querySelectorAll<HTMLDetailsElement>('details:not([open])')) {
      folded.add(details)
      details.open = true
    }
    // A chart that was folded has no size yet.
    const isLit = forceLight()
    if (isLit || folded.size > 0) redraw()
  })
  addEventListener('afterprint', () => {
    for (const details of folded) details.open = false
    folded.clear()
    if (restoreTheme()) redraw()
  })
}
