import { useEffect } from 'react'
import { go } from './router.ts'
import { toggleTheme } from './theme.ts'

/** The second key after `g`, and where it leads. */
export const goKeys: Readonly<Record<string, string>> = {
  o: '/',
  p: '/opportunities',
  m: '/markets',
  b: '/baskets',
  h: '/health',
  a: '/pairs',
  t: '/backtests',
  c: '/control',
}

const secondKeyMs = 1_200

/** Keys that work on every page, unless somebody is typing. */
export function useShortcuts({ help }: { readonly help: () => void }): void {
  useEffect(() => {
    let goUntil = 0
    const onKey = (event: KeyboardEvent): void => {
      if (event.metaKey || event.ctrlKey || event.altKey || isTyping(event.target)) return
      const target = event.timeStamp < goUntil ? goKeys[event.key] : undefined
      goUntil = 0
      if (target !== undefined) go(target)
      else if (event.key === 'g') goUntil = event.timeStamp + secondKeyMs
      else if (event.key === '?') help()
      else if (event.key === 't') toggleTheme()
      else if (event.key === '/') focusSearch(event)
      else if (event.key === 'Escape') closeDetail()
    }
    addEventListener('keydown', onKey)
    return () => removeEventListener('keydown', onKey)
  }, [help])
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.matches('input, textarea, select') || target.closest('dialog') !== null)
  )
}

function focusSearch(event: KeyboardEvent): void {
  const field = document.querySelector<HTMLInputElement>('input[type=search]')
  if (field === null) return
  event.preventDefault()
  field.select()
}

/** From a detail back to its list. */
function closeDetail(): void {
  const [section, ...rest] = location.pathname.split('/').filter(Boolean)
  if (section !== undefined && rest.length > 0) go(`/${section}${location.search}`)
}
