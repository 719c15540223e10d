import { createHash } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { BookSlab } from '../../core/book-slab.ts'
import { OrderBook } from '../../core/order-book.ts'
import { uniformGrid } from '../../core/price-grid.ts'
import type { MicroShares, Ticks } from '../../core/units.ts'
import { BookProof } from './book-proof.ts'
import { burstMarket, sweep } from './fixtures/crossing-burst.ts'
import { numberedMarket } from './fixtures/market.ts'
import { TinyVenue } from './fixtures/tiny-venue.ts'
import { encodeLastTrade, lastTradeCodes, lastTradeText } from './last-trade.ts'

function bookOf(levels: { readonly bids: string; readonly asks: string }): OrderBook {
  const book = new OrderBook(0, uniformGrid(10 as Ticks), new BookSlab())
  for (const [side, text] of [levels.bids, levels.asks].entries()) {
    for (const level of text.split(' ').filter((part) => part !== '')) {
      const [price = 0, size = 0] = level.split(':').map(Number)
      const at = Math.round(price * 10_000) as Ticks
      book.set(side === 0 ? 0 : 1, at, Math.round(size * 1e6) as MicroShares)
    }
  }
  return book
}

describe('the hash of a book', () => {
  test('is that of a real body of a market without asks', () => {
    // docs/venues/polymarket.md, 3.2.
    const proof = new BookProof()
    const facts = {
      market: '0x9d839bf0aa31324b9848f5b89841b779238a7c07dee2f7fca675d934e8ab5bf2',
      asset: '72610532355343625199299853218161700546393390326785971247545541945337255643692',
      timestamp: 1_785_734_468_581,
      sizeMin: 5_000_000 as MicroShares,
      tick: 10 as Ticks,
      negRisk: true,
    }

    proof.write(facts, bookOf({ bids: '0.001:667.12 0.002:6.99', asks: '' }), 'direct')

    expect(proof.digest(encodeLastTrade(''))).toBe('d7df883ae546b09533a4f485bfae0810da1af04e')
  })

  test('is that of both tokens after the real sweep', () => {
    const proof = new BookProof()
    const book = bookOf(sweep)
    const facts = {
      market: burstMarket.id,
      timestamp: Number(sweep.timestamp),
      sizeMin: 5_000_000 as MicroShares,
      tick: 10 as Ticks,
      negRisk: false,
    }
    const lastTrade = encodeLastTrade('0.301')

    proof.write({ ...facts, asset: burstMarket.yes }, book, 'direct')
    const yes = proof.digest(lastTrade)
    proof.write({ ...facts, asset: burstMarket.no }, book, 'mirrored')
    const no = proof.digest(lastTrade)

    expect([yes, no]).toEqual([sweep.yesHash, sweep.noHash])
  })

  test('is that of the text written the plain way, for any book', () => {
    const level = fc.tuple(
      fc.integer({ min: 1, max: 9_999 }),
      fc.oneof(
        fc.integer({ min: 1, max: 9_007_199_254 }),
        fc.integer({ min: 1, max: 2 ** 53 - 1 }),
        // As most are: of two decimals, or none.
        fc.integer({ min: 1, max: 10_000_000 }).map((hundredths) => hundredths * 10_000),
        fc.integer({ min: 1, max: 10_000_000 }).map((whole) => whole * 1_000_000),
      ),
    )
    const lastTrade = fc.constantFrom('', '0.5', '0.540', '0.9999', '0.001')
    const proof = new BookProof()

    fc.assert(
      fc.property(fc.array(level), fc.array(level), lastTrade, (bids, asks, last) => {
        const venue = new TinyVenue(numberedMarket(1, { tick: 1 }))
        venue.lastTrade = last
        const book = new OrderBook(0, uniformGrid(1 as Ticks), new BookSlab())
        for (const [side, levels] of [bids, asks].entries()) {
          for (const [price, size] of levels) {
            venue.set({ side: side === 0 ? 'bid' : 'ask', price, size: decimal(size) })
            book.set(side === 0 ? 0 : 1, price as Ticks, size as MicroShares)
          }
        }
        const { id, yes, no, sizeMin, negRisk } = venue.market
        const facts = { market: id, timestamp: venue.now, sizeMin, tick: 1 as Ticks, negRisk }

        proof.write({ ...facts, asset: yes.id }, book, 'direct')
        expect(proof.digest(encodeLastTrade(last))).toBe(venue.hash('yes'))
        proof.write({ ...facts, asset: no.id }, book, 'mirrored')
        expect(proof.digest(encodeLastTrade(last))).toBe(venue.hash('no'))
      }),
    )
  })

  test('of a book larger than its buffer, with every price there is, is written all the same', () => {
    const book = new OrderBook(0, uniformGrid(1 as Ticks), new BookSlab())
    for (let price = 1; price < 10_000; price++) {
      book.set(0, price as Ticks, (price * 1_000_001) as MicroShares)
    }
    const proof = new BookProof()
    const facts = {
      market: '0x1',
      asset: '1',
      timestamp: 1,
      sizeMin: 0 as MicroShares,
      tick: 1 as Ticks,
      negRisk: true,
    }

    proof.write(facts, book, 'direct')

    const bids = book.levels(0).reverse()
    const text =
      `{"market":"0x1","asset_id":"1","timestamp":"1","hash":"","bids":[` +
      bids
        .map(({ price, size }) => `{"price":"${price / 10_000}","size":"${decimal(size)}"}`)
        .join(',') +
      `],"asks":[],"min_order_size":"0","tick_size":"0.0001","neg_risk":true,` +
      `"last_trade_price":""}`
    expect(proof.digest(encodeLastTrade(''))).toBe(createHash('sha1').update(text).digest('hex'))
  })
})

describe('a last trade price', () => {
  test.each(['', '0.5', '0.50', '0.540', '0.0001', '1.000', '0.060'])(
    'keeps its text: "%s"',
    (text) => {
      expect(lastTradeText(encodeLastTrade(text))).toBe(text)
    },
  )

  test.each(['0', '1', '.5', '0.12345', '2.0', '0.', 'x', '-0.5'])(
    'is not told by "%s"',
    (text) => {
      expect(encodeLastTrade(text)).toBe(-1)
    },
  )

  test('is guessed in the forms in which it may be written', () => {
    expect(lastTradeCodes(5400 as Ticks).map(lastTradeText)).toEqual(['0.540', '0.54', '0.5400'])
    expect(lastTradeCodes(5401 as Ticks).map(lastTradeText)).toEqual(['0.5401'])
  })
})

/** Micro-shares as text, by way of a fraction that is cut by hand. */
function decimal(size: number): string {
  const digits = String(size).padStart(7, '0')
  const fraction = digits.slice(-6).replace(/0+$/, '')
  return fraction === '' ? digits.slice(0, -6) : `${digits.slice(0, -6)}.${fraction}`
}
