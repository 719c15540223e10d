import type { ReactNode } from 'react'
import type { Basket, BasketLeg } from '../../../src/server/schema/basket.ts'
import { cents, micros, size, title } from '../format.ts'

/** Room after the last instant, so that its label is not cut. */
const roomAfter = 1.06

/**
 * A basket from the frame that caused it to its end: when each leg was sent, and when it filled.
 */
export function TimeLine({ basket }: { readonly basket: Basket }): ReactNode {
  const { legs, steps, decidedAfterUs, closedAfterUs } = basket
  const last = Math.max(
    1,
    decidedAfterUs,
    closedAfterUs ?? 0,
    ...legs.flatMap(({ sentAfterUs, doneAfterUs }) => [sentAfterUs, doneAfterUs ?? 0]),
    ...steps.map(({ afterUs }) => afterUs),
  )
  const place = (us: number): string => `${(us / (last * roomAfter)) * 100}%`
  return (
    <div className="time-line">
      <div className="time-axis" aria-hidden="true">
        {ticksUpTo(last).map((us) => (
          <span key={us} style={{ left: place(us) }}>
            {micros(us)}
          </span>
        ))}
      </div>
      <ol>
        <Mark
          label="Frame in, decided"
          at={micros(decidedAfterUs)}
          from={place(0)}
          to={place(decidedAfterUs)}
        />
        {legs.map((leg) => (
          <Leg key={leg.order} leg={leg} place={place} last={last} />
        ))}
        {marked(basket).map(({ afterUs, state }) => (
          <Mark
            key={`${afterUs} ${state}`}
            label={title(state)}
            at={micros(afterUs)}
            from={place(afterUs)}
            to={place(afterUs)}
          />
        ))}
        {closedAfterUs === null ? null : (
          <Mark
            label="Closed"
            at={micros(closedAfterUs)}
            from={place(closedAfterUs)}
            to={place(closedAfterUs)}
          />
        )}
      </ol>
    </div>
  )
}

/** More changes of state than this nobody reads as a line. */
const marksMax = 12
const trouble = ['reconciling', 'pricing', 'completing', 'unwinding', 'quarantined']

/** The changes of state that are not the plain way from sent to closed. */
function marked({ steps }: Basket): Basket['steps'] {
  return steps.filter(({ state }) => trouble.includes(state)).slice(-marksMax)
}

type MarkProps = {
  readonly label: string
  readonly at: string
  readonly from: string
  readonly to: string
}

function Mark({ label, at, from, to }: MarkProps): ReactNode {
  return (
    <li className="time-row">
      <span className="time-label">
        {label} <span className="muted">{at}</span>
      </span>
      <span className="time-track">
        <span className="time-bar mark" style={{ left: from, right: `calc(100% - ${to})` }} />
      </span>
    </li>
  )
}

type LegProps = {
  readonly leg: BasketLeg
  readonly place: (us: number) => string
  readonly last: number
}

function Leg({ leg, place, last }: LegProps): ReactNode {
  const { sentAfterUs, liveAfterUs, doneAfterUs, fills, outcome, side, market, state } = leg
  const done = doneAfterUs ?? last
  const name = market.label === '' ? market.question : market.label
  return (
    <li className="time-row">
      <span className="time-label" title={market.question}>
        {side === 'buy' ? 'Buy' : 'Sell'}{' '}
        <span className={`outcome ${outcome}`}>{outcome.toUpperCase()}</span> {name}{' '}
        <span className="muted">{micros(doneAfterUs)}</span>
      </span>
      <span className="time-track">
        <span
          className={`time-bar ${state} ${leg.purpose}`}
          style={{ left: place(sentAfterUs), right: `calc(100% - ${place(done)})` }}
          title={`sent after ${micros(sentAfterUs)}, ${state} after ${micros(doneAfterUs)}`}
        />
        {liveAfterUs === null ? null : (
          <span
            className="time-live"
            style={{ left: place(liveAfterUs) }}
            title={`in the book after ${micros(liveAfterUs)}`}
          />
        )}
        {fills.map((fill) => (
          <span
            key={fill.trade}
            className="time-fill"
            style={{ left: place(fill.afterUs) }}
            title={`${size(fill.size)} at ${cents(fill.price)} after ${micros(fill.afterUs)}`}
          />
        ))}
      </span>
    </li>
  )
}

/** Four or five round instants. */
function ticksUpTo(last: number): readonly number[] {
  const rough = last / 4
  const magnitude = 10 ** Math.floor(Math.log10(rough))
  const step =
    [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => each >= rough) ?? last
  return Array.from({ length: Math.floor(last / step) + 1 }, (_, index) => index * step)
}
