import { BookSlab } from '../src/core/book-slab.ts'
import { formatPrice, formatSize } from '../src/core/decimal.ts'
import type { Market, Outcome } from '../src/core/market.ts'
import type { BookSide } from '../src/core/order-book.ts'
import { askSide, bidSide, OrderBook } from '../src/core/order-book.ts'
import { OutcomeBook } from '../src/core/outcome-book.ts'
import { Random } from '../src/core/random.ts'
import type { MicroShares, Ticks } from '../src/core/units.ts'
import { complement, noAsk, noBid } from '../src/core/units.ts'
import { BookProof } from '../src/venues/polymarket/book-proof.ts'
import { numberedMarket } from '../src/venues/polymarket/fixtures/market.ts'
import { lastTradeCode } from '../src/venues/polymarket/last-trade.ts'

/** A level and what now rests there. */
export type LevelChange = {
  readonly side: BookSide
  readonly price: Ticks
  readonly size: MicroShares
}

export type CorpusOptions = {
  readonly seed: number
  readonly marketCount: number
  readonly frameCount: number
  /** Kinds of frames, in percent; what is left of a hundred are price changes. */
  readonly bookPercent: number
  readonly tradePercent: number
}

/** Frames of the market channel, in one piece of memory as a socket would leave them. */
export type Corpus = {
  readonly markets: readonly Market[]
  /** The first book of every market. */
  readonly snapshots: readonly Buffer[]
  readonly frames: readonly Buffer[]
}

/** Levels of either side of a new book, and how far from the middle changes happen. */
const levelsPerSide = 25
const firstInstant = 1_790_000_000_000

/** A made-up market with its one book, as both outcomes see it. */
export type Made = {
  readonly market: Market
  readonly book: OrderBook
  readonly no: OutcomeBook
  readonly yes: OutcomeBook
  readonly middle: number
}

/**
 * A made-up but consistent feed: books that exist, changes that move them, the venue's own hashes.
 *
 * Text as the venue writes it (docs/venues/polymarket.md, 4): a space after each comma in single
 * messages, none in first dumps. One market in five has the fine grid.
 */
export function makeCorpus(options: CorpusOptions): Corpus {
  const random = new Random(options.seed)
  const slab = new BookSlab()
  const writer = new Writer(options.seed)
  const made = Array.from({ length: options.marketCount }, (_, index) => {
    const market = numberedMarket(index + 1, {
      tick: index % 5 === 0 ? 10 : 100,
      yes: madeToken(random),
      no: madeToken(random),
    })
    const book = new OrderBook(index, market.grid, slab)
    const yes = new OutcomeBook(book, 'direct')
    const no = new OutcomeBook(book, 'mirrored')
    const middle = random.integer(25, 75) * 100
    fill(book, middle, random)
    return { market, book, yes, no, middle }
  })
  const texts = made.map(
    (one) => `[${writer.firstBook(one, 'yes')},${writer.firstBook(one, 'no')}]\n`,
  )
  for (let index = 0; index < options.frameCount; index++) {
    texts.push(nextFrame(random.pick(made), options, random, writer))
  }
  const buffers = inOnePiece(texts)
  return {
    markets: made.map(({ market }) => market),
    snapshots: buffers.slice(0, made.length),
    frames: buffers.slice(made.length),
  }
}

function nextFrame(one: Made, options: CorpusOptions, random: Random, writer: Writer): string {
  const roll = random.next() * 100
  const outcome: Outcome = random.chance(0.5) ? 'yes' : 'no'
  if (roll < options.bookPercent) return writer.laterBook(one, outcome)
  if (roll < options.bookPercent + options.tradePercent) return writer.trade(one, outcome, random)

  const { side, price, size } = nextChange(one, random)
  one.book.set(side, price, size)
  return writer.change(one, { side, price, size }, outcome)
}

/** A change near the top that leaves the book uncrossed and neither side empty. */
export function nextChange({ book }: Made, random: Random): LevelChange {
  const side: BookSide = random.chance(0.5) ? bidSide : askSide
  const step = book.resolution
  const distance = Math.min(Math.floor(random.exponentialMs(400)), levelsPerSide - 1) * step
  const best = side === bidSide ? book.bestBid : book.bestAsk
  const price = (side === bidSide ? best - distance : best + distance) as Ticks
  const mayRemove = side === bidSide ? book.nextBid(best) !== noBid : book.nextAsk(best) !== noAsk
  const isRemoved = distance > 0 && mayRemove && random.chance(0.3)
  if (!book.holds(price)) return { side, price: best, size: madeSize(random) }
  return { side, price, size: isRemoved ? (0 as MicroShares) : madeSize(random) }
}

export function fill(book: OrderBook, middle: number, random: Random): void {
  for (let level = 1; level <= levelsPerSide; level++) {
    const bid = (middle - level * book.resolution) as Ticks
    const ask = (middle + level * book.resolution) as Ticks
    if (book.holds(bid)) book.set(bidSide, bid, madeSize(random))
    if (book.holds(ask)) book.set(askSide, ask, madeSize(random))
  }
}

export function madeSize(random: Random): MicroShares {
  const hundredths = random.chance(0.5)
    ? random.integer(1, 500) * 100
    : random.integer(500, 2_000_000)
  return (hundredths * 10_000) as MicroShares
}

export function madeToken(random: Random): string {
  return `${random.integer(1, 9)}${Array.from({ length: 76 }, () => random.integer(0, 9)).join('')}`
}

export function inOnePiece(texts: readonly string[]): Buffer[] {
  const all = Buffer.alloc(texts.reduce((sum, text) => sum + text.length, 0) + 1024)
  let at = 0
  return texts.map((text) => {
    const length = all.write(text, at, 'latin1')
    at += length
    return all.subarray(at - length, at)
  })
}

/** Writes messages, with the hash of the book as it then is. */
export class Writer {
  readonly #proof: BookProof = new BookProof()
  #now: number

  constructor(seed: number) {
    this.#now = firstInstant + seed
  }

  firstBook(one: Made, outcome: Outcome): string {
    const { market } = one
    return (
      `{"market":"${market.id}","asset_id":"${market[outcome].id}","timestamp":"${++this.#now}",` +
      `"hash":"${this.#hash(one, outcome)}","bids":${levels(one, outcome, bidSide, ',')},` +
      `"asks":${levels(one, outcome, askSide, ',')},` +
      `"tick_size":"${formatPrice(one.book.resolution)}","event_type":"book",` +
      `"last_trade_price":"0.500"}`
    )
  }

  laterBook(one: Made, outcome: Outcome): string {
    this.#now++
    return this.#bookNow(one, outcome)
  }

  trade({ market, yes, no }: Made, outcome: Outcome, random: Random): string {
    const price = (outcome === 'yes' ? yes : no).bestAsk
    return (
      `{"market":"${market.id}", "asset_id":"${market[outcome].id}", ` +
      `"price":"${formatPrice(price)}", "size":"${formatSize(madeSize(random))}", ` +
      `"fee_rate_bps":"0", "side":"BUY", "timestamp":"${this.#now}", ` +
      `"event_type":"last_trade_price", "transaction_hash":"0x${'ab'.repeat(32)}"}`
    )
  }

  /** The change told for both tokens, first for the one that was traded. */
  change(one: Made, change: LevelChange, first: Outcome): string {
    this.#now++
    return this.#told(one, change, first)
  }

  /** Several changes of one moment, which are in the book by now, and the book after them. */
  sweep(one: Made, changes: readonly LevelChange[], first: Outcome): readonly string[] {
    this.#now++
    return [...changes.map((change) => this.#told(one, change, first)), this.#bookNow(one, first)]
  }

  /** What is told besides when the top has changed. */
  best(one: Made, outcome: Outcome): string {
    const { bestBid, bestAsk } = one[outcome]
    const spread = formatPrice((bestAsk - bestBid) as Ticks)
    return (
      `{"market":"${one.market.id}", "asset_id":"${one.market[outcome].id}", ` +
      `"best_bid":"${formatPrice(bestBid)}", "best_ask":"${formatPrice(bestAsk)}", ` +
      `"spread":"${spread}", "timestamp":"${this.#now}", "event_type":"best_bid_ask"}`
    )
  }

  #bookNow(one: Made, outcome: Outcome): string {
    const { market } = one
    return (
      `{"market":"${market.id}", "asset_id":"${market[outcome].id}", ` +
      `"bids":${levels(one, outcome, bidSide, ', ')}, ` +
      `"asks":${levels(one, outcome, askSide, ', ')}, ` +
      `"hash":"${this.#hash(one, outcome)}", "timestamp":"${this.#now}", "event_type":"book"}`
    )
  }

  #told(one: Made, change: LevelChange, first: Outcome): string {
    const entries = (first === 'yes' ? ['yes', 'no'] : ['no', 'yes']) as readonly Outcome[]
    return (
      `{"market":"${one.market.id}", "price_changes":[` +
      entries.map((outcome) => this.#entry(one, change, outcome)).join(', ') +
      `], "timestamp":"${this.#now}", "event_type":"price_change"}`
    )
  }

  #entry(one: Made, { side, price, size }: LevelChange, outcome: Outcome): string {
    const view = one[outcome]
    const isBid = (side === bidSide) === (outcome === 'yes')
    return (
      `{"asset_id":"${one.market[outcome].id}", ` +
      `"price":"${formatPrice(outcome === 'yes' ? price : complement(price))}", ` +
      `"size":"${formatSize(size)}", "side":"${isBid ? 'BUY' : 'SELL'}", ` +
      `"hash":"${this.#hash(one, outcome)}", "best_bid":"${formatPrice(view.bestBid)}", ` +
      `"best_ask":"${formatPrice(view.bestAsk)}"}`
    )
  }

  #hash({ market, book }: Made, outcome: Outcome): string {
    const facts = {
      market: market.id,
      asset: market[outcome].id,
      timestamp: this.#now,
      sizeMin: market.sizeMin,
      tick: book.resolution,
      negRisk: market.negRisk,
    }
    this.#proof.write(facts, book, outcome === 'yes' ? 'direct' : 'mirrored')
    return this.#proof.digest(lastTradeCode(5000, 3))
  }
}

/** A side as it travels: the best level last. */
function levels(one: Made, outcome: Outcome, side: BookSide, comma: ',' | ', '): string {
  const written = one[outcome]
    .levels(side)
    .reverse()
    .map(
      ({ price, size }) => `{"price":"${formatPrice(price)}"${comma}"size":"${formatSize(size)}"}`,
    )
  return `[${written.join(comma)}]`
}
