import { formatUsd } from '../core/decimal.ts'
import type { MicroUsd } from '../core/units.ts'
import { add } from '../core/units.ts'
import type { Digest, Figures } from './digest.ts'
import type { Limit, Run, RunStatus, StatusChange, StrategyProfit } from './schema/run-status.ts'

/** Over how long a rate is taken: long enough to be calm, short enough to follow a burst. */
const rateWindowMs = 2_000

type Sample = { readonly atMs: number; readonly frames: number; readonly events: number }

/** Where a run stands, in the words of the API; and which parts of it have changed. */
export class ReplicaStatus {
  readonly #run: Run
  readonly #samples: Sample[] = []
  #current: RunStatus | undefined
  #profits: readonly StrategyProfit[] = []
  #told: Map<string, string> = new Map()

  constructor(run: Run) {
    this.#run = run
  }

  get current(): RunStatus | undefined {
    return this.#current
  }

  /** In the order of the names of the strategies. */
  get profits(): readonly StrategyProfit[] {
    return this.#profits
  }

  apply({ atMs, figures, untold }: Digest): void {
    const { framesPerSecond, eventsPerSecond } = this.#rates(atMs, figures)
    const { killed, paused, books, feeds, strategies } = figures
    this.#profits = figures.profits.map(({ strategy, gained, fees, realised }) => ({
      strategy,
      gained: formatUsd(gained),
      fees: formatUsd(fees),
      realised: formatUsd(realised),
    }))
    this.#current = {
      nowMs: atMs,
      run: this.#run,
      trading: killed ? 'killed' : paused ? 'paused' : 'running',
      feeds: feeds.map(({ venue, mode, open, wanted, markets, reconnects }) => ({
        venue,
        mode,
        connectionsOpen: open,
        connectionsWanted: wanted,
        markets,
        reconnects,
      })),
      books,
      traffic: {
        frames: figures.framesReceived,
        framesRefused: figures.framesRefused,
        framesPerSecond,
        eventsPerSecond,
        turnP50Us: rounded(figures.turnP50Us),
        turnP99Us: rounded(figures.turnP99Us),
        conflated: untold,
      },
      counts: {
        signals: figures.signalCount,
        fills: figures.fillCount,
        rejections: figures.rejectionCount,
        phantoms: figures.phantomCount,
        openOpportunities: strategies.reduce((sum, { openEpisodes }) => sum + openEpisodes, 0),
        openBaskets: figures.openBaskets,
        ordersOut: figures.ordersOut,
      },
      money: moneyOf(figures),
      limits: limitsOf(figures),
      strategies: strategies.map(({ name, stopped, ...rest }) => ({
        name,
        state: stopped === undefined ? 'running' : 'stopped',
        reason: stopped ?? '',
        evaluations: rest.evaluations,
        opportunities: rest.episodes,
        openOpportunities: rest.openEpisodes,
        phantoms: rest.phantoms,
        parameters: rest.parameters,
      })),
    }
  }

  /** The parts that differ from what was last told. Undefined when none does but the clock. */
  takeChange(): StatusChange | undefined {
    if (this.#current === undefined) return undefined
    const change: Record<string, unknown> = {}
    for (const [part, value] of Object.entries(this.#current)) {
      const text = JSON.stringify(value)
      if (this.#told.get(part) === text) continue
      this.#told.set(part, text)
      change[part] = value
    }
    const changed = Object.keys(change)
    return changed.length === 0 ? undefined : change
  }

  #rates(atMs: number, { framesReceived, eventCount }: Figures): Rates {
    this.#samples.push({ atMs, frames: framesReceived, events: eventCount })
    while (this.#samples.length > 2 && atMs - (this.#samples[1]?.atMs ?? atMs) >= rateWindowMs) {
      this.#samples.shift()
    }
    const [first] = this.#samples
    if (first === undefined || atMs <= first.atMs) return { framesPerSecond: 0, eventsPerSecond: 0 }
    const seconds = (atMs - first.atMs) / 1_000
    return {
      framesPerSecond: Math.round((framesReceived - first.frames) / seconds),
      eventsPerSecond: Math.round((eventCount - first.events) / seconds),
    }
  }
}

type Rates = { readonly framesPerSecond: number; readonly eventsPerSecond: number }

function moneyOf(figures: Figures): RunStatus['money'] {
  const { capital, cash, realised, unrealised, fees, exposure, ledgerBalanced } = figures
  return {
    capital: formatUsd(capital),
    equity: formatUsd(add(capital, add(realised, unrealised))),
    cash: formatUsd(cash),
    realised: formatUsd(realised),
    unrealised: formatUsd(unrealised),
    fees: formatUsd(fees),
    exposure: formatUsd(exposure),
    ledgerBalanced,
  }
}

function limitsOf({ limits, limitUse }: Figures): readonly Limit[] {
  return [
    ...limitUse.map(({ max, name, unit, used }): Limit => ({
      name,
      unit,
      used: unit === 'usd' ? formatUsd(used as MicroUsd) : String(used),
      max: unit === 'usd' ? formatUsd(max as MicroUsd) : String(max),
    })),
    { name: 'orderNotionalMax', unit: 'usd', used: null, max: formatUsd(limits.orderNotionalMax) },
  ]
}

/** A tenth of a microsecond is more than these are good for. */
function rounded(us: number | undefined): number | null {
  return us === undefined ? null : Math.round(us * 10) / 10
}
