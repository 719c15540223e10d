import type { ReactNode } from 'react'
import type { Ladder } from '../../../src/server/schema/market.ts'
import type { Level } from '../../../src/server/schema/scalars.ts'
import { cents, size } from '../format.ts'
import { Icon } from '../icon.tsx'

export type LadderViewProps = {
  readonly ladder: Ladder
  readonly depth: number
  readonly label: string
  /** What a leg takes, and from which side. */
  readonly taken?: { readonly side: 'bids' | 'asks'; readonly levels: readonly Level[] }
}

/** A book: asks above, bids below, each level as long as it is deep. */
export function LadderView({ ladder, depth, label, taken }: LadderViewProps): ReactNode {
  const asks = ladder.asks.slice(0, depth)
  const bids = ladder.bids.slice(0, depth)
  const deepest = Math.max(1, ...[...asks, ...bids].map((level) => Number(level.size)))
  const takenOf = (side: 'bids' | 'asks', price: string): number =>
    taken?.side === side
      ? Number(taken.levels.find((level) => Number(level.price) === Number(price))?.size ?? 0)
      : 0
  return (
    <table className="ladder">
      <caption className="visually-hidden">{label}</caption>
      <thead className="visually-hidden">
        <tr>
          <th scope="col">Price</th>
          <th scope="col">Shares</th>
        </tr>
      </thead>
      <tbody>
        {asks.toReversed().map((level) => (
          <Rung
            key={`a${level.price}`}
            level={level}
            side="ask"
            deepest={deepest}
            taken={takenOf('asks', level.price)}
          />
        ))}
        {asks.length === 0 ? <EmptySide side="asks" /> : null}
        <Spread ladder={ladder} />
        {bids.map((level) => (
          <Rung
            key={`b${level.price}`}
            level={level}
            side="bid"
            deepest={deepest}
            taken={takenOf('bids', level.price)}
          />
        ))}
        {bids.length === 0 ? <EmptySide side="bids" /> : null}
      </tbody>
    </table>
  )
}

type RungProps = {
  readonly level: Level
  readonly side: 'bid' | 'ask'
  readonly deepest: number
  readonly taken: number
}

function Rung({ level, side, deepest, taken }: RungProps): ReactNode {
  const all = Number(level.size)
  return (
    <tr className={`rung ${side}`}>
      <td className="rung-price">{cents(level.price)}</td>
      <td className="right">
        <span className="rung-bar" style={{ transform: `scaleX(${all / deepest})` }} />
        {taken > 0 ? (
          <span
            className="rung-taken"
            style={{ transform: `scaleX(${Math.min(taken, all) / deepest})` }}
          />
        ) : null}
        <span className="rung-size">
          {taken > 0 ? <b>{size(String(taken))} of </b> : null}
          {size(level.size)}
        </span>
      </td>
    </tr>
  )
}

function EmptySide({ side }: { readonly side: string }): ReactNode {
  return (
    <tr>
      <td colSpan={2} className="muted">
        no {side}
      </td>
    </tr>
  )
}

function Spread({ ladder }: { readonly ladder: Ladder }): ReactNode {
  const bid = ladder.bids[0]?.price
  const ask = ladder.asks[0]?.price
  const spread =
    bid === undefined || ask === undefined ? '' : cents(String(Number(ask) - Number(bid)))
  const torn = ladder.torn || Number(bid ?? 0) >= Number(ask ?? 1)
  return (
    <tr className="rung-spread">
      <td colSpan={2}>
        {torn ? (
          <span className="warn">
            <Icon name="alert" /> half a sweep
          </span>
        ) : (
          `spread ${spread === '' ? 'open' : spread}`
        )}
      </td>
    </tr>
  )
}
