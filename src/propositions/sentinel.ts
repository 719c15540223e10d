import type { Market, MarketId, VenueId } from '../core/market.ts'
import type { PropositionId, WithdrawalReason } from '../core/proposition.ts'
import type { EpochMs, Ticks } from '../core/units.ts'
import type { PropositionWatch } from '../ports/proposition-watch.ts'
import { listingOf } from './listing.ts'
import type { ConfirmedMarket, RegisterEntry } from './register.ts'
import { hashRules } from './rule-hash.ts'

export type SentinelLimits = {
  /** A wider gap between prices that should agree says that somebody knows better. */
  readonly gapMax: Ticks
  /** For so long it may be an error of the moment, or the very mispricing we look for. */
  readonly gapMsMax: number
  /** Venues move a close by hours all the time; by days only when what is asked has moved. */
  readonly closeMovedMsMax: number
}

/** arbitrage.md gives 8 cents; a real mispricing of this size does not last ten minutes. */
export const sentinelDefaults: SentinelLimits = {
  gapMax: 800 as Ticks,
  gapMsMax: 10 * 60_000,
  closeMovedMsMax: 36 * 3_600_000,
}

export type Withdrawal = {
  readonly id: PropositionId
  readonly reason: WithdrawalReason
  readonly detail: string
}

type Watched = { readonly entry: RegisterEntry; apartSince: EpochMs | undefined }

/**
 * Takes a confirmed pair out of trading as soon as it is not what the person has read.
 *
 * Never the reverse: a pair that has come back together stays out until somebody confirms it anew.
 */
export class Sentinel implements PropositionWatch {
  readonly #limits: SentinelLimits
  readonly #watched: ReadonlyMap<PropositionId, Watched>
  readonly #withdrawn: Map<PropositionId, Withdrawal> = new Map()

  constructor(entries: readonly RegisterEntry[], limits: SentinelLimits = sentinelDefaults) {
    this.#limits = limits
    this.#watched = new Map(entries.map((entry) => [entry.id, { entry, apartSince: undefined }]))
    for (const { id, withdrawn } of entries) {
      if (withdrawn !== undefined) this.#withdraw(id, 'withdrawn-by-hand', withdrawn.because)
    }
  }

  get version(): number {
    return this.#withdrawn.size
  }

  get withdrawals(): readonly Withdrawal[] {
    return [...this.#withdrawn.values()]
  }

  withdrawn(id: PropositionId): WithdrawalReason | undefined {
    if (!this.#watched.has(id)) return 'withdrawn-by-hand'
    return this.#withdrawn.get(id)?.reason
  }

  onMarkets(markets: Iterable<Market>): void {
    const wanted = new Set<string>()
    for (const { entry } of this.#watched.values()) {
      wanted.add(nameOf('polymarket', entry.polymarket.market))
      wanted.add(nameOf('kalshi', entry.kalshi.market))
    }
    const found = new Map<string, Market>()
    for (const market of markets) {
      const name = nameOf(market.venue, market.id)
      if (wanted.has(name)) found.set(name, market)
    }
    for (const { entry } of this.#watched.values()) this.#compare(entry, found)
  }

  onGap(id: PropositionId, gap: Ticks, at: EpochMs): void {
    const watched = this.#watched.get(id)
    if (watched === undefined) return
    if (gap <= this.#limits.gapMax) {
      watched.apartSince = undefined
      return
    }
    watched.apartSince ??= at
    if (at - watched.apartSince <= this.#limits.gapMsMax) return
    this.#withdraw(
      id,
      'prices-apart',
      `${gap / 100} cents for ${this.#limits.gapMsMax / 60_000} minutes`,
    )
  }

  #compare(entry: RegisterEntry, found: ReadonlyMap<string, Market>): void {
    const polymarket = found.get(nameOf('polymarket', entry.polymarket.market))
    const kalshi = found.get(nameOf('kalshi', entry.kalshi.market))
    const fault =
      faultOf(polymarket, entry.polymarket, this.#limits) ??
      faultOf(kalshi, entry.kalshi, this.#limits) ??
      settledApart(polymarket, kalshi, entry)
    if (fault !== undefined) this.#withdraw(entry.id, fault.reason, fault.detail)
  }

  #withdraw(id: PropositionId, reason: WithdrawalReason, detail: string): void {
    if (!this.#withdrawn.has(id)) this.#withdrawn.set(id, { id, reason, detail })
  }
}

type Fault = { readonly reason: WithdrawalReason; readonly detail: string }

/** A market that is not listed is no fault of the pair: it cannot trade, and may be back. */
function faultOf(
  market: Market | undefined,
  confirmed: ConfirmedMarket,
  { closeMovedMsMax }: SentinelLimits,
): Fault | undefined {
  if (market === undefined) return undefined
  const { rules, source } = hashRules(listingOf(market, undefined))
  const at = `${market.venue} ${confirmed.slug}`
  if (rules !== confirmed.rulesHash) return { reason: 'rules-changed', detail: at }
  if (source !== confirmed.sourceHash) return { reason: 'source-changed', detail: at }
  // A market that has come to its end is given its true close, which may be long before the
  // planned.
  if (market.status === 'closed' || market.status === 'resolved') return undefined
  const [was, is] = [confirmed.closesAt, market.closesAt]
  if (was === undefined || is === undefined) {
    return was === is
      ? undefined
      : { reason: 'dates-moved', detail: `${at} closes at another time` }
  }
  if (Math.abs(is - was) <= closeMovedMsMax) return undefined
  const [before, now] = [was, is].map((instant) => new Date(instant).toISOString())
  return { reason: 'dates-moved', detail: `${at} closed ${before}, now ${now}` }
}

/** The proof of a mistake, too late for this pair and in time for those like it. */
function settledApart(
  polymarket: Market | undefined,
  kalshi: Market | undefined,
  { orientation, lesser }: RegisterEntry,
): Fault | undefined {
  const [first, other] = [polymarket?.resolution?.yesValue, kalshi?.resolution?.yesValue]
  if (first === undefined || other === undefined) return undefined
  const second = orientation === 'same' ? other : 1_000_000 - other
  const isFine =
    lesser === undefined
      ? first === second
      : lesser === 'polymarket'
        ? first <= second
        : second <= first
  return isFine
    ? undefined
    : { reason: 'settled-apart', detail: `${first} and ${second} ppm of a dollar` }
}

function nameOf(venue: VenueId, market: MarketId): string {
  return `${venue}:${market}`
}
