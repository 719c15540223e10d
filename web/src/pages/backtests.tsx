import type { ReactNode } from 'react'
import { useState } from 'react'
import type { Backtest } from '../../../src/server/schema/backtest.ts'
import { backtestDetail, backtestList } from '../../../src/server/schema/backtest.ts'
import { clock, count, date, millis, money, signClass, signedMoney } from '../format.ts'
import type { Column } from '../parts/data-table.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Panel } from '../parts/panel.tsx'
import { Answered, Empty } from '../parts/states.tsx'
import { go } from '../router.ts'
import { useAnswer } from '../request.ts'
import { BacktestComparison } from './backtest-comparison.tsx'

/** Backtests that were made: one opens to its figures and its report, two are compared. */
export function Backtests({ chosen }: { readonly chosen: readonly string[] }): ReactNode {
  const asked = useAnswer('/api/backtests', backtestList, 10_000)
  const [first, second] = chosen
  return (
    <div className="page fill">
      <div className="page-head">
        <h1>Backtests</h1>
        <p className="muted">Open one; then choose a second to compare.</p>
      </div>
      <div className={`beside${first === undefined ? '' : ' opened'}`}>
        <Panel
          title="Made"
          note={
            asked.data === undefined
              ? ''
              : `${count(asked.data.backtests.length)} in ${asked.data.folder}`
          }
          flush
        >
          <Answered asked={asked} rows={8}>
            {({ backtests, folder, refused }) => (
              <>
                <Refused files={refused} />
                <List backtests={backtests} chosen={chosen} folder={folder} />
              </>
            )}
          </Answered>
        </Panel>
        {first === undefined ? null : (
          <Chosen key={`${first} ${second ?? ''}`} first={first} second={second} />
        )}
      </div>
    </div>
  )
}

type ListProps = {
  readonly backtests: readonly Backtest[]
  readonly chosen: readonly string[]
  readonly folder: string
}

function List({ backtests, chosen, folder }: ListProps): ReactNode {
  const [first] = chosen
  return (
    <DataTable
      label="Backtests"
      rows={backtests}
      columns={columns}
      keyOf={({ id }) => id}
      selected={first}
      rowClass={({ id }) => (chosen.includes(id) ? 'selected' : '')}
      onOpen={({ id }) => go(pathFor(chosen, id))}
      empty={
        <Empty title="No backtests yet">
          What <code>backtest --keep NAME</code> leaves in {folder} is listed here.
        </Empty>
      }
    />
  )
}

/** The second that is opened is compared with the first; the first again closes the second. */
function pathFor([first, second]: readonly string[], id: string): string {
  if (first === undefined || id === second) return `/backtests/${encodeURIComponent(id)}`
  if (id === first)
    return second === undefined ? '/backtests' : `/backtests/${encodeURIComponent(id)}`
  return `/backtests/${encodeURIComponent(first)}/${encodeURIComponent(id)}`
}

const columns: readonly Column<Backtest>[] = [
  {
    title: 'Name',
    width: 'minmax(120px, 1fr)',
    cell: ({ id }) => <span title={id}>{id}</span>,
    order: ({ id }) => id,
  },
  {
    title: 'Made',
    width: '150px',
    wide: true,
    cell: ({ madeAtMs }) => <span className="soft">{`${date(madeAtMs)} ${clock(madeAtMs)}`}</span>,
    order: ({ madeAtMs }) => madeAtMs,
  },
  {
    title: 'Recording',
    width: '130px',
    wide: true,
    cell: ({ recording, fromMs, untilMs }) => (
      <span className="soft" title={recording}>
        {millis(untilMs - fromMs)} of {recording}
      </span>
    ),
  },
  {
    title: 'Realised',
    width: '90px',
    right: true,
    cell: ({ realised }) => <span className={signClass(realised)}>{signedMoney(realised)}</span>,
    order: ({ realised }) => Number(realised),
  },
  {
    title: 'Drawdown',
    width: '84px',
    right: true,
    wide: true,
    cell: ({ drawdownMax }) => money(drawdownMax),
    order: ({ drawdownMax }) => Number(drawdownMax),
  },
  {
    title: 'Fills',
    width: '54px',
    right: true,
    cell: ({ fills }) => count(fills),
    order: ({ fills }) => fills,
  },
]

function Refused({ files }: { readonly files: readonly string[] }): ReactNode {
  if (files.length === 0) return null
  return (
    <div className="notice">
      {files.length === 1 ? files[0] : `${files.length} files of the folder are no backtests`}
    </div>
  )
}

type ChosenProps = { readonly first: string; readonly second: string | undefined }

function Chosen({ first, second }: ChosenProps): ReactNode {
  const [showsReport, setShowsReport] = useState(false)
  const one = useAnswer(pathOf(first), backtestDetail)
  const other = useAnswer(second === undefined ? undefined : pathOf(second), backtestDetail)
  return (
    <BacktestComparison
      first={one}
      second={second === undefined ? undefined : other}
      showsReport={showsReport}
      onReport={() => setShowsReport((shown) => !shown)}
    />
  )
}

function pathOf(id: string): string {
  return `/api/backtests/${encodeURIComponent(id)}`
}
