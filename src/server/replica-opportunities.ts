import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { CertificateLeg } from '../core/certificate.ts'
import type { SignalLeg, TradeSignal } from '../core/signal.ts'
import type { MicroUsd } from '../core/units.ts'
import { add, annualised, cost, zeroShares, zeroUsd } from '../core/units.ts'
import type { EpisodeSight } from './digest.ts'
import type { ReplicaCatalogue } from './replica-catalogue.ts'
import type {
  Decision,
  Opportunity,
  OpportunityDetail,
  OpportunityLeg,
} from './schema/opportunity.ts'
import { Shelf } from './shelf.ts'

const shownMax = 400
const decisionsMax = 50
const msPerDay = 86_400_000

/** What is kept of an opportunity besides its row. */
type Kept = {
  readonly signal: TradeSignal
  readonly decisions: Decision[]
  readonly baskets: string[]
}

/** Mispricings and what became of them, in words and decimal text. */
export class ReplicaOpportunities {
  readonly shelf: Shelf<Opportunity> = new Shelf(shownMax)
  readonly #catalogue: ReplicaCatalogue
  readonly #kept: Map<string, Kept> = new Map()
  /** By strategy and legs: the opportunity that was seen with them last. */
  readonly #latest: Map<string, string> = new Map()

  constructor(catalogue: ReplicaCatalogue) {
    this.#catalogue = catalogue
  }

  see(sight: EpisodeSight, msOf: (at: number) => number): void {
    const id = `${sight.strategy}-${sight.number}`
    const kept = this.#kept.get(id)
    const signal = sight.signal ?? kept?.signal
    // It came before this replica, or was too long ago to be kept.
    if (signal === undefined) return
    if (kept === undefined) {
      this.#kept.set(id, { signal, decisions: [], baskets: [] })
      this.#latest.set(keyOf(signal), id)
      this.#dropOldest()
    }
    this.shelf.set(this.#row(id, signal, sight, msOf))
  }

  decide(signal: TradeSignal, decision: Decision): void {
    const kept = this.#kept.get(this.idOf(signal) ?? '')
    if (kept !== undefined && kept.decisions.length < decisionsMax) kept.decisions.push(decision)
  }

  placed(signal: TradeSignal, basket: string): void {
    const kept = this.#kept.get(this.idOf(signal) ?? '')
    if (kept !== undefined && kept.baskets.length < decisionsMax) kept.baskets.push(basket)
  }

  /** The opportunity a signal belongs to. */
  idOf(signal: TradeSignal): string | undefined {
    return this.#latest.get(keyOf(signal))
  }

  detail(id: string): OpportunityDetail | undefined {
    const row = this.shelf.get(id)
    const kept = this.#kept.get(id)
    if (row === undefined || kept === undefined) return undefined
    const { certificate, legs } = kept.signal
    return {
      ...row,
      group: certificate?.group ?? '',
      legs: legs.map((leg, index) => this.#leg(leg, certificate?.legs[index])),
      states: (certificate?.states ?? []).map(({ name, payoff, cost, fee, profit }) => ({
        name,
        payoff: formatUsd(payoff),
        cost: formatUsd(cost),
        fee: formatUsd(fee),
        profit: formatUsd(profit),
      })),
      assumptions: certificate?.assumptions ?? [],
      decisions: kept.decisions,
      baskets: kept.baskets,
    }
  }

  /** The set's name when the legs are of one set, else that of the first market. */
  titleOf({ venue, legs }: TradeSignal): string {
    const [first] = legs
    if (first === undefined) return ''
    const sets = new Set(legs.map((leg) => this.#catalogue.find(leg.venue, leg.market)?.market.set))
    const [set] = sets
    if (legs.length > 1 && sets.size === 1 && set !== undefined) {
      const markets = new Set(legs.map(({ market }) => market))
      if (markets.size > 1) return this.#catalogue.setTitle(venue, set)
    }
    return this.#catalogue.name(first.venue, first.market).question
  }

  #row(
    id: string,
    signal: TradeSignal,
    sight: EpisodeSight,
    msOf: (at: number) => number,
  ): Opportunity {
    const { legs, edge, edgeRate, realisation } = signal
    const { paid, fee } = moneyOf(signal)
    const lockDays = this.#lockDays(signal, msOf(sight.firstSeenAt))
    return {
      id,
      strategy: sight.strategy,
      title: this.titleOf(signal),
      legCount: legs.length,
      size: formatSize(legs[0]?.size ?? zeroShares),
      cost: formatUsd(paid),
      fee: formatUsd(fee),
      edge: formatUsd(edge),
      edgeRate,
      peakEdgeRate: sight.peakEdgeRate,
      realisation,
      state: sight.endedBy === undefined ? 'open' : 'over',
      verdict: verdictOf(sight),
      attempts: sight.attempts,
      sightings: sight.sightings,
      firstSeenMs: msOf(sight.firstSeenAt),
      lastSeenMs: msOf(sight.lastSeenAt),
      endedMs: sight.endedAt === undefined ? null : msOf(sight.endedAt),
      endedBy: sight.endedBy ?? null,
      lockDays,
      annualisedRate: annualised(edge, add(paid, fee), lockDays ?? undefined) ?? null,
    }
  }

  #leg(leg: SignalLeg, certified: CertificateLeg | undefined): OpportunityLeg {
    return {
      market: this.#catalogue.name(leg.venue, leg.market),
      outcome: leg.outcome,
      side: leg.side,
      size: formatSize(leg.size),
      limit: formatPrice(leg.limit),
      taken: (certified?.taken ?? []).map(({ price, size }) => ({
        price: formatPrice(price),
        size: formatSize(size),
      })),
      cost: formatUsd(certified?.cost ?? cost(leg.limit, leg.size)),
      fee: formatUsd(certified?.fee ?? zeroUsd),
    }
  }

  #lockDays({ realisation, legs }: TradeSignal, fromMs: number): number | null {
    if (realisation !== 'settlement') return 0
    let latest = fromMs
    for (const { venue, market } of legs) {
      const closesAt = this.#catalogue.find(venue, market)?.market.closesAt
      if (closesAt === undefined) return null
      latest = Math.max(latest, closesAt)
    }
    return (latest - fromMs) / msPerDay
  }

  #dropOldest(): void {
    if (this.#kept.size <= shownMax) return
    const [oldest] = this.#kept.keys()
    if (oldest === undefined) return
    const kept = this.#kept.get(oldest)
    this.#kept.delete(oldest)
    if (kept !== undefined && this.idOf(kept.signal) === oldest) {
      this.#latest.delete(keyOf(kept.signal))
    }
  }
}

function verdictOf({ working, attempts, refusal }: EpisodeSight): string {
  if (working) return 'working'
  if (attempts > 0) return 'traded'
  return refusal ?? 'seen'
}

function moneyOf({ certificate, legs }: TradeSignal): { paid: MicroUsd; fee: MicroUsd } {
  if (certificate === undefined) {
    const paid = legs.map(({ limit, size }) => cost(limit, size)).reduce(sum, zeroUsd)
    return { paid, fee: zeroUsd }
  }
  return {
    paid: certificate.legs.map((leg) => leg.cost).reduce(sum, zeroUsd),
    fee: certificate.legs.map((leg) => leg.fee).reduce(sum, zeroUsd),
  }
}

function sum(a: MicroUsd, b: MicroUsd): MicroUsd {
  return add(a, b)
}

function keyOf({ strategy, legs }: TradeSignal): string {
  return `${strategy} ${legs.map(({ instrument, side }) => `${side} ${instrument}`).join(' ')}`
}
