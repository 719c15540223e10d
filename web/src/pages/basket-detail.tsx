import type { ReactNode } from 'react'
import type { Basket, BasketLeg } from '../../../src/server/schema/basket.ts'
import { basket as basketSchema } from '../../../src/server/schema/basket.ts'
import {
  cents,
  clockMs,
  exactMoney,
  micros,
  money,
  signedMoney,
  size,
  title,
  words,
} from '../format.ts'
import { DetailFrame } from '../parts/detail-frame.tsx'
import { Figure, Figures } from '../parts/figure.tsx'
import { Link } from '../parts/link.tsx'
import { MarketTitle, SideText } from '../parts/market-title.tsx'
import { BasketPill, Pill } from '../parts/pill.tsx'
import { Answered } from '../parts/states.tsx'
import { TimeLine } from '../parts/time-line.tsx'
import { useAnswer } from '../request.ts'
import { useRun } from '../stream/use-stream.ts'

/** One basket: its legs on a time line, and what became of each order. */
export function BasketDetailView({ id }: { readonly id: string }): ReactNode {
  const live = useRun(({ baskets }) => baskets.find((each) => each.id === id))
  // An older one than the stream tells of is asked for.
  const path = live === undefined ? `/api/baskets/${encodeURIComponent(id)}` : undefined
  const asked = useAnswer(path, basketSchema)
  const known = live ?? asked.data
  return (
    <DetailFrame
      title={known?.title ?? 'Basket'}
      note={id}
      back="/baskets"
      tools={known === undefined ? null : <BasketPill state={known.state} />}
    >
      {live === undefined ? (
        <Answered asked={asked}>{(basket) => <Detail basket={basket} />}</Answered>
      ) : (
        <Detail basket={live} />
      )}
    </DetailFrame>
  )
}

function Detail({ basket }: { readonly basket: Basket }): ReactNode {
  const { opportunity, decidedAfterUs, closedAfterUs, strategy } = basket
  const keepsJournal = useRun(({ status }) => status.run.keepsJournal)
  return (
    <div className="sections">
      <Figures>
        <Figure label="Promised" value={signedMoney(basket.edge)} note="by its certificate" />
        <Figure label="Paid" value={money(basket.paid)} note="fees in" />
        <Figure
          label="Decided"
          value={decidedAfterUs === 0 ? 'same turn' : micros(decidedAfterUs)}
          note={decidedAfterUs === 0 ? 'as the frame' : 'after the frame'}
        />
        <Figure label="Closed after" value={micros(closedAfterUs)} note="from the frame" />
        <Figure label="Strategy" value={title(strategy)} note={clockMs(basket.receivedMs)} />
      </Figures>
      <section>
        <h3>Time line</h3>
        <TimeLine basket={basket} />
      </section>
      <section>
        <h3>Orders</h3>
        <Orders legs={basket.legs} />
      </section>
      {opportunity === null ? null : (
        <p>
          <Link className="link" to={`/opportunities/${encodeURIComponent(opportunity)}`}>
            The opportunity it was for, with its certificate
          </Link>
        </p>
      )}
      {keepsJournal ? (
        <p>
          <Link className="link" to={`/journal?text=${encodeURIComponent(basket.id)}`}>
            What the journal has of it
          </Link>
        </p>
      ) : null}
    </div>
  )
}

function Orders({ legs }: { readonly legs: readonly BasketLeg[] }): ReactNode {
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label="Orders">
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Leg</th>
            <th scope="col">Market</th>
            <th scope="col" className="right">
              Filled
            </th>
            <th scope="col" className="right">
              Limit
            </th>
            <th scope="col">Fills</th>
            <th scope="col" className="right">
              Fee
            </th>
            <th scope="col">State</th>
          </tr>
        </thead>
        <tbody>
          {legs.map((leg) => (
            <tr key={leg.order}>
              <td>
                <SideText {...leg} />
                {leg.purpose === 'unwind' ? <span className="warn"> unwind</span> : null}
              </td>
              <td className="clip">
                <MarketTitle market={leg.market} />
              </td>
              <td className="right nowrap">
                {size(leg.filled)} <span className="muted">of {size(leg.size)}</span>
              </td>
              <td className="right">{cents(leg.limit)}</td>
              <td>
                {leg.fills.map((fill) => (
                  <span key={`${fill.afterUs} ${fill.price}`} className="fill-line">
                    {size(fill.size)} at {cents(fill.price)}
                  </span>
                ))}
              </td>
              <td className="right">{leg.fee === '0' ? '' : exactMoney(leg.fee)}</td>
              <td>
                <LegPill leg={leg} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function LegPill({ leg }: { readonly leg: BasketLeg }): ReactNode {
  const tones = {
    sent: 'accent',
    filled: 'gain',
    'partly-filled': 'warn',
    rejected: 'loss',
    'not-attempted': 'calm',
    unknown: 'warn',
  } as const
  const why = leg.reason === '' || leg.state === 'filled' ? '' : `: ${words(leg.reason)}`
  return (
    <Pill tone={tones[leg.state]}>
      {words(leg.state)}
      {why}
    </Pill>
  )
}
