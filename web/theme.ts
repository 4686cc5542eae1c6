import { createSignal } from 'solid-js'

export const THEMES = ['system', 'light', 'dark'] as const
export type Theme = (typeof THEMES)[number]

const KEY = 'theme'
const system = matchMedia('(prefers-color-scheme: dark)')

const stored = localStorage.getItem(KEY)
const [theme, writeTheme] = createSignal<Theme>(stored === 'light' || stored === 'dark' ? stored : 'system')
const [isDark, setIsDark] = createSignal(document.documentElement.dataset.theme === 'dark')

/** What was chosen in this browser, and whether the page is dark because of it. /theme.js reads the same before paint. */
export { isDark, theme }

export function setTheme(to: Theme): void {
  if (to === 'system') localStorage.removeItem(KEY)
  else localStorage.setItem(KEY, to)
  writeTheme(to)
  paint()
}

function paint(): void {
  const dark = theme() === 'dark' || (theme() === 'system' && system.matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
  setIsDark(dark)
}

system.addEventListener('change', paint)
