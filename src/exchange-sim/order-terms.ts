import type { Outcome } from '../core/market.ts'
import type { BookSide } from '../core/order-book.ts'
import { bidSide } from '../core/order-book.ts'
import type { Random } from '../core/random.ts'
import type { Ticks } from '../core/units.ts'
import { complement } from '../core/units.ts'
import type { OrderRequest } from './matching-engine.ts'
import type { SimMarket } from './sim-market.ts'

/**
 * The terms of an order that is to stand on a side of a book.
 *
 * In a mirrored book an order for either outcome can: to buy YES and to sell NO are one thing.
 */
export function orderTerms(
  { market, outcome }: { readonly market: SimMarket; readonly outcome: Outcome },
  side: BookSide,
  price: Ticks,
  random: Random,
): Pick<OrderRequest, 'outcome' | 'side' | 'price'> {
  const turned = market.engine.kind === 'mirrored' && random.chance(0.5)
  const isBid = side === bidSide
  if (!turned) return { outcome, side: isBid ? 'buy' : 'sell', price }
  return { outcome: 'no', side: isBid ? 'sell' : 'buy', price: complement(price) }
}
