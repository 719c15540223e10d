import type { ReactNode } from 'react'
import type { MarketBooks, MarketDetail } from '../../../src/server/schema/market.ts'
import { marketDetail } from '../../../src/server/schema/market.ts'
import { PriceChart } from '../charts/price-chart.tsx'
import { cents, clockMs, date, dash, millis, shortMoney, title } from '../format.ts'
import { DetailFrame } from '../parts/detail-frame.tsx'
import { Figure, Figures } from '../parts/figure.tsx'
import { LadderView } from '../parts/ladder.tsx'
import { Link } from '../parts/link.tsx'
import { Pill, ProofPill } from '../parts/pill.tsx'
import { readLadder } from '../parts/read-ladder.ts'
import { Answered, Empty } from '../parts/states.tsx'
import { useAnswer } from '../request.ts'
import { useBooks } from '../stream/use-stream.ts'

export type MarketDetailProps = { readonly venue: string; readonly id: string }

const pollMs = 2_000
const depthShown = 8

/** One market: its book as it lives, the proof of it, how the price moved, and its rules. */
export function MarketDetailView({ venue, id }: MarketDetailProps): ReactNode {
  const path = `/api/markets/${encodeURIComponent(venue)}/${encodeURIComponent(id)}`
  const asked = useAnswer(path, marketDetail, pollMs)
  const books = useBooks(venue, id)
  return (
    <DetailFrame
      title={asked.data?.question ?? 'Market'}
      note={title(venue)}
      back={`/markets${location.search}`}
      tools={asked.data === undefined ? null : <ProofPill state={asked.data.state} />}
    >
      <Answered asked={asked} rows={8}>
        {(market) => <Detail market={market} books={books} />}
      </Answered>
    </DetailFrame>
  )
}

type DetailProps = { readonly market: MarketDetail; readonly books: MarketBooks | undefined }

function Detail({ market, books }: DetailProps): ReactNode {
  return (
    <div className="sections">
      <Prices market={market} />
      <section>
        <h3>Best prices over the last minutes</h3>
        {market.history.length === 0 ? (
          <Empty title="No history yet">It is kept from the first proven book on.</Empty>
        ) : (
          <PriceChart
            history={market.history}
            label={`Best prices of ${market.question}: bid ${market.bid ?? 'none'}, ask ${market.ask ?? 'none'}`}
          />
        )}
      </section>
      <section>
        <h3>
          {market.bookKind === 'mirrored'
            ? 'The book, read from both outcomes'
            : 'Two books, one for each outcome'}
        </h3>
        <Books market={market} books={books} />
      </section>
      <Facts market={market} />
    </div>
  )
}

function Prices({ market }: { readonly market: MarketDetail }): ReactNode {
  const { bid, ask, changedMs, volume24h, closesAtMs, resolvedYes } = market
  return (
    <Figures>
      <Figure label="Bid" value={bid === null ? dash : cents(bid)} tone="gain" note="for YES" />
      <Figure label="Ask" value={ask === null ? dash : cents(ask)} tone="loss" note="for YES" />
      <Figure
        label="Last change"
        value={changedMs === null ? dash : clockMs(changedMs)}
        note={market.status}
      />
      <Figure
        label="Volume 24 h"
        value={volume24h === null ? dash : shortMoney(volume24h)}
        note={market.liquidity === null ? '' : `${shortMoney(market.liquidity)} liquidity`}
      />
      <Figure
        label={resolvedYes === null ? 'Closes' : 'Resolved'}
        value={resolvedYes === null ? closes(closesAtMs) : `YES is $${resolvedYes}`}
        note={closesAtMs === null ? '' : `in ${millis(Math.max(0, closesAtMs - Date.now()))}`}
      />
    </Figures>
  )
}

function closes(ms: number | null): string {
  return ms === null ? dash : date(ms)
}

function Books({ market, books }: DetailProps): ReactNode {
  if (books === undefined) return <Empty title="No book">This market is not followed.</Empty>
  return (
    <div className="legs two">
      {(['yes', 'no'] as const).map((outcome) => {
        const ladder = readLadder(books, outcome)
        if (ladder === undefined) return null
        const label = outcome === 'yes' ? market.yesLabel : market.noLabel
        return (
          <div key={outcome} className="leg">
            <p className="leg-book">
              <span>
                <span className={`outcome ${outcome}`}>{outcome.toUpperCase()}</span>{' '}
                {label.toLowerCase() === outcome ? null : <span className="soft">{label}</span>}
              </span>
              <ProofPill state={ladder.state} />
            </p>
            <LadderView
              ladder={ladder}
              depth={depthShown}
              label={`Book of ${outcome} of ${market.question}`}
            />
          </div>
        )
      })}
    </div>
  )
}

function Facts({ market }: { readonly market: MarketDetail }): ReactNode {
  const { setId, setTitle, venue } = market
  return (
    <section>
      <h3>Terms</h3>
      <dl className="facts">
        {setId === null ? null : (
          <>
            <dt>Set</dt>
            <dd>
              <Link
                className="link"
                to={`/markets/set/${encodeURIComponent(venue)}/${encodeURIComponent(setId)}`}
              >
                {setTitle ?? setId}
              </Link>
            </dd>
          </>
        )}
        <dt>Taker fee</dt>
        <dd>{market.fee}</dd>
        <dt>Price step</dt>
        <dd>{cents(market.step)}</dd>
        <dt>Least order</dt>
        <dd>
          {market.sizeMin} shares, in lots of {market.lot}
        </dd>
        {market.takerDelayMs === 0 ? null : (
          <>
            <dt>Taker delay</dt>
            <dd>{millis(market.takerDelayMs)}</dd>
          </>
        )}
        <dt>Rules</dt>
        <dd className="prose">{market.rules === '' ? dash : market.rules}</dd>
        <dt>Decided by</dt>
        <dd>{market.resolutionSource === '' ? dash : market.resolutionSource}</dd>
        <dt>Tags</dt>
        <dd className="tags">
          {market.tags.map((tag) => (
            <Pill key={tag} tone="calm">
              {tag}
            </Pill>
          ))}
        </dd>
        <dt>Name</dt>
        <dd className="mono">{market.id}</dd>
      </dl>
    </section>
  )
}
