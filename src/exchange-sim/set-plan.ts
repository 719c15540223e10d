import type { BookKind } from '../core/market.ts'
import type { EpochMs, Ticks } from '../core/units.ts'
import type { FeeCategory, FeeTerms } from './fee-terms.ts'
import type { MarketIds } from './market-ids.ts'
import type { CrossListing, KalshiTerms, SetStructure, SimSet, Tag } from './sim-market.ts'
import { SimMarket } from './sim-market.ts'

export type MarketPlan = {
  readonly label: string
  readonly question: string
  readonly role: 'named' | 'placeholder' | 'other'
  readonly strike?: number
  readonly endsInMs?: number
  readonly rules?: string
  /** On Kalshi: what its ticker has after that of the event. */
  readonly suffix?: string
}

/** A set as it is drawn up, before it has ids. */
export type SetPlan = {
  /** The name the ids are drawn from. The slug is made from it too. */
  readonly key: string
  readonly title: string
  readonly category: FeeCategory
  readonly fee: FeeTerms
  readonly structure: SetStructure
  readonly bookKind: BookKind
  readonly outcomes: readonly [string, string]
  readonly tick: Ticks
  readonly tags: readonly string[]
  readonly rules: string
  readonly source: string
  readonly endsInMs: number
  readonly resolvesAfterMs: number | undefined
  readonly markets: readonly MarketPlan[]
  readonly crossListing?: CrossListing
  /** The set is listed on Kalshi, and `key` is the ticker of its event. */
  readonly kalshi?: KalshiTerms
}

/** Gives plans their ids, numbered as they come. */
export class SetLister {
  readonly #ids: MarketIds
  #setCount = 0
  #marketCount = 0
  readonly #tags = new Map<string, Tag>()

  constructor(ids: MarketIds) {
    this.#ids = ids
  }

  /** A set with its markets, as it is listed at `at`. */
  draw(plan: SetPlan, at: EpochMs): SimSet {
    this.#setCount += 1
    const isExclusive = plan.structure.kind === 'outright' || plan.structure.kind === 'ranges'
    const isNegRisk = isExclusive && plan.kalshi === undefined
    const set: SimSet = {
      venue: plan.kalshi === undefined ? 'polymarket' : 'kalshi',
      id: String(400_000 + this.#setCount),
      slug: plan.key,
      title: plan.title,
      rules: plan.rules,
      source: plan.source,
      category: plan.category,
      tags: plan.tags.map((label) => this.#tag(label)),
      structure: plan.structure,
      // The last byte counts the questions of the set. docs/venues/polymarket.md, 10.2.
      negRiskId: isNegRisk ? `${this.#ids.hash(plan.key).slice(0, -2)}00` : undefined,
      resolvesAfterMs: plan.resolvesAfterMs,
      crossListing: plan.crossListing,
      kalshi: plan.kalshi,
      markets: [],
    }
    for (const [index, market] of plan.markets.entries()) {
      set.markets.push(this.#market(plan, market, set, index, at))
    }
    return set
  }

  #market(plan: SetPlan, market: MarketPlan, set: SimSet, index: number, at: EpochMs): SimMarket {
    this.#marketCount += 1
    const key = keyOf(plan, market)
    const isOnKalshi = plan.kalshi !== undefined
    const listing = {
      id: String(2_000_000 + this.#marketCount),
      conditionId: isOnKalshi ? key : this.#ids.hash(`condition ${key}`),
      questionId: questionIdOf(set.negRiskId ?? this.#ids.hash(`question ${key}`), set, index),
      slug: key,
      question: market.question,
      label: market.label,
      outcomes: plan.outcomes,
      tokens: isOnKalshi
        ? { yes: `${key}:yes`, no: `${key}:no` }
        : { yes: this.#ids.token(`yes ${key}`), no: this.#ids.token(`no ${key}`) },
      bookKind: plan.bookKind,
      role: market.role,
      isReserved:
        market.role !== 'named' &&
        plan.structure.kind === 'outright' &&
        plan.structure.list === 'growing',
      strike: market.strike,
      fee: plan.fee,
      rules: market.rules,
      listedAt: at,
      endsAt: (at + (market.endsInMs ?? plan.endsInMs)) as EpochMs,
    }
    return new SimMarket(listing, set, plan.tick)
  }

  #tag(label: string): Tag {
    const known = this.#tags.get(label)
    if (known !== undefined) return known
    const tag = { id: String(100 + this.#tags.size), label, slug: slugOf(label) }
    this.#tags.set(label, tag)
    return tag
  }
}

function keyOf(plan: SetPlan, market: MarketPlan): string {
  if (market.suffix !== undefined) return `${plan.key}-${market.suffix}`
  return plan.markets.length === 1 ? plan.key : `${plan.key}-${slugOf(market.label)}`
}

function questionIdOf(base: string, set: SimSet, index: number): string {
  if (set.negRiskId === undefined) return base
  return base.slice(0, -2) + index.toString(16).padStart(2, '0')
}

export function slugOf(label: string): string {
  return label
    .toLowerCase()
    .replaceAll('<', 'below-')
    .replaceAll('>', 'above-')
    .replaceAll('+', '-or-more')
    .replaceAll(/[^a-z0-9]+/g, '-')
    .replaceAll(/^-|-$/g, '')
}
