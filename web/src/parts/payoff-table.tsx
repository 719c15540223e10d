import type { ReactNode } from 'react'
import type { PayoffState } from '../../../src/server/schema/opportunity.ts'
import { exactMoney } from '../format.ts'
import { Empty } from './states.tsx'

export type PayoffTableProps = { readonly states: readonly PayoffState[]; readonly edge: string }

/** More lines nobody compares: the worst are shown, and how many there are. */
const shownMax = 60

/** The certificate: a line for each way the world can turn out, the least profit first. */
export function PayoffTable({ states, edge }: PayoffTableProps): ReactNode {
  if (states.length === 0) {
    return <Empty title="No certificate">This strategy does not claim that it cannot lose.</Empty>
  }
  const lines = states.toSorted((a, b) => Number(a.profit) - Number(b.profit)).slice(0, shownMax)
  const most = Math.max(...lines.map(({ profit }) => Math.abs(Number(profit))), 0.01)
  return (
    <div className="table-scroll" tabIndex={0} role="group" aria-label="Payoff by outcome">
      <table className="lines payoff">
        <thead>
          <tr>
            <th scope="col">If</th>
            <th scope="col" className="right">
              It pays
            </th>
            <th scope="col" className="right hide-phone">
              It costs
            </th>
            <th scope="col" className="right hide-phone">
              Fees at most
            </th>
            <th scope="col" className="right">
              Left
            </th>
            <th scope="col" className="hide-phone">
              <span className="visually-hidden">Beside the most</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={line.name} className={line.profit === edge ? 'least' : ''}>
              <td>{line.name}</td>
              <td className="right">{exactMoney(line.payoff)}</td>
              <td className="right soft hide-phone">{exactMoney(line.cost)}</td>
              <td className="right soft hide-phone">{exactMoney(line.fee)}</td>
              <td className={`right ${Number(line.profit) > 0 ? 'gain' : 'loss'}`}>
                {exactMoney(line.profit)}
              </td>
              <td className="payoff-bar hide-phone">
                <span
                  className={Number(line.profit) > 0 ? '' : 'loss'}
                  style={{ transform: `scaleX(${Math.abs(Number(line.profit)) / most})` }}
                />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {states.length > shownMax ? (
        <p className="muted">
          The {shownMax} least of {states.length} cases.
        </p>
      ) : null}
    </div>
  )
}
