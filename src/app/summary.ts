import { formatUsd } from '../core/decimal.ts'
import type { RunView } from './run-view.ts'

/** How a run ended. The keys are a contract with whoever reads `--json`: they only grow. */
export type RunSummary = {
  readonly mode: 'simulated' | 'paper' | 'live'
  readonly durationMs: number
  readonly signals: number
  readonly fills: number
  readonly rejections: number
  readonly phantoms: number
  readonly ledgerBalanced: boolean
  /** Dollars as decimal text, exact to the micro-dollar. */
  readonly realizedPnlUsd: string
  readonly unrealizedPnlUsd: string
  readonly feesUsd: string
  readonly framesReceived: number
  readonly framesRefused: number
  readonly booksProven: number
  readonly booksUnproven: number
  readonly booksBroken: number
  readonly reconnects: number
  readonly venues: readonly string[]
}

/** What a demo adds: its plants are known, so it can be judged. */
export type DemoSummary = RunSummary & {
  readonly seed: number
  readonly faults: readonly string[]
  readonly planted: number
  readonly plantedFound: number
  readonly plantedByKind: Readonly<Record<string, number>>
  readonly foundByKind: Readonly<Record<string, number>>
  readonly falseSignals: number
  /** Signals that took two markets for one question that only seem to ask the same. */
  readonly lookAlikesTraded: number
}

const modes = { SIMULATED: 'simulated', PAPER: 'paper', LIVE: 'live' } as const

export function summarize(view: RunView): RunSummary {
  return {
    mode: modes[view.badge],
    durationMs: Math.round(view.elapsedMs),
    signals: view.signals,
    fills: view.fills,
    rejections: view.rejections,
    phantoms: view.phantoms,
    ledgerBalanced: view.ledgerBalanced,
    realizedPnlUsd: formatUsd(view.realized),
    unrealizedPnlUsd: formatUsd(view.unrealized),
    feesUsd: formatUsd(view.fees),
    framesReceived: view.framesReceived,
    framesRefused: view.framesRefused,
    booksProven: view.books.proven,
    booksUnproven: view.books.unproven,
    booksBroken: view.books.broken,
    reconnects: view.feeds.reduce((sum, feed) => sum + feed.reconnects, 0),
    venues: view.feeds.map((feed) => feed.venue),
  }
}
