import type { InstrumentId } from '../../core/market.ts'
import type { Fill } from '../../core/order.ts'
import { complement } from '../../core/units.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import type { UserTrade } from './account-wire.ts'

/** One meeting of two orders, as one of them books it. */
export type Execution = {
  /** Of the order that books it. */
  readonly orderId: string
  /** Whose order it is: the id of an API key. */
  readonly owner: string
  /** The trade and the maker: a trade meets several makers, and a price may come twice. */
  readonly key: string
  readonly instrument: InstrumentId
  readonly price: Ticks
  readonly size: MicroShares
  readonly liquidity: Fill['liquidity']
}

/**
 * Every execution within a trade: one for its taker and one for its maker in each meeting.
 *
 * A maker of the other outcome was matched by minting or merging: its price is the rest of the
 * dollar. docs/venues/polymarket.md, 5.2.
 */
export function executionsOf(trade: UserTrade): readonly Execution[] {
  const { id, asset_id: asset, taker_order_id: taker, owner } = trade
  const instrument = asset as InstrumentId
  if (trade.maker_orders.length === 0) {
    const { price, size } = trade
    return [{ orderId: taker, owner, key: id, instrument, price, size, liquidity: 'taker' }]
  }
  return trade.maker_orders.flatMap((maker) => {
    const key = `${id}:${maker.order_id}`
    const size = maker.matched_amount
    const price = maker.asset_id === asset ? maker.price : complement(maker.price)
    return [
      { orderId: taker, owner, key, instrument, price, size, liquidity: 'taker' as const },
      {
        orderId: maker.order_id,
        owner: maker.owner,
        key,
        instrument: maker.asset_id as InstrumentId,
        price: maker.price,
        size,
        liquidity: 'maker' as const,
      },
    ]
  })
}
