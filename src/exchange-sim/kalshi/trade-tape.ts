import type { Outcome } from '../../core/market.ts'
import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import { add, complement, zeroShares } from '../../core/units.ts'
import type { EngineFill, OrderRequest } from '../matching-engine.ts'
import type { SimMarket } from '../sim-market.ts'
import type { WorldEvent } from '../world.ts'

/** Trades kept of each market. */
const keptMax = 500

/** One fill as everybody is told of it. */
export type TapeTrade = {
  readonly id: string
  readonly market: SimMarket
  readonly yesPrice: Ticks
  readonly size: MicroShares
  readonly taker: Outcome
  readonly at: EpochMs
}

/** What has been traded on Kalshi's markets. */
export class TradeTape {
  readonly #trades = new Map<SimMarket, TapeTrade[]>()
  readonly #volumes = new Map<SimMarket, MicroShares>()
  #count = 0

  /** Notes the fills of an event, and gives them. */
  note(event: WorldEvent): readonly TapeTrade[] {
    if (event.kind !== 'order-executed') return []
    const { market, at, execution } = event
    const trades = execution.fills.map((fill) => this.#trade(market, execution.request, fill, at))
    const kept = this.#trades.get(market) ?? []
    kept.push(...trades)
    kept.splice(0, kept.length - keptMax)
    this.#trades.set(market, kept)
    return trades
  }

  /** The newest first. */
  tradesOf(market: SimMarket): readonly TapeTrade[] {
    return (this.#trades.get(market) ?? []).toReversed()
  }

  volumeOf(market: SimMarket): MicroShares {
    return this.#volumes.get(market) ?? zeroShares
  }

  #trade(market: SimMarket, request: OrderRequest, fill: EngineFill, at: EpochMs): TapeTrade {
    this.#count += 1
    const { outcome, side } = request
    this.#volumes.set(market, add(this.volumeOf(market), fill.size))
    return {
      id: `00000000-0000-4000-8000-${String(this.#count).padStart(12, '0')}`,
      market,
      yesPrice: outcome === 'yes' ? fill.takerPrice : complement(fill.takerPrice),
      size: fill.size,
      // To buy YES and to sell NO are one thing. docs/venues/kalshi.md, 4.2.
      taker: (side === 'buy') === (outcome === 'yes') ? 'yes' : 'no',
      at,
    }
  }
}
