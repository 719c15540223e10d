import type { ReactNode } from 'react'
import type { Opportunity } from '../../../src/server/schema/opportunity.ts'
import {
  days,
  millis,
  percent,
  signedMoney,
  size,
  title,
  words,
  yearlyPercent,
  dash,
} from '../format.ts'
import { go } from '../router.ts'
import type { Column } from './data-table.tsx'
import { DataTable } from './data-table.tsx'
import { VerdictPill } from './pill.tsx'
import { Empty } from './states.tsx'
import { Time } from './time.tsx'

export type OpportunityTableProps = {
  readonly rows: readonly Opportunity[]
  readonly compact?: boolean
  readonly selected?: string | undefined
  readonly query?: string
}

/** Mispricings in rows, each of which opens to its certificate. */
export function OpportunityTable(props: OpportunityTableProps): ReactNode {
  const { rows, compact = false, selected, query = '' } = props
  return (
    <DataTable
      label="Opportunities"
      rows={rows}
      keyOf={({ id }) => id}
      selected={selected}
      rowClass={({ state }) => (state === 'over' ? 'over' : 'open')}
      onOpen={({ id }) => go(`/opportunities/${encodeURIComponent(id)}${query}`)}
      empty={
        <Empty title="No mispricing seen">
          Most of the time there is none. That is the market.
        </Empty>
      }
      columns={compact ? compactColumns : columns}
    />
  )
}

const first: readonly Column<Opportunity>[] = [
  {
    title: 'Seen',
    width: '58px',
    wide: true,
    cell: ({ firstSeenMs }) => <Time ms={firstSeenMs} />,
    order: ({ firstSeenMs }) => firstSeenMs,
  },
  {
    title: 'What',
    width: 'minmax(120px, 1fr)',
    cell: (row) => (
      <span title={row.title}>
        <span className={`dot before ${row.state === 'open' ? 'gain' : ''}`} />
        <span className="visually-hidden">{row.state === 'open' ? 'Open now: ' : 'Over: '}</span>
        {row.title}
      </span>
    ),
    order: (row) => row.title,
  },
]

const edge: readonly Column<Opportunity>[] = [
  {
    title: 'Edge',
    width: '62px',
    right: true,
    wide: true,
    cell: ({ edgeRate }) => percent(edgeRate),
    order: ({ edgeRate }) => edgeRate,
  },
  {
    title: 'Earns',
    width: '74px',
    right: true,
    cell: (row) => <span className="gain">{signedMoney(row.edge)}</span>,
    order: (row) => Number(row.edge),
  },
]

const strategy: Column<Opportunity> = {
  title: 'Strategy',
  width: '112px',
  wide: true,
  cell: (row) => <span className="soft">{title(row.strategy)}</span>,
  order: (row) => row.strategy,
}

const verdict: Column<Opportunity> = {
  title: 'Verdict',
  width: '108px',
  cell: (row) => <VerdictPill verdict={row.verdict} />,
  order: (row) => row.verdict,
}

const compactColumns: readonly Column<Opportunity>[] = [...first, strategy, ...edge, verdict]

const columns: readonly Column<Opportunity>[] = [
  ...first,
  strategy,
  {
    title: 'Legs',
    width: '44px',
    right: true,
    wide: true,
    cell: ({ legCount }) => legCount,
    order: ({ legCount }) => legCount,
  },
  {
    title: 'Shares',
    width: '68px',
    right: true,
    wide: true,
    cell: (row) => size(row.size),
    order: (row) => Number(row.size),
  },
  ...edge,
  {
    title: 'By year',
    width: '76px',
    right: true,
    wide: true,
    cell: ({ annualisedRate, lockDays }) =>
      annualisedRate === null ? (
        <span className="muted">{lockDays === null ? dash : days(lockDays)}</span>
      ) : (
        yearlyPercent(annualisedRate)
      ),
    order: ({ annualisedRate }) => annualisedRate ?? 0,
  },
  {
    title: 'Lasted',
    width: '66px',
    right: true,
    wide: true,
    cell: ({ firstSeenMs, lastSeenMs, endedMs }) => millis((endedMs ?? lastSeenMs) - firstSeenMs),
    order: ({ firstSeenMs, lastSeenMs, endedMs }) => (endedMs ?? lastSeenMs) - firstSeenMs,
  },
  {
    title: 'Ended by',
    width: '100px',
    wide: true,
    cell: ({ endedBy }) => (
      <span className="muted indent">{endedBy === null ? '' : words(endedBy)}</span>
    ),
    order: ({ endedBy }) => endedBy ?? '',
  },
  verdict,
]
