import type { Certificate } from '../../src/core/certificate.ts'
import type { SmallWorld } from './small-world.ts'

/**
 * The least that the legs of a certificate earn over the outcomes of its world, by the generator's
 * own list and in `bigint`. Undefined when the books do not hold what it takes.
 */
export function trueProfit(certificate: Certificate, world: SmallWorld): bigint | undefined {
  let spent = 0n
  for (const leg of certificate.legs) {
    const cost = takenCost(leg, world)
    if (cost === undefined) return undefined
    spent += cost
  }
  const profits = world.outcomes.map((line) =>
    certificate.legs.reduce((sum, leg) => sum + pays(leg, line, world), -spent),
  )
  return profits.reduce((least, profit) => (profit < least ? profit : least))
}

type Leg = Certificate['legs'][number]

function pays(leg: Leg, line: readonly number[], world: SmallWorld): bigint {
  const wins = (line[indexOf(leg, world)] ?? 0) === 1
  return (leg.outcome === 'yes') === wins ? BigInt(leg.size) : 0n
}

function indexOf(leg: Leg, { markets }: SmallWorld): number {
  return markets.findIndex(({ venue, id }) => venue === leg.venue && id === leg.market)
}

/**
 * What the levels of the world's own book cost for the size of a leg, best first, fees at the most.
 */
function takenCost(leg: Leg, world: SmallWorld): bigint | undefined {
  const index = indexOf(leg, world)
  const market = world.markets[index]
  const book = world.books[index]
  if (market === undefined || book === undefined || market.fee.kind === 'unknown') return undefined
  const { taker, rounding } = market.fee
  const offers =
    leg.outcome === 'yes'
      ? book.asks.map(({ price, size }) => ({ price: BigInt(price), size: BigInt(size) }))
      : book.bids.map(({ price, size }) => ({ price: 10_000n - BigInt(price), size: BigInt(size) }))

  let left = BigInt(leg.size)
  let cost = 0n
  for (const { price, size } of offers) {
    const taken = left < size ? left : size
    if (taken === 0n) break
    left -= taken
    cost += (price * taken + 9_999n) / 10_000n
    if (taker.rate === 0 && rounding !== 'up-to-micro') continue
    cost += (taken * BigInt(taker.rate) * price * (10_000n - price)) / 10n ** 14n
    cost += rounding === 'down-to-5-decimals' ? 10n : 404n + (taken + 999_999n) / 1_000_000n
  }
  return left === 0n ? cost : undefined
}
