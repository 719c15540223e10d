import type { ReactNode } from 'react'
import { z } from 'zod'
import type { Claim, SetRow } from '../../../src/server/schema/market.ts'
import { setRow } from '../../../src/server/schema/market.ts'
import { count, dash, sumOfCents } from '../format.ts'
import type { Column } from '../parts/data-table.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Panel } from '../parts/panel.tsx'
import { Pill } from '../parts/pill.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { go } from '../router.ts'
import { useAnswer } from '../request.ts'

const sets = z.array(setRow)
const pollMs = 1_000

export type SetTableProps = {
  readonly words: string
  readonly selected: string | undefined
  readonly compact: boolean
}

/** Outcome sets by the sum of what all their YES cost: below a dollar something is to be had. */
export function SetTable({ words, selected, compact }: SetTableProps): ReactNode {
  const asked = useAnswer('/api/sets', sets, pollMs)
  return (
    <Panel title="Outcome sets" note="what one share of every YES costs and brings" flush>
      <Answered asked={asked} rows={12}>
        {(rows) => (
          <DataTable
            label="Outcome sets"
            rows={rows.filter(({ title }) => holds(title, words)).toSorted(byDistance)}
            columns={compact ? columns.filter(({ title }) => !detailOnly.includes(title)) : columns}
            keyOf={({ id }) => id}
            selected={selected}
            onOpen={({ venue, id }) =>
              go(`/markets/set/${encodeURIComponent(venue)}/${encodeURIComponent(id)}`)
            }
            empty={<Empty title="Nothing fits">Fewer words find more.</Empty>}
          />
        )}
      </Answered>
    </Panel>
  )
}

const detailOnly = ['Exclusive', 'Exhaustive', 'Converts']

const columns: readonly Column<SetRow>[] = [
  {
    title: 'Set',
    width: 'minmax(140px, 1fr)',
    cell: ({ title }) => title,
    order: ({ title }) => title,
  },
  {
    title: 'Outcomes',
    width: '70px',
    right: true,
    wide: true,
    cell: ({ memberCount }) => count(memberCount),
    order: ({ memberCount }) => memberCount,
  },
  {
    title: 'All YES cost',
    width: '88px',
    right: true,
    cell: ({ yesAskSum, exhaustive }) => (
      <Sum sum={yesAskSum} isEdge={(value) => value < 1 && isBelieved(exhaustive)} />
    ),
    order: ({ yesAskSum }) => Number(yesAskSum ?? 9),
  },
  {
    title: 'All YES bring',
    width: '92px',
    right: true,
    cell: ({ yesBidSum, exclusive }) => (
      <Sum sum={yesBidSum} isEdge={(value) => value > 1 && isBelieved(exclusive)} />
    ),
    order: ({ yesBidSum }) => Number(yesBidSum ?? 0),
  },
  {
    title: 'Exclusive',
    width: '88px',
    wide: true,
    cell: ({ exclusive }) => <ClaimPill claim={exclusive} />,
  },
  {
    title: 'Exhaustive',
    width: '88px',
    wide: true,
    cell: ({ exhaustive }) => <ClaimPill claim={exhaustive} />,
  },
  {
    title: 'Converts',
    width: '66px',
    wide: true,
    cell: ({ converts }) => <span className="soft">{converts ? 'yes' : 'no'}</span>,
  },
]

type SumProps = { readonly sum: string | null; readonly isEdge: (value: number) => boolean }

function Sum({ sum, isEdge }: SumProps): ReactNode {
  if (sum === null) return <span className="muted">{dash}</span>
  return isEdge(Number(sum)) ? <b className="gain">{sumOfCents(sum)}</b> : sumOfCents(sum)
}

/** Whether something about a set holds, and by whose word. */
export function ClaimPill({ claim }: { readonly claim: Claim }): ReactNode {
  const tones = { proven: 'gain', assumed: 'accent', unknown: 'calm', refuted: 'loss' } as const
  return (
    <span title={claim.evidence}>
      <Pill tone={tones[claim.holds]}>{claim.holds}</Pill>
    </span>
  )
}

function isBelieved({ holds }: Claim): boolean {
  return holds === 'proven' || holds === 'assumed'
}

/**
 * The nearest to an edge first. Where more than one may win, the sums say nothing: those are last.
 */
function byDistance(a: SetRow, b: SetRow): number {
  const [first, second] = [isBelieved(a.exclusive), isBelieved(b.exclusive)]
  if (first !== second) return first ? -1 : 1
  return distance(a) - distance(b)
}

function distance({ yesAskSum, yesBidSum }: SetRow): number {
  return Math.min(Number(yesAskSum ?? 9) - 1, 1 - Number(yesBidSum ?? 0))
}

function holds(text: string, words: string): boolean {
  const lower = text.toLowerCase()
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => lower.includes(word))
}
