import type { ReactNode } from 'react'
import { useMemo } from 'react'
import type { BacktestDetail } from '../../../src/server/schema/backtest.ts'
import { CompareChart } from '../charts/compare-chart.tsx'
import { count, dash, millis, money, signClass, signedMoney, title, words } from '../format.ts'
import { DetailFrame } from '../parts/detail-frame.tsx'
import { Answered } from '../parts/states.tsx'
import type { Asked } from '../request.ts'

type AskedRun = Asked<BacktestDetail> & { readonly again: () => void }

export type BacktestComparisonProps = {
  readonly first: AskedRun
  /** The one it is compared with, if one was chosen. */
  readonly second: AskedRun | undefined
  readonly showsReport: boolean
  readonly onReport: () => void
}

/** One backtest, or two side by side: curves, figures and what each strategy made. */
export function BacktestComparison(props: BacktestComparisonProps): ReactNode {
  const { first, second, showsReport, onReport } = props
  const one = first.data
  const other = second?.data
  const runs = useMemo(() => [one, other].filter((run) => run !== undefined), [one, other])
  const heading = other === undefined ? (one?.id ?? 'Backtest') : `${one?.id ?? ''} and ${other.id}`
  const hasReport = other === undefined && one?.hasReport === true
  return (
    <DetailFrame
      title={heading}
      back="/backtests"
      tools={
        hasReport ? (
          <button type="button" className="button" aria-pressed={showsReport} onClick={onReport}>
            {showsReport ? 'Figures' : 'Open the report'}
          </button>
        ) : null
      }
    >
      <Answered asked={first} rows={8}>
        {(run) =>
          showsReport && hasReport ? (
            <iframe
              className="report"
              title={`Report of ${run.id}`}
              sandbox="allow-scripts"
              src={`/api/backtests/${encodeURIComponent(run.id)}/report`}
            />
          ) : (
            <div className="sections">
              <CompareChart runs={runs} />
              <FigureTable runs={runs} />
              {runs.map((each) => (
                <section key={each.id}>
                  <h3>Strategies{runs.length > 1 ? ` of ${each.id}` : ''}</h3>
                  <StrategyTable run={each} />
                </section>
              ))}
            </div>
          )
        }
      </Answered>
    </DetailFrame>
  )
}

type Line = {
  readonly name: string
  readonly text: (run: BacktestDetail) => string
  readonly tone?: (run: BacktestDetail) => string
  /** What the second has more than the first. */
  readonly number?: (run: BacktestDetail) => number
}

const lines: readonly Line[] = [
  {
    name: 'Realised',
    text: ({ realised }) => signedMoney(realised),
    tone: ({ realised }) => signClass(realised),
    number: ({ realised }) => Number(realised),
  },
  {
    name: 'Unrealised',
    text: ({ unrealised }) => signedMoney(unrealised),
    tone: ({ unrealised }) => signClass(unrealised),
    number: ({ unrealised }) => Number(unrealised),
  },
  { name: 'Fees', text: ({ fees }) => money(fees), number: ({ fees }) => Number(fees) },
  {
    name: 'Largest drawdown',
    text: ({ drawdownMax }) => money(drawdownMax),
    number: ({ drawdownMax }) => Number(drawdownMax),
  },
  { name: 'Capital', text: ({ capital }) => money(capital) },
  { name: 'Signals', text: ({ signals }) => count(signals), number: ({ signals }) => signals },
  { name: 'Baskets', text: ({ baskets }) => count(baskets), number: ({ baskets }) => baskets },
  { name: 'Fills', text: ({ fills }) => count(fills), number: ({ fills }) => fills },
  {
    name: 'Rejections',
    text: ({ rejections }) => count(rejections),
    number: ({ rejections }) => rejections,
  },
  { name: 'Latency', text: ({ latencyMs }) => millis(latencyMs) },
  {
    name: 'Recording',
    text: ({ recording, fromMs, untilMs }) => `${millis(untilMs - fromMs)} of ${recording}`,
  },
  { name: 'Ledger', text: ({ ledgerBalanced }) => (ledgerBalanced ? 'balances' : 'is off') },
]

function FigureTable({ runs }: { readonly runs: readonly BacktestDetail[] }): ReactNode {
  const [first, second] = runs
  return (
    <table className="lines">
      <thead>
        <tr>
          <th scope="col">Figure</th>
          {runs.map(({ id }) => (
            <th key={id} scope="col" className="right">
              {id}
            </th>
          ))}
          {second === undefined ? null : (
            <th scope="col" className="right">
              Difference
            </th>
          )}
        </tr>
      </thead>
      <tbody>
        {lines.map(({ name, text, tone, number }) => (
          <tr key={name}>
            <td className="soft">{name}</td>
            {runs.map((run) => (
              <td key={run.id} className={`right ${tone?.(run) ?? ''}`}>
                {text(run)}
              </td>
            ))}
            {first === undefined || second === undefined ? null : (
              <td className="right soft">
                {number === undefined ? '' : difference(number(second) - number(first))}
              </td>
            )}
          </tr>
        ))}
      </tbody>
    </table>
  )
}

function difference(value: number): string {
  const text = Number.isInteger(value) ? count(Math.abs(value)) : Math.abs(value).toFixed(2)
  return value === 0 ? '0' : `${value < 0 ? '\u2212' : '+'}${text}`
}

function StrategyTable({ run }: { readonly run: BacktestDetail }): ReactNode {
  const missed = Object.entries(run.refusals)
    .map(([reason, times]) => `${words(reason)} ${count(times)}`)
    .join(', ')
  return (
    <>
      <table className="lines">
        <thead>
          <tr>
            <th scope="col">Strategy</th>
            <th scope="col" className="right">
              Realised
            </th>
            <th scope="col" className="right">
              Fees
            </th>
            <th scope="col" className="right">
              Seen
            </th>
            <th scope="col" className="right">
              Taken
            </th>
            <th scope="col" className="right">
              Captured
            </th>
          </tr>
        </thead>
        <tbody>
          {run.byStrategy.map((each) => (
            <tr key={each.name}>
              <td>{title(each.name)}</td>
              <td className={`right ${signClass(each.realised)}`}>{signedMoney(each.realised)}</td>
              <td className="right soft">{money(each.fees)}</td>
              <td className="right">{count(each.episodes)}</td>
              <td className="right">{count(each.taken)}</td>
              <td className="right">
                {each.captureRate === null ? dash : `${(each.captureRate * 100).toFixed(0)}%`}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {missed === '' ? null : <p className="muted">Refused: {missed}.</p>}
    </>
  )
}
