import type { ReactNode } from 'react'
import type {
  Decision,
  OpportunityDetail,
  OpportunityLeg,
} from '../../../src/server/schema/opportunity.ts'
import { opportunityDetail } from '../../../src/server/schema/opportunity.ts'
import {
  cents,
  clockMs,
  days,
  exactMoney,
  millis,
  money,
  percent,
  size,
  title,
  words,
  yearlyPercent,
  dash,
} from '../format.ts'
import { DetailFrame } from '../parts/detail-frame.tsx'
import { Figure, Figures } from '../parts/figure.tsx'
import { LadderView } from '../parts/ladder.tsx'
import { Link } from '../parts/link.tsx'
import { MarketTitle, SideText } from '../parts/market-title.tsx'
import { PayoffTable } from '../parts/payoff-table.tsx'
import { Pill, ProofPill, VerdictPill } from '../parts/pill.tsx'
import { readLadder } from '../parts/read-ladder.ts'
import { Answered } from '../parts/states.tsx'
import { useAnswer } from '../request.ts'
import { useBooks, useRun } from '../stream/use-stream.ts'

/** One mispricing whole: what it pays in every case, what it takes, and what became of it. */
export function OpportunityDetailView({ id }: { readonly id: string }): ReactNode {
  const row = useRun(({ opportunities }) => opportunities.find((each) => each.id === id))
  // Asked again when the row changes: decisions and baskets come with it.
  const version = row === undefined ? '' : `#${row.attempts}${row.verdict}${row.state}`
  const asked = useAnswer(
    `/api/opportunities/${encodeURIComponent(id)}${version}`,
    opportunityDetail,
  )
  return (
    <DetailFrame
      title={row?.title ?? 'Opportunity'}
      back={`/opportunities${location.search}`}
      {...(row === undefined ? {} : { note: title(row.strategy) })}
      tools={row === undefined ? null : <VerdictPill verdict={row.verdict} />}
    >
      <Answered asked={asked} rows={8}>
        {(detail) => <Detail detail={detail} />}
      </Answered>
    </DetailFrame>
  )
}

function Detail({ detail }: { readonly detail: OpportunityDetail }): ReactNode {
  return (
    <div className="sections">
      <Summary detail={detail} />
      <section>
        <h3>What it pays, whatever happens</h3>
        <PayoffTable states={detail.states} edge={detail.edge} />
      </section>
      <section>
        <h3>Legs, and the depth they take</h3>
        <div className="legs">
          {detail.legs.map((leg) => (
            <Leg key={`${leg.market.id} ${leg.outcome}`} leg={leg} />
          ))}
        </div>
      </section>
      <section>
        <h3>What this rests on</h3>
        {detail.assumptions.length === 0 ? (
          <p className="muted">Nothing but the books themselves.</p>
        ) : (
          <ul className="bullets">
            {detail.assumptions.map((assumption) => (
              <li key={assumption}>{assumption}</li>
            ))}
          </ul>
        )}
      </section>
      <section>
        <h3>Why it was {detail.attempts > 0 ? 'traded' : 'not traded'}</h3>
        <Decisions detail={detail} />
      </section>
    </div>
  )
}

function Summary({ detail }: { readonly detail: OpportunityDetail }): ReactNode {
  const { edgeRate, cost, fee, lockDays, annualisedRate, firstSeenMs, lastSeenMs, endedMs } = detail
  const lasted = millis((endedMs ?? lastSeenMs) - firstSeenMs)
  // A strategy of the user's own has an opinion, and an opinion guarantees nothing.
  const isProven = detail.states.length > 0
  return (
    <Figures>
      <Figure
        label={isProven ? 'Guaranteed' : 'Expected, not proven'}
        value={exactMoney(detail.edge)}
        tone={isProven ? 'gain' : ''}
        note={`${percent(edgeRate)} of what it pays`}
      />
      <Figure label="Costs" value={money(cost)} note={`and at most ${money(fee)} fees`} />
      <Figure
        label="By year"
        value={annualisedRate === null ? dash : yearlyPercent(annualisedRate)}
        note={lockDays === 0 ? `${detail.realisation}, at once` : `locked for ${days(lockDays)}`}
      />
      <Figure
        label="Lasted"
        value={detail.state === 'open' ? 'open now' : lasted}
        note={
          detail.endedBy === null ? `seen ${lasted} so far` : `ended by ${words(detail.endedBy)}`
        }
      />
    </Figures>
  )
}

const depthShown = 5

function Leg({ leg }: { readonly leg: OpportunityLeg }): ReactNode {
  const books = useBooks(leg.market.venue, leg.market.id)
  const ladder = books === undefined ? undefined : readLadder(books, leg.outcome)
  const side = leg.side === 'buy' ? 'asks' : 'bids'
  return (
    <article className="leg">
      <header>
        <MarketTitle market={leg.market} />
        <p>
          <SideText {...leg} /> {size(leg.size)} to {cents(leg.limit)}
        </p>
        <p className="muted">
          {leg.taken.map(({ price, size: part }) => `${size(part)} at ${cents(price)}`).join(', ')}
          {leg.fee === '0' ? '' : `, fee ${money(leg.fee)}`}
        </p>
      </header>
      {ladder === undefined ? (
        <p className="muted">The book of this market is not followed any more.</p>
      ) : (
        <>
          <p className="leg-book">
            <span className="muted">Its book now</span> <ProofPill state={ladder.state} />
          </p>
          <LadderView
            ladder={ladder}
            depth={depthShown}
            label={`Book of ${leg.market.question}, ${leg.outcome}`}
            taken={{ side, levels: leg.taken }}
          />
        </>
      )}
    </article>
  )
}

function Decisions({ detail }: { readonly detail: OpportunityDetail }): ReactNode {
  const { decisions, baskets } = detail
  return (
    <>
      <ul className="decisions">
        {decisions.map((decision) => (
          <li key={`${decision.atMs} ${decision.reason}`}>
            <time className="muted">{clockMs(decision.atMs)}</time>
            {decision.approved ? (
              <Pill tone="gain">approved</Pill>
            ) : (
              <Pill tone="warn">refused</Pill>
            )}
            <span>{reasonOf(decision)}</span>
          </li>
        ))}
      </ul>
      {decisions.length === 0 ? <p className="muted">Risk has not been asked yet.</p> : null}
      {baskets.length === 0 ? null : (
        <p className="basket-links">
          {baskets.map((id) => (
            <Link key={id} to={`/baskets/${encodeURIComponent(id)}`} className="link">
              Basket {id}
            </Link>
          ))}
        </p>
      )}
    </>
  )
}

function reasonOf({ approved, reason, edge }: Decision): string {
  return approved ? `a basket for ${money(edge)}` : words(reason)
}
