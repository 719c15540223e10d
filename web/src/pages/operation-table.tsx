import type { ReactNode } from 'react'
import type { Operation } from '../../../src/server/schema/operation.ts'
import { clockMs, count, dash, millis, signClass, signedMoney, size, title } from '../format.ts'
import type { Column } from '../parts/data-table.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Panel } from '../parts/panel.tsx'
import { OperationPill } from '../parts/pill.tsx'
import { Empty } from '../parts/states.tsx'
import { go } from '../router.ts'
import { useRun } from '../stream/use-stream.ts'

/** What the venues do with what we own: pairs split and merged, NO converted, winners redeemed. */
export function OperationTable(): ReactNode {
  const operations = useRun((run) => run.operations)
  const open = operations.filter(isUnderWay).length
  return (
    <Panel
      title="Settlement operations"
      note={open === 0 ? 'none under way, the latest first' : `${count(open)} under way`}
      flush
    >
      <DataTable
        label="Settlement operations"
        rows={operations}
        columns={columns}
        keyOf={({ id }) => id}
        onOpen={({ basket }) => {
          if (basket !== null) go(`/baskets/${encodeURIComponent(basket)}`)
        }}
        empty={
          <Empty title="None yet">
            Pairs are split and merged, NO is converted, and what has won is redeemed.
          </Empty>
        }
      />
    </Panel>
  )
}

export function isUnderWay({ state }: Operation): boolean {
  return state !== 'final' && state !== 'failed'
}

const columns: readonly Column<Operation>[] = [
  {
    title: 'Time',
    width: '92px',
    wide: true,
    cell: ({ sentMs }) => <time className="soft">{clockMs(sentMs)}</time>,
  },
  { title: 'What', width: '64px', cell: ({ kind }) => title(kind), order: ({ kind }) => kind },
  {
    title: 'Of',
    width: 'minmax(120px, 1fr)',
    cell: ({ markets }) => <Markets markets={markets} />,
  },
  {
    title: 'Shares',
    width: '70px',
    right: true,
    cell: (row) => (row.size === null ? 'all' : size(row.size)),
  },
  {
    title: 'Cash',
    width: '84px',
    right: true,
    cell: ({ cashIn }) =>
      cashIn === null ? dash : <span className={signClass(cashIn)}>{signedMoney(cashIn)}</span>,
    order: ({ cashIn }) => Number(cashIn ?? 0),
  },
  {
    title: 'Took',
    width: '70px',
    right: true,
    wide: true,
    cell: ({ sentMs, doneMs }) => (doneMs === null ? dash : millis(doneMs - sentMs)),
  },
  {
    title: 'Basket',
    width: '80px',
    wide: true,
    cell: ({ basket }) => <span className="soft">{basket ?? ''}</span>,
  },
  {
    title: 'State',
    width: 'minmax(90px, 0.4fr)',
    cell: (row) => <OperationPill {...row} />,
    order: ({ state }) => state,
  },
]

function Markets({ markets }: Pick<Operation, 'markets'>): ReactNode {
  const [first, ...rest] = markets
  if (first === undefined) return dash
  const more = rest.length === 0 ? '' : ` and ${count(rest.length)} more`
  return (
    <span title={markets.map(({ question }) => question).join('\n')}>
      {first.question}
      <span className="muted">{more}</span>
    </span>
  )
}
