import type { ReactNode } from 'react'
import type { Basket, BasketLeg } from '../../../src/server/schema/basket.ts'
import { basket as basketSchema } from '../../../src/server/schema/basket.ts'
import {
  cents,
  clockMs,
  dash,
  exactMoney,
  micros,
  millis,
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
import { BasketPill, OperationPill, OrderPill } from '../parts/pill.tsx'
import { Said } from '../parts/said.tsx'
import { Answered } from '../parts/states.tsx'
import { TimeLine } from '../parts/time-line.tsx'
import { useAnswer } from '../request.ts'
import { useMayAct } from '../scope.ts'
import { useRun } from '../stream/use-stream.ts'
import { useControl } from '../use-control.ts'

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
      tools={known === undefined ? null : <BasketPill basket={known} />}
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
        <Figure label="Promised" value={signedMoney(basket.edge)} note="by its signal" />
        <Figure label="Paid" value={money(basket.paid)} note="fees in" />
        <Figure
          label="Decided"
          value={decidedAfterUs === 0 ? 'same turn' : micros(decidedAfterUs)}
          note={decidedAfterUs === 0 ? 'as the frame' : 'after the frame'}
        />
        <Figure label="Closed after" value={micros(closedAfterUs)} note="from the frame" />
        <Figure label="Strategy" value={title(strategy)} note={clockMs(basket.receivedMs)} />
      </Figures>
      {basket.state === 'quarantined' ? <Quarantine basket={basket} /> : null}
      <section>
        <h3>Time line</h3>
        <TimeLine basket={basket} />
      </section>
      <section>
        <h3>Orders</h3>
        {basket.legs.length === 0 ? (
          <p className="muted">None has been sent.</p>
        ) : (
          <Orders legs={basket.legs} />
        )}
      </section>
      <Operations basket={basket} />
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
            <th scope="col">State</th>
            <th scope="col">Market</th>
            <th scope="col" className="right">
              Shares
            </th>
            <th scope="col" className="right">
              Limit
            </th>
            <th scope="col">Fills</th>
            <th scope="col" className="right">
              Fee
            </th>
          </tr>
        </thead>
        <tbody>
          {legs.map((leg) => (
            <tr key={leg.order}>
              <td>
                <SideText {...leg} />
                {leg.purpose === 'open' ? null : <span className="warn"> {leg.purpose}</span>}
              </td>
              <td>
                <OrderPill {...leg} />
              </td>
              <td className="clip">
                <MarketTitle market={leg.market} />
              </td>
              <td className="right nowrap">
                {leg.filled === leg.size ? null : `${size(leg.filled)} of `}
                {size(leg.size)}
              </td>
              <td className="right">{cents(leg.limit)}</td>
              <td>
                {leg.fills.map((fill) => (
                  <span key={fill.trade} className="fill-line">
                    {size(fill.size)} at {cents(fill.price)}
                  </span>
                ))}
              </td>
              <td className="right">{leg.fee === '0' ? '' : exactMoney(leg.fee)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

/** A person has to look at what is left, and says when that is done. */
function Quarantine({ basket }: { readonly basket: Basket }): ReactNode {
  const mayAct = useMayAct()
  const control = useControl()
  const path = `/api/control/baskets/${encodeURIComponent(basket.id)}/release`
  return (
    <section className="quarantine" role="alert">
      <p>
        <span className="strong">This waits for you: {words(basket.reason)}.</span> Its legs are
        unequal, and no order within its limits makes them equal. Buy or sell what is missing at the
        venue, or keep what there is; then release it.
      </p>
      <div className="actions-row">
        <button
          type="button"
          className="button"
          disabled={!mayAct || control.busy}
          onClick={() => void control.send(path, 'POST')}
        >
          Release it
        </button>
        <Said control={control} />
      </div>
    </section>
  )
}

function Operations({ basket }: { readonly basket: Basket }): ReactNode {
  const operations = useRun((run) => run.operations)
  const own = operations.filter((each) => each.basket === basket.id)
  if (own.length === 0) return null
  return (
    <section>
      <h3>Settlement operations</h3>
      <div className="table-scroll" tabIndex={0} role="group" aria-label="Settlement operations">
        <table className="lines">
          <thead>
            <tr>
              <th scope="col">What</th>
              <th scope="col" className="right">
                Shares
              </th>
              <th scope="col" className="right">
                Sent after
              </th>
              <th scope="col" className="right">
                Took
              </th>
              <th scope="col" className="right">
                Cash
              </th>
              <th scope="col">Name at the venue</th>
              <th scope="col">State</th>
            </tr>
          </thead>
          <tbody>
            {own.map((each) => (
              <tr key={each.id}>
                <td>{title(each.kind)}</td>
                <td className="right">{each.size === null ? 'all' : size(each.size)}</td>
                <td className="right">{millis(each.sentMs - basket.receivedMs)}</td>
                <td className="right">
                  {each.doneMs === null ? dash : millis(each.doneMs - each.sentMs)}
                </td>
                <td className="right">{each.cashIn === null ? dash : signedMoney(each.cashIn)}</td>
                <td className="clip mono">{each.reference === '' ? dash : each.reference}</td>
                <td>
                  <OperationPill {...each} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  )
}
