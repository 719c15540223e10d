import type { InstrumentId, Market, MarketId } from '../../src/core/market.ts'
import { uniformGrid } from '../../src/core/price-grid.ts'
import type { MicroShares, Ticks } from '../../src/core/units.ts'
import { createKalshiCodec } from '../../src/venues/kalshi/index.ts'
import type { ModelChange, ModelLevel, ModelSide, Told } from './venue-model.ts'
import { ModelBooks, type VenueModel, type VenueUnderTest } from './venue-model.ts'

/** Kalshi's order book channel: one subscription, one sequence. docs/venues/kalshi.md, 5.4. */
class KalshiModel implements VenueModel {
  readonly #books = new ModelBooks()
  #seq = 0

  snapshot(market: Market): Told {
    return this.#frame('orderbook_snapshot', this.#whole(market))
  }

  repair(market: Market): Told {
    return this.#frame('orderbook_snapshot', this.#whole(market), { id: 7 })
  }

  /** An ask is a bid for NO, here in its YES price. */
  change(market: Market, change: ModelChange): Told {
    const by = this.#books.set(market, change)
    return this.#frame('orderbook_delta', {
      market_ticker: market.id,
      market_id: '9b0f6b43-5b68-4f9f-9f02-9a2d1b8ac1a1',
      price_dollars: dollars(change.ticks),
      delta_fp: count(by),
      side: change.side === 'bid' ? 'yes' : 'no',
      ts: '2026-11-20T14:04:01.123456Z',
      ts_ms: 1_795_183_441_123,
    })
  }

  changeFromNo(): Told {
    throw new Error('Kalshi tells each change once')
  }

  trade(market: Market, [ticks, hundredths]: ModelLevel): Told {
    return frame({
      type: 'trade',
      sid: 2,
      seq: 1,
      msg: {
        trade_id: 'd91bc706-ee49-470d-82d8-11418bda6fed',
        market_ticker: market.id,
        yes_price_dollars: dollars(ticks),
        no_price_dollars: dollars(10_000 - ticks),
        count_fp: count(hundredths),
        taker_outcome_side: 'yes',
        taker_book_side: 'bid',
        ts: 1_795_183_441,
        ts_ms: 1_795_183_441_123,
      },
    })
  }

  resolved(market: Market, outcome: 'yes' | 'no'): Told {
    const msg = { market_ticker: market.id, event_type: 'determined', result: outcome }
    return frame({ type: 'market_lifecycle_v2', sid: 3, seq: 1, msg })
  }

  levels(market: Market, side: ModelSide): readonly ModelLevel[] {
    return this.#books.levels(market, side)
  }

  /** An empty side is left out; the best level comes last. */
  #whole(market: Market): object {
    const side = (name: ModelSide) =>
      this.#books
        .levels(market, name)
        .map(([ticks, hundredths]) => [dollars(ticks), count(hundredths)])
        .toReversed()
    const [yes, no] = [side('bid'), side('ask')]
    return {
      market_ticker: market.id,
      market_id: '9b0f6b43-5b68-4f9f-9f02-9a2d1b8ac1a1',
      ...(yes.length === 0 ? {} : { yes_dollars_fp: yes }),
      ...(no.length === 0 ? {} : { no_dollars_fp: no }),
    }
  }

  #frame(type: string, msg: object, more: object = {}): Told {
    return frame({ type, ...more, sid: 1, seq: ++this.#seq, msg })
  }
}

function frame(message: object): Told {
  return { way: 'frame', bytes: Buffer.from(`${JSON.stringify(message)}\n`) }
}

function dollars(ticks: number): string {
  return (ticks / 10_000).toFixed(4)
}

function count(hundredths: number): string {
  return (hundredths / 100).toFixed(2)
}

function market(number: number): Market {
  const ticker = `KXTEST-26NOV20-T${number}.5`
  return {
    venue: 'kalshi',
    id: ticker as MarketId,
    slug: ticker,
    question: 'Will it?',
    label: '',
    yes: { id: `${ticker}:yes` as InstrumentId, outcome: 'yes', label: 'Yes' },
    no: { id: `${ticker}:no` as InstrumentId, outcome: 'no', label: 'No' },
    set: undefined,
    status: 'open',
    bookKind: 'mirrored',
    grid: uniformGrid(100 as Ticks),
    lot: 10_000 as MicroShares,
    sizeMin: 10_000 as MicroShares,
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

const noDigest = 'nothing on the wire covers what a frame says; the connection is encrypted'

export const kalshi: VenueUnderTest = {
  name: 'kalshi',
  makeCodec: createKalshiCodec,
  makeModel: () => new KalshiModel(),
  market,
  skips: {
    'a change told from the other outcome is the same change': 'each change is told once',
    'a change that was altered on the way is not believed': noDigest,
  },
}
