import { useSyncExternalStore } from 'react'
import type { MouseEvent } from 'react'

/** Told when the address has changed, by a link of ours or by the browser's own buttons. */
const moved = 'dashboard:moved'

export function go(path: string): void {
  if (path === `${location.pathname}${location.search}`) return
  history.pushState(null, '', path)
  dispatchEvent(new Event(moved))
}

/** Changes the part after the question mark, without a step for the back button. */
export function replaceQuery(query: URLSearchParams): void {
  const text = query.toString()
  history.replaceState(null, '', text === '' ? location.pathname : `${location.pathname}?${text}`)
  dispatchEvent(new Event(moved))
}

function subscribe(listener: () => void): () => void {
  addEventListener(moved, listener)
  addEventListener('popstate', listener)
  return () => {
    removeEventListener(moved, listener)
    removeEventListener('popstate', listener)
  }
}

/** The parts of the path: "/markets/x/y" is ["markets", "x", "y"]. */
export function usePath(): readonly string[] {
  const path = useSyncExternalStore(subscribe, () => location.pathname)
  return path.split('/').filter(Boolean).map(decodeURIComponent)
}

export function useQuery(): URLSearchParams {
  return new URLSearchParams(useSyncExternalStore(subscribe, () => location.search))
}

/** For a link within the dashboard: the page stays, unless another tab was asked for. */
export function follow(event: MouseEvent<HTMLAnchorElement>): void {
  const plain = event.button === 0 && !(event.metaKey || event.ctrlKey || event.shiftKey)
  if (!plain || event.defaultPrevented) return
  event.preventDefault()
  go(event.currentTarget.getAttribute('href') ?? '/')
}
