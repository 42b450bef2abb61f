import { elementOf } from './page.ts'

const darkTheme = elementOf('dark-theme', HTMLStyleElement)

interface Theme {
  name: string
  /** Media query for which the dark style sheet applies. */
  media: string
  scheme: string
}

const SYSTEM: Theme = { name: 'system', media: darkTheme.media, scheme: 'light dark' }

/** Themes in the order of the button. */
const THEMES: readonly Theme[] = [
  SYSTEM,
  { name: 'light', media: 'not all', scheme: 'light' },
  { name: 'dark', media: 'screen', scheme: 'dark' },
]

let chosen = SYSTEM

export function isDark(): boolean {
  return darkTheme.media !== 'not all' && matchMedia(darkTheme.media).matches
}

/** Returns the one of two colours that the theme takes. */
export function ink(colors: { light: string; dark: string }): string {
  return isDark() ? colors.dark : colors.light
}

/** Returns the colour of a CSS custom property. */
export function cssColor(name: string): string {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim()
}

/** Shows the button that switches the theme. `redraw` is called when the colours have changed. */
export function connectTheme(redraw: () => void): void {
  const button = elementOf('theme', HTMLButtonElement)
  button.hidden = false
  button.addEventListener('click', () => {
    chosen = THEMES[(THEMES.indexOf(chosen) + 1) % THEMES.length] ?? SYSTEM
    darkTheme.media = chosen.media
    document.querySelector('meta[name=color-scheme]')?.setAttribute('content', chosen.scheme)
    button.textContent = `Theme: ${chosen.name}`
    redraw()
  })
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', redraw)
}

/** Takes the light theme, whatever was chosen; returns whether that changed anything. */
export function forceLight(): boolean {
  if (!isDark()) return false
  darkTheme.media = 'not all'
  return true
}

/** Takes the chosen theme again; returns whether that changed anything. */
export function restoreTheme(): boolean {
  if (darkTheme.media === chosen.media) return false
  darkTheme.media = chosen.media
  return true
}
