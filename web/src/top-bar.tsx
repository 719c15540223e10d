import type { ReactNode } from 'react'
import { useState } from 'react'
import { Icon } from './icon.tsx'
import { money, signClass, signedMoney } from './format.ts'
import { KillDialog } from './parts/kill-dialog.tsx'
import { useMayAct } from './scope.ts'
import { useHasRun, usePhase, useRun } from './stream/use-stream.ts'
import { toggleTheme, useIsDark } from './theme.ts'
import { useControl } from './use-control.ts'

/** What money it is, how it stands, and how to stop it: in sight on every page. */
export function TopBar(): ReactNode {
  const hasRun = useHasRun()
  return (
    <header className="top">
      {hasRun ? <RunBadge /> : null}
      <span className="spring" />
      {hasRun ? <MoneyFigures /> : null}
      <Connection />
      <ThemeButton />
      {hasRun ? <TradingButtons /> : null}
    </header>
  )
}

function RunBadge(): ReactNode {
  const { badge, title } = useRun(({ status }) => status.run)
  return (
    <>
      <span className={`badge ${badge.toLowerCase()}`}>{badge}</span>
      <span className="title">{title}</span>
    </>
  )
}

function MoneyFigures(): ReactNode {
  const { equity, realised } = useRun(({ status }) => status.money)
  return (
    <>
      <dl className="figure hide-phone">
        <dt>Equity</dt>
        <dd>{money(equity)}</dd>
      </dl>
      <dl className="figure">
        <dt className="hide-phone">Realised</dt>
        <dd className={signClass(realised)}>{signedMoney(realised)}</dd>
      </dl>
    </>
  )
}

const phases = {
  connecting: ['warn', 'Connecting'],
  live: ['gain', 'Live'],
  stale: ['warn', 'Stale'],
  lost: ['loss', 'Disconnected'],
  refused: ['loss', 'Logged out'],
} as const

function Connection(): ReactNode {
  const [tone, word] = phases[usePhase()]
  return (
    <span className="connection" role="status">
      <span className={`dot ${tone}`} />
      <span className="hide-phone">{word}</span>
    </span>
  )
}

function ThemeButton(): ReactNode {
  const dark = useIsDark()
  return (
    <button
      type="button"
      className="button quiet hide-phone"
      aria-label={dark ? 'Switch to light' : 'Switch to dark'}
      onClick={toggleTheme}
    >
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  )
}

function TradingButtons(): ReactNode {
  const trading = useRun(({ status }) => status.trading)
  const mayAct = useMayAct()
  const control = useControl()
  const [killing, setKilling] = useState(false)
  // The dialog outlives the button that opened it: it has the result to tell.
  if (killing) return <KillDialog onClose={() => setKilling(false)} />
  if (trading === 'killed') return <span className="badge live">KILLED</span>
  if (!mayAct) return <span className="pill">read only</span>
  const paused = trading === 'paused'
  return (
    <span className="buttons">
      <button
        type="button"
        className="button"
        aria-label={paused ? 'Resume' : 'Pause'}
        disabled={control.busy}
        onClick={() => void control.act(paused ? 'resume' : 'pause')}
      >
        <Icon name={paused ? 'play' : 'pause'} />
        <span className="hide-phone">{paused ? 'Resume' : 'Pause'}</span>
      </button>
      <button type="button" className="button danger" onClick={() => setKilling(true)}>
        <Icon name="stop" />
        Kill
      </button>
    </span>
  )
}
