import type { ReactNode } from 'react'

export type IconName =
  | 'overview'
  | 'opportunities'
  | 'markets'
  | 'baskets'
  | 'health'
  | 'pairs'
  | 'backtests'
  | 'control'
  | 'search'
  | 'close'
  | 'pause'
  | 'play'
  | 'stop'
  | 'sun'
  | 'moon'
  | 'check'
  | 'alert'
  | 'back'
  | 'right'
  | 'keyboard'

/** Outlines on a grid of 16, a line and a half wide. */
const outlines: Readonly<Record<IconName, string>> = {
  overview: 'M2 13.5h12 M2.5 10.5l3.5-4 3 2.5 4.5-6',
  opportunities:
    'M8 1.8v2 M8 12.2v2 M1.8 8h2 M12.2 8h2 M8 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7z',
  markets: 'M2.5 4h11 M2.5 8h7.5 M2.5 12h4.5',
  baskets: 'M2 6h12l-1.4 7.5H3.4z M5 6l1.8-3.8 M11 6L9.2 2.2',
  health: 'M1.8 8.5h3l2-5 2.6 9 2-4h2.8',
  pairs: 'M6.2 4.5h-2a3.5 3.5 0 0 0 0 7h2 M9.8 4.5h2a3.5 3.5 0 0 1 0 7h-2 M5.5 8h5',
  backtests: 'M2.5 8a5.5 5.5 0 1 0 1.8-4.1 M2.5 2.5v2.8h2.8 M8 5v3.2l2.2 1.4',
  control: 'M3 4.5h10 M3 11.5h10 M6 2.8v3.4 M10 9.8v3.4',
  search: 'M7 11.5a4.5 4.5 0 1 0 0-9 4.5 4.5 0 0 0 0 9z M10.4 10.4l3.4 3.4',
  close: 'M4 4l8 8 M12 4l-8 8',
  pause: 'M5.5 3.5v9 M10.5 3.5v9',
  play: 'M4.5 3l8 5-8 5z',
  stop: 'M4 4h8v8H4z',
  sun:
    'M8 10.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z M8 1.5v1.4 M8 13.1v1.4 M1.5 8h1.4 ' +
    'M13.1 8h1.4 M3.4 3.4l1 1 M11.6 11.6l1 1 M12.6 3.4l-1 1 M4.4 11.6l-1 1',
  moon: 'M13.5 9.8A6 6 0 0 1 6.2 2.5a6 6 0 1 0 7.3 7.3z',
  check: 'M3 8.5l3.2 3.2L13 4.8',
  alert: 'M8 2.2l6.3 11.3H1.7z M8 6.5v3.2 M8 11.6v.2',
  back: 'M9.5 3.5L5 8l4.5 4.5',
  right: 'M6.5 3.5L11 8l-4.5 4.5',
  keyboard: 'M1.8 4.2h12.4v7.6H1.8z M4.2 6.8h.4 M7 6.8h.4 M9.8 6.8h.4 M5 9.4h6',
}

/** A picture beside words: whoever cannot see it misses nothing. */
export function Icon({ name }: { readonly name: IconName }): ReactNode {
  return (
    <svg className="icon" viewBox="0 0 16 16" aria-hidden="true">
      <path d={outlines[name]} />
    </svg>
  )
}
