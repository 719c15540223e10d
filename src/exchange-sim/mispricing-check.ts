import { assert } from '../core/assert.ts'
import type { Outcome } from '../core/market.ts'
import { noAsk, noBid } from '../core/units.ts'
import type { SimMarket, SimSet } from './sim-market.ts'
import { isExclusive, isExhaustive } from './sim-market.ts'
import type { MispricingKind } from './truth.ts'

/**
 * Money per share, in 10^-14 dollars: a price in ticks is a multiple of 10^10, and a fee of whole
 * ppm of price times one minus price is exact. Big integers, unlike everything the engine uses.
 */
export type ExactUsd = bigint

export const exactUsd: ExactUsd = 10n ** 14n
export const exactTick: ExactUsd = 10n ** 10n

/** One portfolio and what a set of it earns at the best prices now. */
export type MispricingCheck = {
  readonly kind: MispricingKind
  readonly markets: readonly SimMarket[]
  /** Dollars that a set pays at the least. */
  readonly payoutUsd: number
  /** Payoff minus cost and fees. Undefined when a price or a fee is missing. */
  readonly edge: () => ExactUsd | undefined
}

/** What a share of an outcome costs at the best ask, fee included. */
export function buyingCost(market: SimMarket, outcome: Outcome): ExactUsd | undefined {
  const price = market.engine.bestAsk(outcome)
  const fee = exactFee(market, price)
  return price === noAsk || fee === undefined ? undefined : BigInt(price) * exactTick + fee
}

/** What a share of an outcome brings at the best bid, fee deducted. */
export function sellingGain(market: SimMarket, outcome: Outcome): ExactUsd | undefined {
  const price = market.engine.bestBid(outcome)
  const fee = exactFee(market, price)
  return price === noBid || fee === undefined ? undefined : BigInt(price) * exactTick - fee
}

/** rate × p × (1 − p), before the venue cuts it down. docs/venues/polymarket.md, 8.1. */
export function exactFee({ listing }: SimMarket, price: number): ExactUsd | undefined {
  const { fee } = listing
  switch (fee.kind) {
    case 'free':
      return 0n
    case 'curve':
      return BigInt(fee.rate) * BigInt(price) * BigInt(10_000 - price)
    case 'unstated':
      return undefined
  }
}

/** The portfolios of one set on its own. */
export function checksOfSet(set: SimSet): readonly MispricingCheck[] {
  const { markets } = set
  const separate = markets.filter(({ engine }) => engine.kind === 'separate').map(crossOutcome)
  const open = markets.filter(({ listing }) => !listing.isReserved)
  const baskets = [
    ...(isExhaustive(set) ? [everyYes(open)] : []),
    ...(isExclusive(set) ? [everyNo(open)] : []),
  ]
  return [...separate, ...baskets, ...implications(set)]
}

/** Both outcomes of a market bought for less than a dollar, or sold for more. */
function crossOutcome(market: SimMarket): MispricingCheck {
  return {
    kind: 'cross-outcome',
    markets: [market],
    payoutUsd: 1,
    edge() {
      const bought = sum([buyingCost(market, 'yes'), buyingCost(market, 'no')])
      const sold = sum([sellingGain(market, 'yes'), sellingGain(market, 'no')])
      const buying = bought === undefined ? undefined : exactUsd - bought
      const selling = sold === undefined ? undefined : sold - exactUsd
      return larger(buying, selling)
    },
  }
}

/** A share of every YES of a set of which one must win. */
function everyYes(markets: readonly SimMarket[]): MispricingCheck {
  return {
    kind: 'outcome-basket-yes',
    markets,
    payoutUsd: 1,
    edge() {
      const cost = sum(markets.map((market) => buyingCost(market, 'yes')))
      return cost === undefined ? undefined : exactUsd - cost
    },
  }
}

/**
 * Every outcome sold, of a set of which at most one wins: no more than a dollar is ever owed. One
 * whose bid is not worth its fee is left out.
 */
function everyNo(markets: readonly SimMarket[]): MispricingCheck {
  return {
    kind: 'outcome-basket-no',
    markets,
    payoutUsd: markets.length - 1,
    edge() {
      const gains = markets.map((market) => sellingGain(market, 'yes') ?? 0n)
      return gains.reduce((total, gain) => (gain > 0n ? total + gain : total), 0n) - exactUsd
    },
  }
}

/** Each pair of a ladder: what implies another sold, what is implied bought. */
function implications(set: SimSet): readonly MispricingCheck[] {
  const { markets, structure } = set
  if (structure.kind !== 'strikes' && structure.kind !== 'dates') return []

  return markets.flatMap((first, at) =>
    markets.slice(at + 1).map((second) => {
      // A higher strike implies a lower one; an earlier date implies a later one.
      const isRising = structure.kind === 'strikes'
      return isRising ? implication(second, first) : implication(first, second)
    }),
  )
}

function implication(premise: SimMarket, conclusion: SimMarket): MispricingCheck {
  return {
    kind: 'ladder',
    markets: [premise, conclusion],
    payoutUsd: 1,
    edge() {
      const gain = sellingGain(premise, 'yes')
      const cost = buyingCost(conclusion, 'yes')
      return gain === undefined || cost === undefined ? undefined : gain - cost
    },
  }
}

function sum(terms: readonly (ExactUsd | undefined)[]): ExactUsd | undefined {
  let total = 0n
  for (const term of terms) {
    if (term === undefined) return undefined
    total += term
  }
  return total
}

function larger(a: ExactUsd | undefined, b: ExactUsd | undefined): ExactUsd | undefined {
  if (a === undefined || b === undefined) return a ?? b
  return a > b ? a : b
}

/** An edge in whole ticks, rounded down. */
export function edgeTicksOf(edge: ExactUsd): number {
  assert(edge >= 0n, `an edge that is told is not negative: ${edge}`)
  return Number(edge / exactTick)
}
