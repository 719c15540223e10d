import type { ReactNode } from 'react'
import type { Health, Metric } from '../../../src/server/schema/health.ts'
import { shortCount, words } from '../format.ts'
import { DataTable } from './data-table.tsx'
import { Empty } from './states.tsx'

type Line = {
  readonly key: string
  readonly name: string
  readonly help: string
  readonly labels: string
  readonly value: number
}

/** What people ask for first is first; the rest follows as the catalogue has it. */
const order = [
  'phantoms_total',
  'book_proof_events_total',
  'feed_frames_refused_total',
  'feed_connections_lost_total',
  'risk_refusals_total',
  'strategy_passes_total',
]

/** Everything that is counted, a line for each series. */
export function HealthCounts({ known }: { readonly known: Health }): ReactNode {
  const counters = known.metrics.filter(({ kind }) => kind === 'counter')
  const lines = counters.toSorted((a, b) => rank(a) - rank(b)).flatMap(linesOf)
  return (
    <DataTable
      label="Counters"
      rows={lines}
      keyOf={({ key }) => key}
      empty={<Empty title="Nothing counted yet" />}
      columns={[
        {
          title: 'What',
          width: 'minmax(130px, 1fr)',
          cell: ({ name, help }) => <span title={help}>{words(name)}</span>,
          order: ({ name }) => name,
        },
        {
          title: 'Of',
          width: 'minmax(120px, 1fr)',
          cell: ({ labels }) => <span className="soft">{labels}</span>,
          order: ({ labels }) => labels,
        },
        {
          title: 'Count',
          width: '72px',
          right: true,
          cell: ({ value }) => shortCount(value),
          order: ({ value }) => value,
        },
      ]}
    />
  )
}

function rank({ name }: Metric): number {
  const place = order.indexOf(name)
  return place < 0 ? order.length : place
}

function linesOf({ name, help, series }: Metric): readonly Line[] {
  return series
    .filter(({ value }) => value > 0)
    .map(({ labels, value }) => ({
      key: `${name} ${Object.values(labels).join(' ')}`,
      name: name.replace(/_total$/, ''),
      help,
      labels: Object.values(labels).map(words).join(', '),
      value,
    }))
}
