import type { ReactNode } from 'react'
import type { PairDetail, PairFinding, PairSide } from '../../../src/server/schema/pair.ts'
import { pairDetail } from '../../../src/server/schema/pair.ts'
import { cents, clockMs, dash, date, title, words } from '../format.ts'
import { DetailFrame } from '../parts/detail-frame.tsx'
import { Figure, Figures } from '../parts/figure.tsx'
import { MarketTitle } from '../parts/market-title.tsx'
import type { Tone } from '../parts/pill.tsx'
import { Pill } from '../parts/pill.tsx'
import { Answered } from '../parts/states.tsx'
import { useAnswer } from '../request.ts'
import type { Stretch } from './mark-differences.ts'
import { markDifferences } from './mark-differences.ts'
import { PairDecision } from './pair-decision.tsx'
import { PairPill } from '../parts/pair-pill.tsx'

export type PairDetailProps = { readonly id: string; readonly onDecided: () => void }

/** Two questions side by side, with what differs marked, and the word of a person on them. */
export function PairDetailView({ id, onDecided }: PairDetailProps): ReactNode {
  const asked = useAnswer(`/api/pairs/${encodeURIComponent(id)}`, pairDetail)
  const known = asked.data
  return (
    <DetailFrame
      title={known?.first.question ?? 'Pair'}
      back="/pairs"
      tools={known === undefined ? null : <PairPill state={known.state} />}
    >
      <Answered asked={asked} rows={8}>
        {(pair) => (
          <div className="sections">
            <Verdict pair={pair} />
            <Sides pair={pair} />
            <section>
              <h3>What was compared</h3>
              <Findings findings={pair.findings} />
            </section>
            <Scenarios pair={pair} />
            <section>
              <h3>Decide</h3>
              <PairDecision
                pair={pair}
                onDecided={() => {
                  asked.again()
                  onDecided()
                }}
              />
            </section>
          </div>
        )}
      </Answered>
    </DetailFrame>
  )
}

function Verdict({ pair }: { readonly pair: PairDetail }): ReactNode {
  const { verdict, orientation, decidedBy, decidedAtMs, note } = pair
  return (
    <Figures>
      <Figure label="By their rules" value={title(verdict)} note="as far as they could be read" />
      <Figure
        label="YES goes with"
        value={orientation === 'same' ? 'YES' : 'NO'}
        note="of the other venue"
      />
      <Figure
        label="Decided by"
        value={decidedBy ?? 'nobody yet'}
        note={
          decidedAtMs === null ? 'it cannot trade' : `${date(decidedAtMs)} ${clockMs(decidedAtMs)}`
        }
      />
      {note === null ? null : <Figure label="Note" value={note} />}
    </Figures>
  )
}

function Sides({ pair }: { readonly pair: PairDetail }): ReactNode {
  const [first, second] = pair.sides
  if (first === undefined || second === undefined) return null
  const rules = markDifferences(first.rules, second.rules)
  return (
    <div className="sides">
      <Side side={first} rules={rules[0]} />
      <Side side={second} rules={rules[1]} />
    </div>
  )
}

type SideProps = { readonly side: PairSide; readonly rules: readonly Stretch[] }

function Side({ side, rules }: SideProps): ReactNode {
  const { market, outcomes, source, closesAtMs, bid, ask } = side
  return (
    <article className="leg">
      <header>
        <p className="muted">{title(market.venue)}</p>
        <p className="strong">
          <MarketTitle market={market} />
        </p>
      </header>
      <dl className="facts">
        <dt>Prices</dt>
        <dd>
          {bid === null ? dash : cents(bid)} bid, {ask === null ? dash : cents(ask)} ask
        </dd>
        <dt>Outcomes</dt>
        <dd>{outcomes.join(', ')}</dd>
        <dt>Closes</dt>
        <dd>{closesAtMs === null ? dash : date(closesAtMs)}</dd>
        <dt>Decided by</dt>
        <dd>{source === '' ? dash : source}</dd>
      </dl>
      <p className="rules">
        {rules.map(({ text, isOwn }, index) =>
          isOwn ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>,
        )}
      </p>
    </article>
  )
}

const findingTones: Readonly<Record<PairFinding['kind'], Tone>> = {
  same: 'gain',
  veto: 'loss',
  unknown: 'warn',
  'one-way': 'accent',
  allow: 'warn',
}

const findingWords: Readonly<Record<PairFinding['kind'], string>> = {
  same: 'alike',
  veto: 'differs',
  unknown: 'not known',
  'one-way': 'one-way',
  allow: 'to allow',
}

function Findings({ findings }: { readonly findings: readonly PairFinding[] }): ReactNode {
  return (
    <table className="lines">
      <tbody>
        {findings.map(({ dimension, detail, kind }) => (
          <tr key={`${dimension} ${detail}`}>
            <td className="nowrap">{title(words(dimension))}</td>
            <td>
              <Pill tone={findingTones[kind]}>{findingWords[kind]}</Pill>
            </td>
            <td className="soft">{detail}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function Scenarios({ pair }: { readonly pair: PairDetail }): ReactNode {
  const { scenarios, first, second } = pair
  if (scenarios.length === 0) return null
  return (
    <section>
      <h3>How they could pay differently</h3>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">If</th>
            <th scope="col">{title(first.venue)} pays</th>
            <th scope="col">{title(second.venue)} pays</th>
          </tr>
        </thead>
        <tbody>
          {scenarios.map((scenario) => (
            <tr key={scenario.what}>
              <td>{scenario.what}</td>
              <td className="soft">{scenario.first}</td>
              <td className="soft">{scenario.second}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  )
}
