import { BookSlab } from '../src/core/book-slab.ts'
import type { Market, Outcome } from '../src/core/market.ts'
import { askSide, OrderBook } from '../src/core/order-book.ts'
import { OutcomeBook } from '../src/core/outcome-book.ts'
import { Random } from '../src/core/random.ts'
import type { MicroShares, Ticks } from '../src/core/units.ts'
import { numberedMarket } from '../src/venues/polymarket/fixtures/market.ts'
import type { LevelChange, Made } from './polymarket-corpus.ts'
import { fill, inOnePiece, madeToken, nextChange, Writer } from './polymarket-corpus.ts'

/** A feed to be run through again and again. */
export type Lap = {
  readonly markets: readonly Market[]
  /** The first book of every market, once before the first lap. */
  readonly snapshots: readonly Buffer[]
  /** The second half undoes the first: at its end every book is as it was, and proven. */
  readonly frames: readonly Buffer[]
  /** How often in a lap the first four markets are offered for 97 cents together. */
  readonly plantCount: number
}

const marketCount = 500
/** Of each half. */
const changeCount = 3_000
const tradesPerHundred = 5
/** The middles of the first four markets: a cent on top of each, they are offered for 98. */
const plantMiddles: readonly number[] = [1_700, 2_500, 2_500, 2_700]

type Change = LevelChange & { readonly one: Made }

/** Every so many changes of the first half one is a plant, which comes and goes. */
export function makeLap(seed: number, changesPerPlant: number): Lap {
  const random = new Random(seed)
  const writer = new Writer(seed)
  const made = makeMarkets(random)
  const snapshots = made.map(
    (one) => `[${writer.firstBook(one, 'yes')},${writer.firstBook(one, 'no')}]\n`,
  )

  const frames: string[] = []
  const undo: Change[] = []
  let plantCount = 0
  const apply = (change: Change): void => {
    frames.push(...write(change, random, writer))
  }
  for (let count = 0; count < changeCount; count++) {
    if (count % changesPerPlant === changesPerPlant - 1) {
      plantCount++
      for (const change of plant(random.pick(made.slice(0, plantMiddles.length)))) apply(change)
      continue
    }
    const one = random.pick(made)
    const change = { one, ...nextChange(one, random) }
    undo.push({ ...change, size: one.book.sizeAt(change.side, change.price) })
    apply(change)
  }
  for (const change of undo.toReversed()) apply(change)

  const buffers = inOnePiece([...snapshots, ...frames])
  return {
    markets: made.map(({ market }) => market),
    snapshots: buffers.slice(0, made.length),
    frames: buffers.slice(made.length),
    plantCount,
  }
}

/** Four by four their middles come to 95 cents: neither cheap to buy together nor dear to sell. */
export function makeMarkets(random: Random, count: number = marketCount): readonly Made[] {
  const middles = [...plantMiddles]
  while (middles.length < count) {
    const three = Array.from({ length: 3 }, () => random.integer(10, 30) * 100)
    middles.push(...three, 9_500 - three.reduce((sum, middle) => sum + middle, 0))
  }
  const slab = new BookSlab()
  return middles.map((middle, index) => {
    const tick = index % 5 === 0 && index >= plantMiddles.length ? 10 : 100
    const tokens = { yes: madeToken(random), no: madeToken(random) }
    const market = numberedMarket(index + 1, { tick, ...tokens })
    const book = new OrderBook(index, market.grid, slab)
    fill(book, middle, random)
    const yes = new OutcomeBook(book, 'direct')
    return { market, book, yes, no: new OutcomeBook(book, 'mirrored'), middle }
  })
}

function write({ one, side, price, size }: Change, random: Random, writer: Writer): string[] {
  const outcome: Outcome = random.chance(0.5) ? 'yes' : 'no'
  const trade = random.chance(tradesPerHundred / 100) ? [writer.trade(one, outcome, random)] : []
  one.book.set(side, price, size)
  return [...trade, writer.change(one, { side, price, size }, outcome)]
}

/** An ask in the middle of the spread, and its end. */
function plant(one: Made): readonly Change[] {
  const price = one.middle as Ticks
  return [100, 0].map((shares) => {
    return { one, side: askSide, price, size: (shares * 1_000_000) as MicroShares }
  })
}
