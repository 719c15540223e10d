import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { ExecutionIntent, ExecutionReport, LegReport } from '../core/signal.ts'
import type { MicroUsd, Nanos } from '../core/units.ts'
import { add, max, prorate, subtract, zeroUsd } from '../core/units.ts'
import type { EngineView } from '../engine/engine-view.ts'
import type { Episode } from '../engine/episodes.ts'
import type { Effect } from '../engine/event.ts'
import type { LedgerEntry } from '../portfolio/ledger.ts'
import type {
  BacktestResult,
  EpisodeRow,
  EquityPoint,
  LegFillPoint,
  StrategyResult,
  TradeRow,
} from './backtest-result.ts'

/** `inCost`: fees of buys, which are a part of what shares cost. */
type Sums = { realised: MicroUsd; fees: MicroUsd; inCost: MicroUsd; edgeTaken: MicroUsd }
type Outcome = Omit<BacktestResult, 'recording' | 'latencyMs' | 'seed' | 'control' | 'strategies'>
type LegFill = { legs: number; filledWhole: number; filledPart: number }

const sampleNanosMin = 1_000_000_000
/** Points of the equity curve; when it has twice as many, every second one goes. */
const pointsMax = 1_000
/** The upper ends of the bands of the leg-fill curve, in shares. */
const sizeBands = [10, 25, 50, 100, 250, 500, 1_000, Number.POSITIVE_INFINITY]
/** Rows of a report: its figures count everything, its tables show so many. */
const rowsMax = 2_000
const microPerShare = 1_000_000
const microPerUsd = 1_000_000

/** Watches an engine work through a recording, and sums up what became of it. */
export class ResultCollector {
  readonly #sums: Map<string, Sums> = new Map()
  readonly #refusals: Map<string, number> = new Map()
  readonly #placed: Map<string, ExecutionIntent> = new Map()
  /** By basket: legs that were filled, until all are. */
  readonly #filledLegs: Map<string, number> = new Map()
  readonly #bands: LegFill[] = sizeBands.map(() => ({ legs: 0, filledWhole: 0, filledPart: 0 }))
  readonly #stopped: { strategy: string; reason: string }[] = []
  readonly #trades: { readonly at: Nanos; readonly row: Omit<TradeRow, 'atMs'> }[] = []
  #points: { readonly at: Nanos; readonly equity: MicroUsd }[] = []
  #sampleNanos = sampleNanosMin
  #sampledAt = Number.NEGATIVE_INFINITY
  #basketCount = 0
  #capital = zeroUsd
  #peak = zeroUsd
  #drawdown = zeroUsd

  observe(effect: Effect): void {
    switch (effect.kind) {
      case 'note-signal':
        if (!effect.approved) count(this.#refusals, effect.reason)
        return
      case 'place-basket':
        this.#placed.set(effect.intent.basket, effect.intent)
        if (isFirst(effect.intent)) this.#basketCount++
        return
      case 'note-report':
        this.#onReport(effect.report)
        return
      case 'note-entry':
        this.#onEntry(effect.entry)
        return
      case 'note-strategy-stopped':
        this.#stopped.push({ strategy: effect.strategy, reason: effect.reason })
        return
      default:
    }
  }

  /** Looks at what all is worth, not more often than the curve can show. */
  sample(view: EngineView, at: Nanos): void {
    if (at - this.#sampledAt < this.#sampleNanos) return
    this.#sampledAt = at
    this.#addPoint(at, equityOf(view, this.#capital))
  }

  result(view: EngineView, at: Nanos): Outcome {
    const equity = equityOf(view, this.#capital)
    this.#addPoint(at, equity)
    const episodes = [...view.endedEpisodes(), ...view.openEpisodes()]
    return {
      capitalUsd: formatUsd(this.#capital),
      realizedPnlUsd: formatUsd(view.realised),
      unrealizedPnlUsd: formatUsd(view.unrealised),
      feesUsd: formatUsd(view.fees),
      finalEquityUsd: formatUsd(equity),
      maxDrawdownUsd: formatUsd(this.#drawdown),
      ledgerBalanced: view.ledgerBalanced,
      openPositions: view.positions().filter(({ position }) => position.size > 0).length,
      signals: view.signalCount,
      baskets: this.#basketCount,
      fills: view.fillCount,
      rejections: view.rejectionCount,
      phantoms: view.phantomCount,
      stopped: this.#stopped,
      refusals: Object.fromEntries(this.#refusals),
      byStrategy: Object.fromEntries(
        view.strategies.map(({ strategy: { name } }) => [name, this.#strategy(name, episodes)]),
      ),
      legFill: this.#legFill(),
      equity: this.#points.map((point) => pointOf(point, view)),
      trades: this.#trades
        .slice(-rowsMax)
        .map(({ at: filledAt, row }) => ({ atMs: view.msOf(filledAt), ...row })),
      episodes: episodes
        .toSorted((a, b) => a.firstSeenAt - b.firstSeenAt)
        .slice(-rowsMax)
        .map((episode) => episodeRow(episode, view)),
    }
  }

  #onReport(report: ExecutionReport): void {
    const intent = this.#placed.get(report.basket)
    if (intent === undefined) return
    for (const [index, leg] of report.legs.entries()) {
      const order = intent.orders[index]
      if (order === undefined) continue
      if (intent.purpose === 'open') this.#band(order.size, leg)
      for (const { price, size, fee, at } of leg.fills) {
        const row = {
          strategy: report.strategy,
          basket: report.basket,
          market: order.market,
          outcome: order.outcome,
          side: order.side,
          price: formatPrice(price),
          size: formatSize(size),
          feeUsd: formatUsd(fee),
        }
        this.#trades.push({ at, row })
      }
    }
    if (intent.purpose === 'open') this.#take(intent, report)
    if (report.legs.every(({ outcome }) => outcome !== 'unknown'))
      this.#placed.delete(report.basket)
  }

  /**
   * A basket whose legs are all filled has its edge, in the proportion of what was sent of it:
   * after a probe the rest follows at the size that the probe has got.
   */
  #take({ basket, orders, signal }: ExecutionIntent, { strategy, legs }: ExecutionReport): void {
    const id = basketOf(basket)
    const filled = legs.filter(({ outcome }) => outcome === 'filled').length
    const before = this.#filledLegs.get(id) ?? 0
    this.#filledLegs.set(id, before + filled)
    if (before + filled < signal.legs.length) return

    this.#filledLegs.delete(id)
    const order = orders.at(-1)
    const leg = signal.legs.find(({ instrument }) => instrument === order?.instrument)
    if (order === undefined || leg === undefined) return
    const sums = this.#sumsOf(strategy)
    sums.edgeTaken = add(sums.edgeTaken, prorate(signal.edge, order.size, leg.size))
  }

  #onEntry({ postings }: LedgerEntry): void {
    for (const { account, amount } of postings) {
      const [kind, first = '', ...rest] = account.split(':')
      if (kind === 'capital') this.#deposit(amount)
      else if (kind === 'realised') {
        const sums = this.#sumsOf(first)
        sums.realised = subtract(sums.realised, amount)
      } else if (kind === 'fees') {
        const sums = this.#sumsOf(rest.join(':'))
        sums.fees = add(sums.fees, amount)
      } else if (kind === 'capitalised') {
        const sums = this.#sumsOf(rest.join(':'))
        sums.inCost = subtract(sums.inCost, amount)
      }
    }
  }

  #deposit(credit: MicroUsd): void {
    this.#capital = subtract(this.#capital, credit)
    this.#peak = this.#capital
  }

  #addPoint(at: Nanos, equity: MicroUsd): void {
    this.#peak = max(this.#peak, equity)
    this.#drawdown = max(this.#drawdown, subtract(this.#peak, equity))
    this.#points.push({ at, equity })
    if (this.#points.length < 2 * pointsMax) return
    this.#points = this.#points.filter((_, index) => index % 2 === 0)
    this.#sampleNanos *= 2
  }

  #band(size: number, { outcome }: LegReport): void {
    const index = sizeBands.findIndex((most) => size <= most * microPerShare)
    const band = this.#bands[index]
    if (band === undefined) return
    band.legs++
    if (outcome === 'filled') band.filledWhole++
    if (outcome === 'partly-filled') band.filledPart++
  }

  #legFill(): readonly LegFillPoint[] {
    return this.#bands.flatMap((band, index) => {
      const most = sizeBands[index] ?? 0
      // JSON has no infinity: the last band goes as far as a number does.
      const sizeMaxShares = Number.isFinite(most) ? most : Number.MAX_SAFE_INTEGER
      return band.legs === 0 ? [] : [{ sizeMaxShares, ...band }]
    })
  }

  #strategy(name: string, all: readonly Episode[]): StrategyResult {
    const { realised, fees, inCost, edgeTaken } = this.#sumsOf(name)
    const episodes = all.filter(({ strategy }) => strategy === name)
    const seen = episodes.reduce((sum, { peakEdge }) => add(sum, peakEdge), zeroUsd)
    const missed = new Map<string, number>()
    for (const episode of episodes) if (episode.attempts === 0) count(missed, fateOf(episode))
    const rate = Number(edgeTaken) / Number(seen)
    return {
      realizedUsd: formatUsd(subtract(realised, subtract(fees, inCost))),
      feesUsd: formatUsd(fees),
      episodes: episodes.length,
      taken: episodes.filter(({ attempts }) => attempts > 0).length,
      missed: Object.fromEntries(missed),
      edgeSeenUsd: formatUsd(seen),
      edgeTakenUsd: formatUsd(edgeTaken),
      captureRate: seen > 0 ? Math.round(rate * 10_000) / 10_000 : null,
    }
  }

  #sumsOf(strategy: string): Sums {
    const known = this.#sums.get(strategy)
    if (known !== undefined) return known
    const made = { realised: zeroUsd, fees: zeroUsd, inCost: zeroUsd, edgeTaken: zeroUsd }
    this.#sums.set(strategy, made)
    return made
  }
}

/** `B000001-R` sends the rest of `B000001`, `-C1` completes and `-U1` unwinds it. */
function basketOf(placement: string): string {
  return placement.split('-')[0] ?? placement
}

function isFirst({ basket, purpose }: ExecutionIntent): boolean {
  return purpose === 'open' && basketOf(basket) === basket
}

function equityOf(view: EngineView, capital: MicroUsd): MicroUsd {
  return add(add(capital, view.realised), view.unrealised)
}

function pointOf(
  { at, equity }: { readonly at: Nanos; readonly equity: MicroUsd },
  view: EngineView,
): EquityPoint {
  return { atMs: view.msOf(at), equityUsd: Number(equity) / microPerUsd }
}

function episodeRow(episode: Episode, view: EngineView): EpisodeRow {
  const { firstSeenAt, lastSeenAt, endedAt, strategy, signal, peakEdge, attempts } = episode
  return {
    fromMs: view.msOf(firstSeenAt),
    lastedMs: Math.round(((endedAt ?? lastSeenAt) - firstSeenAt) / 1e6),
    strategy,
    markets: [...new Set(signal.legs.map(({ market }) => market))],
    peakEdgeUsd: formatUsd(peakEdge),
    attempts,
    fate: attempts > 0 ? 'taken' : fateOf(episode),
  }
}

function fateOf({ refusal, endedBy }: Episode): string {
  return refusal ?? endedBy ?? 'lasting'
}

function count(counts: Map<string, number>, key: string): void {
  counts.set(key, (counts.get(key) ?? 0) + 1)
}
