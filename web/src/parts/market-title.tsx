import type { ReactNode } from 'react'
import type { MarketName, Outcome, Side } from '../../../src/server/schema/scalars.ts'
import { Link } from './link.tsx'

export function marketPath({ venue, id }: { readonly venue: string; readonly id: string }): string {
  return `/markets/${encodeURIComponent(venue)}/${encodeURIComponent(id)}`
}

/** The short name within its set where it has one; its question is there to point at. */
export function MarketTitle({ market }: { readonly market: MarketName }): ReactNode {
  return (
    <Link to={marketPath(market)} className="title-link">
      <span title={market.question}>{market.question}</span>
    </Link>
  )
}

/** "Buy YES": the side and the outcome of a leg. */
export function SideText({ side, outcome }: SideProps): ReactNode {
  return (
    <span className="nowrap">
      <span className="soft">{side === 'buy' ? 'Buy' : 'Sell'}</span>{' '}
      <span className={`outcome ${outcome}`}>{outcome.toUpperCase()}</span>
    </span>
  )
}

type SideProps = { readonly side: Side; readonly outcome: Outcome }
