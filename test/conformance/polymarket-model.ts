import { createHash } from 'node:crypto'
import type { InstrumentId, Market, MarketId } from '../../src/core/market.ts'
import { uniformGrid } from '../../src/core/price-grid.ts'
import type { MicroShares, Ticks } from '../../src/core/units.ts'
import { createPolymarketCodec } from '../../src/venues/polymarket/index.ts'
import type { ModelChange, ModelLevel, ModelSide, Told } from './venue-model.ts'
import { ModelBooks, type VenueModel, type VenueUnderTest } from './venue-model.ts'

type WireLevel = { readonly price: string; readonly size: string }
type Outcome = 'yes' | 'no'

/** Polymarket's market channel: every change with the hash of the book it makes. */
class PolymarketModel implements VenueModel {
  readonly #books = new ModelBooks()
  #now = 1_795_183_441_000

  /** docs/venues/polymarket.md, 4.4: the first dump, an array with a newline. */
  snapshot(market: Market): Told {
    this.#now++
    const { asset_id, timestamp, hash, bids, asks } = this.#wireBook(market, 'yes')
    const first = { market: market.id, asset_id, timestamp, hash, bids, asks }
    const event = { ...first, tick_size: '0.01', event_type: 'book', last_trade_price: '0.5' }
    return { way: 'frame', bytes: Buffer.from(`${JSON.stringify([event])}\n`) }
  }

  /** docs/venues/polymarket.md, 3.2. */
  repair(market: Market): Told {
    this.#now++
    return { way: 'body', bytes: Buffer.from(JSON.stringify(this.#wireBook(market, 'yes'))) }
  }

  change(market: Market, change: ModelChange): Told {
    return this.#priceChange(market, change, ['yes', 'no'])
  }

  changeFromNo(market: Market, change: ModelChange): Told {
    return this.#priceChange(market, change, ['no', 'yes'])
  }

  /** docs/venues/polymarket.md, 4.6. */
  trade(market: Market, [ticks, hundredths]: ModelLevel): Told {
    return frame({
      market: market.id,
      asset_id: market.yes.id,
      price: decimal(ticks, 4),
      size: decimal(hundredths, 2),
      fee_rate_bps: '0',
      side: 'BUY',
      timestamp: String(++this.#now),
      event_type: 'last_trade_price',
    })
  }

  resolved(market: Market, outcome: Outcome): Told {
    return frame({
      event_type: 'market_resolved',
      id: '1031769',
      market: market.id,
      assets_ids: [market.yes.id, market.no.id],
      winning_asset_id: market[outcome].id,
      winning_outcome: outcome === 'yes' ? 'Yes' : 'No',
      timestamp: String(++this.#now),
      tags: [],
    })
  }

  levels(market: Market, side: ModelSide): readonly ModelLevel[] {
    return this.#books.levels(market, side)
  }

  /** docs/venues/polymarket.md, 4.5: one message, an entry for each token. */
  #priceChange(market: Market, change: ModelChange, order: readonly Outcome[]): Told {
    this.#books.set(market, change)
    this.#now++
    const price_changes = order.map((outcome) => {
      const isBuy = (change.side === 'bid') === (outcome === 'yes')
      const { bids, asks, hash } = this.#wireBook(market, outcome)
      return {
        asset_id: market[outcome].id,
        price: decimal(outcome === 'yes' ? change.ticks : 10_000 - change.ticks, 4),
        size: decimal(change.hundredths, 2),
        side: isBuy ? 'BUY' : 'SELL',
        hash,
        best_bid: bids.at(-1)?.price ?? '0',
        best_ask: asks.at(-1)?.price ?? '1',
      }
    })
    return frame({
      market: market.id,
      price_changes,
      timestamp: String(this.#now),
      event_type: 'price_change',
    })
  }

  /** The book of a token, and its hash. docs/venues/polymarket.md, 4.7. */
  #wireBook(market: Market, outcome: Outcome) {
    const side = (name: ModelSide): WireLevel[] =>
      this.#books
        .levels(market, outcome === 'yes' ? name : name === 'bid' ? 'ask' : 'bid')
        .toReversed()
        .map(([ticks, hundredths]) => ({
          price: decimal(outcome === 'yes' ? ticks : 10_000 - ticks, 4),
          size: decimal(hundredths, 2),
        }))
    const book = {
      market: market.id,
      asset_id: market[outcome].id,
      timestamp: String(this.#now),
      hash: '',
      bids: side('bid'),
      asks: side('ask'),
      min_order_size: '5',
      tick_size: '0.01',
      neg_risk: false,
      last_trade_price: outcome === 'yes' ? '0.5' : '',
    }
    return { ...book, hash: createHash('sha1').update(JSON.stringify(book)).digest('hex') }
  }
}

function frame(message: object): Told {
  return { way: 'frame', bytes: Buffer.from(JSON.stringify(message)) }
}

/** The shortest text of a whole number of 10^-decimals. */
function decimal(value: number, decimals: number): string {
  return String(Number((value / 10 ** decimals).toFixed(decimals)))
}

function market(number: number): Market {
  const digits = String(number).padStart(3, '0')
  return {
    venue: 'polymarket',
    id: `0x${digits.padStart(64, 'a')}` as MarketId,
    slug: `market-${number}`,
    question: 'Will it?',
    label: '',
    yes: { id: digits.padStart(77, '7') as InstrumentId, outcome: 'yes', label: 'Yes' },
    no: { id: digits.padStart(77, '4') as InstrumentId, outcome: 'no', label: 'No' },
    set: undefined,
    status: 'open',
    bookKind: 'mirrored',
    grid: uniformGrid(100 as Ticks),
    lot: 10_000 as MicroShares,
    sizeMin: 5_000_000 as MicroShares,
    fee: { kind: 'unknown', reason: 'of no interest here' },
    negRisk: false,
    takerDelayMs: 0,
    closesAt: undefined,
    volume24h: undefined,
    liquidity: undefined,
    tags: [],
    strike: undefined,
    rules: '',
    resolutionSource: '',
    resolution: undefined,
  }
}

export const polymarket: VenueUnderTest = {
  name: 'polymarket',
  makeCodec: createPolymarketCodec,
  makeModel: () => new PolymarketModel(),
  market,
  skips: {},
}
