import { useSyncExternalStore } from 'react'

export type Theme = 'auto' | 'light' | 'dark'

const storageKey = 'theme'
const changed = 'dashboard:theme'

export function currentTheme(): Theme {
  const stored = localStorage.getItem(storageKey)
  return stored === 'light' || stored === 'dark' ? stored : 'auto'
}

/** Puts the chosen theme on the page; `auto` follows the system. */
export function applyTheme(theme: Theme = currentTheme()): void {
  if (theme === 'auto') delete document.documentElement.dataset['theme']
  else document.documentElement.dataset['theme'] = theme
}

export function chooseTheme(theme: Theme): void {
  localStorage.setItem(storageKey, theme)
  applyTheme(theme)
  dispatchEvent(new Event(changed))
}

export function isDark(): boolean {
  const theme = currentTheme()
  return theme === 'auto' ? matchMedia('(prefers-color-scheme: dark)').matches : theme === 'dark'
}

export function toggleTheme(): void {
  chooseTheme(isDark() ? 'light' : 'dark')
}

/** Whether it is dark now; what draws on a canvas has to draw again when that changes. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, isDark)
}

function subscribe(listener: () => void): () => void {
  const system = matchMedia('(prefers-color-scheme: dark)')
  addEventListener(changed, listener)
  system.addEventListener('change', listener)
  return () => {
    removeEventListener(changed, listener)
    system.removeEventListener('change', listener)
  }
}

/** A colour of the style sheet as a canvas wants it: the theme is settled, no variable is left. */
export function colorOf(variable: string): string {
  const probe = document.createElement('span')
  probe.style.color = `var(${variable})`
  document.body.append(probe)
  const { color } = getComputedStyle(probe)
  probe.remove()
  return color
}
