import type { ReactNode } from 'react'
import { useEffect, useRef, useState } from 'react'
import { Icon } from './icon.tsx'
import { Loading } from './parts/states.tsx'
import { Page, pages, pageOf } from './pages/page.tsx'
import { FaultBoundary } from './parts/fault-boundary.tsx'
import { Rail } from './rail.tsx'
import { usePath } from './router.ts'
import { KeyHelp } from './key-help.tsx'
import { useShortcuts } from './shortcuts.ts'
import { ScopeContext } from './scope.ts'
import { useHasRun, usePhase } from './stream/use-stream.ts'
import { TopBar } from './top-bar.tsx'

/** What stands around every page. */
export function Shell({ scope }: { readonly scope: 'read' | 'control' }): ReactNode {
  const [helping, setHelping] = useState(false)
  const main = useRef<HTMLElement>(null)
  const path = usePath()
  const page = pageOf(path)
  const hasRun = useHasRun()
  useShortcuts({ help: () => setHelping((shown) => !shown) })
  useEffect(() => {
    document.title = `${pages[page].title} · Prediction Engine`
  }, [page])
  const place = path.join('/')
  useEffect(() => {
    // In braces: what scrolling answers is no way to undo this.
    main.current?.scrollTo(0, 0)
  }, [place])

  return (
    <ScopeContext value={scope}>
      <a className="skip" href="#main">
        Skip to the page
      </a>
      <div className="shell">
        <div className="brand" aria-hidden="true">
          <Mark />
          <span>Prediction Engine</span>
        </div>
        <TopBar />
        <Rail page={page} onHelp={() => setHelping(true)} />
        <main ref={main} id="main" className="main" tabIndex={-1}>
          <Notice />
          {hasRun ? (
            <FaultBoundary place={place}>
              <Page path={path} />
            </FaultBoundary>
          ) : (
            <Waiting />
          )}
        </main>
      </div>
      {helping ? <KeyHelp onClose={() => setHelping(false)} /> : null}
    </ScopeContext>
  )
}

/** Said above every page when what it shows may not be how things are. */
function Notice(): ReactNode {
  const phase = usePhase()
  if (phase === 'stale') {
    return (
      <div className="notice" role="status">
        <Icon name="alert" />
        Nothing has come from the engine for a while. What you see may be old.
      </div>
    )
  }
  if (phase === 'lost') {
    return (
      <div className="notice loss" role="status">
        <Icon name="alert" />
        The connection is lost and is being opened again. What you see is old.
      </div>
    )
  }
  return null
}

function Waiting(): ReactNode {
  return (
    <div className="page">
      <div className="page-head">
        <h1>Connecting</h1>
      </div>
      <div className="panel">
        <Loading rows={6} />
      </div>
    </div>
  )
}

function Mark(): ReactNode {
  return (
    <svg viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="var(--accent)" />
      <path
        d="M8 22 L14 14 L18 18 L24 9"
        fill="none"
        stroke="var(--accent-ink)"
        strokeWidth="2.8"
        strokeLinecap="round"
        strokeLinejoin="round"
      />
      <circle cx="24" cy="9" r="2.5" fill="var(--accent-ink)" />
    </svg>
  )
}
