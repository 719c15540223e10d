import type { ReactNode } from 'react'
import { clock, clockMs, date } from '../format.ts'

/** A time of day; the rest is there to point at. */
export function Time({ ms }: { readonly ms: number }): ReactNode {
  return (
    <time
      className="soft"
      dateTime={new Date(ms).toISOString()}
      title={`${date(ms)} ${clockMs(ms)}`}
    >
      {clock(ms)}
    </time>
  )
}
