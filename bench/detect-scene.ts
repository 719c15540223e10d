import { Group, type GroupShape } from '../src/arbitrage/group.ts'
import { implicationsOf, type Implication } from '../src/arbitrage/implications.ts'
import type { DetectOptions } from '../src/arbitrage/opportunity.ts'
import { OrderScreen } from '../src/arbitrage/order-screen.ts'
import { SetScreen } from '../src/arbitrage/set-screen.ts'
import { BookSlab } from '../src/core/book-slab.ts'
import { freeCurve, shareCost } from '../src/core/fee.ts'
import type { InstrumentId, Market, MarketId } from '../src/core/market.ts'
import { askSide, bidSide, OrderBook } from '../src/core/order-book.ts'
import { OutcomeBook } from '../src/core/outcome-book.ts'
import { uniformGrid } from '../src/core/price-grid.ts'
import { Random } from '../src/core/random.ts'
import type { MarketRef, Relation } from '../src/core/relation.ts'
import { includedBy } from '../src/core/relation.ts'
import type { EpochMs, MicroShares, Ppm, Ticks } from '../src/core/units.ts'

/**
 * `set`: outcomes around fair prices. `cheap-set`: all asks a little low, so that a basket pays.
 * `ladder`: strikes around fair prices. `tied`: two ladders, one number implying the other.
 */
export type SceneShape = 'set' | 'cheap-set' | 'ladder' | 'tied'

export type SceneWanted = {
  readonly shape: SceneShape
  readonly members: number
  readonly levels: number
  readonly seed: number
  /** Ticks between prices; 100, a cent, keeps a hundred thousand books in memory. */
  readonly step?: number
}

/** A level that changes: which member, on which side, how far from the best, to what size. */
export type SceneUpdate = {
  readonly member: number
  readonly side: 0 | 1
  readonly price: Ticks
  readonly size: MicroShares
}

type SceneEntry = {
  readonly market: Market
  readonly book: OrderBook
  readonly yes: OutcomeBook
  readonly no: OutcomeBook
}

const claim = { holds: 'proven', evidence: 'made so' } as const
const slab = new BookSlab()

/** A group with its books, and a stream of changes that move them about their fair prices. */
export class DetectScene {
  readonly group: Group
  readonly entries: readonly SceneEntry[]
  readonly options: DetectOptions
  readonly #random: Random
  readonly #middles: readonly number[]
  readonly #step: number
  #pairs: readonly Implication[] | undefined

  constructor({ shape, members, levels, seed, step = 10 }: SceneWanted) {
    this.#random = new Random(seed)
    this.#middles = middlesOf(shape, members, this.#random)
    // All asks of a cheap set stand three in a hundred below their fair price, or a step below.
    const lean = shape === 'cheap-set' ? 0.97 : 1
    this.#step = step
    this.entries = this.#middles.map((middle, index) => this.#entry(index, lean * middle, levels))
    this.group = groupOf(
      shape,
      this.entries.map(({ market }) => market),
    )
    const byMarket = new Map(this.entries.map((entry) => [entry.market.id, entry]))
    this.options = {
      books: ({ id }) => byMarket.get(id),
      nowMs: 0 as EpochMs,
      cash: undefined,
      hurdle: 0 as Ppm,
      hurdlePerYear: 0 as Ppm,
    }
  }

  get pairs(): readonly Implication[] {
    this.#pairs ??= implicationsOf(this.group)
    return this.#pairs
  }

  /** Changes at and behind the best prices, and now and then a new best price. */
  updates(count: number): readonly SceneUpdate[] {
    const random = this.#random
    return Array.from({ length: count }, () => {
      const member = random.integer(0, this.entries.length - 1)
      const side = random.integer(0, 1) as 0 | 1
      const middle = this.#middles[member] ?? 5_000
      const away = random.integer(12, 60)
      const step = this.#step
      const price = Math.round((side === bidSide ? middle - away : middle + away) / step) * step
      const size = random.chance(0.2) ? 0 : random.integer(5, 500) * 1_000_000
      return {
        member,
        side,
        price: Math.min(10_000 - step, Math.max(step, price)) as Ticks,
        size: size as MicroShares,
      }
    })
  }

  apply({ member, side, price, size }: SceneUpdate): { member: number; entry: SceneEntry } {
    const entry = this.entries[member]
    if (entry === undefined) throw new Error(`no member ${member}`)
    entry.book.set(side, price, size)
    return { member, entry }
  }

  /** Whether best prices alone say that there is nothing. */
  screenedOut(): boolean {
    const { shape } = this.group.facts
    if (shape === 'set') {
      const screen = new SetScreen(this.entries.length)
      for (const [member, entry] of this.entries.entries()) screen.set(member, ...costsOf(entry))
      return !screen.yesPasses && !screen.noPasses
    }
    const screen = new OrderScreen(this.entries.length, this.pairs)
    let isFree = true
    for (const [member, entry] of this.entries.entries()) {
      isFree = screen.set(member, ...costsOf(entry))
    }
    return isFree
  }

  #entry(index: number, middle: number, levels: number): SceneEntry {
    const step = this.#step
    const isCheap = middle < (this.#middles[index] ?? 0)
    const market = marketOf(index, step)
    const book = new OrderBook(index, market.grid, slab)
    const half = isCheap ? 0 : this.#random.integer(1, 3)
    const ask = Math.max(2, isCheap ? Math.floor(middle / step) : Math.ceil(middle / step) + half)
    const bid = isCheap ? ask - 1 : Math.floor(middle / step) - half
    for (let level = 0; level < levels; level++) {
      const size = (this.#random.integer(5, 500) * 1_000_000) as MicroShares
      const bidPrice = (bid - level) * step
      const askPrice = (ask + level) * step
      if (bidPrice > 0) book.set(bidSide, bidPrice as Ticks, size)
      if (askPrice < 10_000) book.set(askSide, askPrice as Ticks, size)
    }
    const yes = new OutcomeBook(book, 'direct')
    return { market, book, yes, no: new OutcomeBook(book, 'mirrored') }
  }
}

function costsOf({ market, yes, no }: SceneEntry): [number, number] {
  return [shareCost(market.fee, yes.bestAsk), shareCost(market.fee, no.bestAsk)]
}

/**
 * Fair prices: shares of a whole for a set, falling from nearly one to nearly nothing for a ladder.
 */
function middlesOf(shape: SceneShape, members: number, random: Random): readonly number[] {
  if (shape === 'set' || shape === 'cheap-set') {
    const weights = Array.from({ length: members }, () => 0.2 + random.next())
    const total = weights.reduce((sum, weight) => sum + weight, 0)
    return weights.map((weight) => (10_000 * weight) / total)
  }
  return Array.from({ length: members }, (_, rung) => 9_500 - (9_000 * rung) / members)
}

function groupOf(shape: SceneShape, members: readonly Market[]): Group {
  const isSet = shape === 'set' || shape === 'cheap-set'
  const shapes: Readonly<Record<SceneShape, GroupShape>> = {
    set: 'set',
    'cheap-set': 'set',
    ladder: 'ladder',
    tied: 'linked',
  }
  return new Group({
    id: shape,
    title: shape,
    shape: shapes[shape],
    members,
    relations: relationsOf(
      shape,
      members.map(({ venue, id }) => ({ venue, market: id })),
    ),
    sets: [],
    exhaustive: isSet,
    conversion: undefined,
  })
}

function relationsOf(shape: SceneShape, members: readonly MarketRef[]): readonly Relation[] {
  switch (shape) {
    case 'set':
    case 'cheap-set':
      return [
        { kind: 'at-most-one', members, claim },
        { kind: 'at-least-one', members, claim },
      ]
    case 'ladder':
      return members.map((member, rung) => strikeOf(member, rung, 'x'))
    case 'tied': {
      const half = members.length >> 1
      const strikes = members.map((member, at) =>
        strikeOf(member, at % half, at < half ? 'x' : 'y'),
      )
      const [premise, conclusion] = [members[half], members[0]]
      if (premise === undefined || conclusion === undefined) return strikes
      return [...strikes, { kind: 'implies', premise, conclusion, claim }]
    }
  }
}

function strikeOf(member: MarketRef, rung: number, subject: string): Relation {
  const strike = { kind: 'above', floor: String(10 * rung), cap: undefined } as const
  return { kind: 'strike', member, subject, strike, included: includedBy(strike), claim }
}

function marketOf(index: number, step: number): Market {
  const id = `m${index}` as MarketId
  return {
    venue: 'polymarket',
    id,
    slug: id,
    question: '',
    label: id,
    yes: { id: `${id}-yes` as InstrumentId, outcome: 'yes', label: 'Yes' },
    no: { id: `${id}-no` as InstrumentId, outcome: 'no', label: 'No' },
    set: undefined,
    status: 'open',
    bookKind: 'mirrored',
    grid: uniformGrid(step as Ticks),
    lot: 10_000 as MicroShares,
    sizeMin: 5_000_000 as MicroShares,
    fee: {
      kind: 'known',
      taker: { rate: 0 as Ppm, exponent: 1 },
      maker: freeCurve,
      rounding: 'down-to-5-decimals',
    },
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
