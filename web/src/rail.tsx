import type { ReactNode } from 'react'
import { Icon } from './icon.tsx'
import type { PageName } from './pages/page.tsx'
import { pageNames, pages } from './pages/page.tsx'
import { Link } from './parts/link.tsx'
import { useHasRun, useRun } from './stream/use-stream.ts'

export type RailProps = { readonly page: PageName; readonly onHelp: () => void }

/** The way to every page. */
export function Rail({ page, onHelp }: RailProps): ReactNode {
  const hasRun = useHasRun()
  return (
    <nav className="rail" aria-label="Pages">
      {pageNames.map((name) => (
        <Link key={name} to={pages[name].path} current={name === page}>
          <Icon name={name} />
          <span className="label">{pages[name].short}</span>
          <span className="label tiny">{pages[name].tiny ?? pages[name].short}</span>
          {hasRun && (name === 'opportunities' || name === 'baskets') ? <Count of={name} /> : null}
        </Link>
      ))}
      <div className="foot">
        <p>
          <button type="button" className="key-hint" onClick={onHelp}>
            <kbd>?</kbd> keys
          </button>
        </p>
        {hasRun ? <Version /> : null}
      </div>
    </nav>
  )
}

function Count({ of }: { readonly of: 'opportunities' | 'baskets' }): ReactNode {
  const counts = useRun(({ status }) => status.counts)
  const open = of === 'opportunities' ? counts.openOpportunities : counts.openBaskets
  return open === 0 ? null : (
    <span className="count">
      {open}
      <span className="visually-hidden"> open</span>
    </span>
  )
}

function Version(): ReactNode {
  const version = useRun(({ status }) => status.run.version)
  return <p>version {version}</p>
}
