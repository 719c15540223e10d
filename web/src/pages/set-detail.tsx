import type { ReactNode } from 'react'
import type { SetDetail, SetMember } from '../../../src/server/schema/market.ts'
import { setDetail } from '../../../src/server/schema/market.ts'
import { cents, dash, size, sumOfCents, title } from '../format.ts'
import { DetailFrame } from '../parts/detail-frame.tsx'
import { Figure, Figures } from '../parts/figure.tsx'
import { Link } from '../parts/link.tsx'
import { marketPath } from '../parts/market-title.tsx'
import { ProofPill } from '../parts/pill.tsx'
import { Answered } from '../parts/states.tsx'
import { useAnswer } from '../request.ts'
import { ClaimPill } from './set-table.tsx'

export type SetDetailProps = { readonly venue: string; readonly id: string }

/** One outcome set: its members side by side, and what all of them cost. */
export function SetDetailView({ venue, id }: SetDetailProps): ReactNode {
  const path = `/api/sets/${encodeURIComponent(venue)}/${encodeURIComponent(id)}`
  const asked = useAnswer(path, setDetail, 1_000)
  return (
    <DetailFrame
      title={asked.data?.title ?? 'Outcome set'}
      note={title(venue)}
      back="/markets?view=sets"
    >
      <Answered asked={asked} rows={8}>
        {(set) => (
          <div className="sections">
            <Sums set={set} />
            <Claims set={set} />
            <section>
              <h3>Outcomes</h3>
              <Members members={set.members} />
            </section>
          </div>
        )}
      </Answered>
    </DetailFrame>
  )
}

function Sums({ set }: { readonly set: SetDetail }): ReactNode {
  const { yesAskSum, yesBidSum, memberCount, askCount, bidCount } = set
  return (
    <Figures>
      <Figure
        label="All YES cost"
        value={yesAskSum === null ? dash : sumOfCents(yesAskSum)}
        note={`${askCount} of ${memberCount} offered`}
      />
      <Figure
        label="All YES bring"
        value={yesBidSum === null ? dash : sumOfCents(yesBidSum)}
        note={`${bidCount} of ${memberCount} bid for`}
      />
      <Figure label="One of them pays" value="100¢" note="if one must win" />
    </Figures>
  )
}

function Claims({ set }: { readonly set: SetDetail }): ReactNode {
  return (
    <dl className="facts claims">
      <dt>At most one wins</dt>
      <dd>
        <ClaimPill claim={set.exclusive} /> {set.exclusive.evidence}
      </dd>
      <dt>At least one wins</dt>
      <dd>
        <ClaimPill claim={set.exhaustive} /> {set.exhaustive.evidence}
      </dd>
      <dt>NO converts</dt>
      <dd>{set.converts ? 'to cash and the YES of the others' : 'no'}</dd>
    </dl>
  )
}

function Members({ members }: { readonly members: readonly SetMember[] }): ReactNode {
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">Outcome</th>
          <th scope="col">Book</th>
          <th scope="col" className="right">
            Bid
          </th>
          <th scope="col" className="right">
            Ask
          </th>
          <th scope="col" className="right hide-phone">
            Ask size
          </th>
          <th scope="col" className="hide-phone">
            <span className="visually-hidden">Share of a dollar</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.id}>
            <td>
              <Link to={marketPath(member)} className="link">
                {member.label === '' ? member.question : member.label}
              </Link>
              {member.role === 'named' ? null : <span className="muted"> {member.role}</span>}
            </td>
            <td>
              <ProofPill state={member.state} />
            </td>
            <td className="right">{member.bid === null ? dash : cents(member.bid)}</td>
            <td className="right">{member.ask === null ? dash : cents(member.ask)}</td>
            <td className="right soft hide-phone">{size(member.askSize)}</td>
            <td className="payoff-bar hide-phone">
              <span
                style={{ transform: `scaleX(${Number(member.ask ?? 0)})` }}
                className="neutral"
              />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
