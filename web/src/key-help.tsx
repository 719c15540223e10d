import type { ReactNode } from 'react'
import { Fragment } from 'react'
import { Dialog } from './parts/dialog.tsx'

const keys: readonly (readonly [keys: readonly string[], does: string])[] = [
  [['g', 'o'], 'Overview'],
  [['g', 'p'], 'Opportunities'],
  [['g', 'm'], 'Markets'],
  [['g', 'b'], 'Baskets and orders'],
  [['g', 'h'], 'Health'],
  [['g', 'a'], 'Pairs'],
  [['g', 't'], 'Backtests'],
  [['g', 'c'], 'Control'],
  [['/'], 'Search'],
  [['j', 'k'], 'Next and previous row of a list'],
  [['Enter'], 'Open a row'],
  [['Esc'], 'Back to the list'],
  [['t'], 'Light or dark'],
  [['?'], 'These keys'],
]

export function KeyHelp({ onClose }: { readonly onClose: () => void }): ReactNode {
  return (
    <Dialog title="Keys" onClose={onClose}>
      <dl className="keys">
        {keys.map(([combination, does]) => (
          <Fragment key={does}>
            <dt className="nowrap">
              {combination.map((key, index) => (
                <Fragment key={key}>
                  {index > 0 ? ' ' : null}
                  <kbd>{key}</kbd>
                </Fragment>
              ))}
            </dt>
            <dd>{does}</dd>
          </Fragment>
        ))}
      </dl>
    </Dialog>
  )
}
