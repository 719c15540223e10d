import type { Market, VenueId } from '../../src/core/market.ts'
import type { Level } from '../../src/core/order-book.ts'
import type { SmallWorld } from './small-world.ts'

/** Something that can be bought: its cost by the number of lots, and where it pays a dollar. */
type Token = {
  readonly market: number
  readonly venue: VenueId
  readonly outcome: 'yes' | 'no'
  readonly lot: number
  /** All it can cost to buy 0, 1, 2 … lots; undefined where it may not be bought at all. */
  readonly costs: readonly (number | undefined)[]
  readonly pays: readonly number[]
}

export type Optimum = {
  /** Micro-dollars; 0 when buying nothing is best, and nothing is allowed. */
  readonly edge: number
  readonly tried: number
}

/**
 * The best basket of a small world, by trying every number of lots of every token; of one market,
 * YES or NO, since both together are a pair that costs more than the dollar it is.
 *
 * Written without the detectors and without their arithmetic: costs in `bigint` from the rule,
 * payoffs from the generator's own list of outcomes.
 */
export function bruteForce(
  world: SmallWorld,
  least: 'anything' | 'something' = 'anything',
): Optimum {
  const tokens = tokensOf(world)
  const payoffs = world.outcomes.map(() => 0)
  const spent = new Map<string, number>()
  let best = least === 'anything' ? 0 : Number.NEGATIVE_INFINITY
  let tried = 0

  const held = new Set<number>()
  const visit = (index: number, cost: number): void => {
    const token = tokens[index]
    if (token === undefined) {
      tried++
      if (least === 'something' && held.size === 0) return
      let worst = Number.POSITIVE_INFINITY
      for (const payoff of payoffs) worst = Math.min(worst, payoff)
      best = Math.max(best, worst - cost)
      return
    }
    token.costs.forEach((price, lots) => {
      if (price === undefined || (lots > 0 && held.has(token.market))) return
      const before = spent.get(token.venue) ?? 0
      if (before + price > (world.cash?.get(token.venue) ?? Number.POSITIVE_INFINITY)) return
      spent.set(token.venue, before + price)
      if (lots > 0) held.add(token.market)
      shift(token, lots)
      visit(index + 1, cost + price)
      shift(token, -lots)
      if (lots > 0) held.delete(token.market)
      spent.set(token.venue, before)
    })
  }
  const shift = (token: Token, lots: number): void => {
    for (let state = 0; state < payoffs.length; state++) {
      payoffs[state] = (payoffs[state] ?? 0) + lots * token.lot * (token.pays[state] ?? 0)
    }
  }
  visit(0, 0)
  return { edge: best, tried }
}

function tokensOf({ markets, books, outcomes }: SmallWorld): readonly Token[] {
  return markets.flatMap((market, index): Token[] => {
    const book = books[index] ?? { bids: [], asks: [] }
    const yes = outcomes.map((line) => line[index] ?? 0)
    const mirrored = book.bids.map(({ price, size }) => ({ price: 10_000 - price, size }))
    return [
      {
        market: index,
        venue: market.venue,
        outcome: 'yes',
        lot: market.lot,
        costs: costs(market, book.asks),
        pays: yes,
      },
      {
        market: index,
        venue: market.venue,
        outcome: 'no',
        lot: market.lot,
        costs: costs(market, mirrored),
        pays: yes.map((value) => 1 - value),
      },
    ]
  })
}

type Offer = { readonly price: number; readonly size: number }

function costs(market: Market, asks: readonly (Level | Offer)[]): readonly (number | undefined)[] {
  const depth = asks.reduce((sum, { size }) => sum + size, 0)
  const lots = Math.floor(depth / market.lot)
  return Array.from({ length: lots + 1 }, (_, count) => {
    const size = count * market.lot
    if (count === 0) return 0
    return size < market.sizeMin ? undefined : Number(costOf(market, asks, BigInt(size)))
  })
}

function costOf(market: Market, asks: readonly (Level | Offer)[], size: bigint): bigint {
  let left = size
  let total = 0n
  for (const level of asks) {
    const taken = left < BigInt(level.size) ? left : BigInt(level.size)
    if (taken === 0n) break
    total += (BigInt(level.price) * taken + 9_999n) / 10_000n + feeBound(market, level.price, taken)
    left -= taken
  }
  return total
}

/** The rule that plans go by: the curve, cut to whole micro-dollars, and the venue's reserve. */
function feeBound({ fee }: Market, price: number, size: bigint): bigint {
  if (fee.kind === 'unknown') return 0n
  if (fee.taker.rate === 0 && fee.rounding !== 'up-to-micro') return 0n
  const spread = BigInt(price) * BigInt(10_000 - price)
  const curve = (size * BigInt(fee.taker.rate) * spread) / 100_000_000_000_000n
  const contracts = (size + 999_999n) / 1_000_000n
  return curve + (fee.rounding === 'down-to-5-decimals' ? 10n : 404n + contracts)
}
