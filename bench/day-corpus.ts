import type { Outcome } from '../src/core/market.ts'
import type { OutcomeSet } from '../src/core/outcome-set.ts'
import type { BookSide } from '../src/core/order-book.ts'
import { askSide, bidSide } from '../src/core/order-book.ts'
import { Random } from '../src/core/random.ts'
import type { MicroShares, Ticks } from '../src/core/units.ts'
import { noAsk, noBid } from '../src/core/units.ts'
import { makeMarkets } from './pipeline-corpus.ts'
import { inSets } from './pipeline-scene.ts'
import type { Corpus, LevelChange, Made } from './polymarket-corpus.ts'
import { inOnePiece, madeSize, nextChange, Writer } from './polymarket-corpus.ts'

export type Day = Corpus & {
  readonly sets: readonly OutcomeSet[]
  /** Levels that were set, each told for both tokens in one frame and counted once. */
  readonly changeCount: number
}

/** Of what happens in a market: takers come, makers quote better, else they change their sizes. */
const tradesPerHundred = 3
const improvementsPerHundred = 8
const levelsTakenMax = 3
/** Once in so many frames a set is offered below its price, for so many frames. */
const framesPerPlant = 5_000
const plantFrames = 300
const plantSize = 60_000_000 as MicroShares

/**
 * What a subscription to Polymarket's market channel brings in a busy hour.
 *
 * A third of the markets bring half of it. Takers sweep up to three levels, which comes as several
 * messages of one moment with a trade before and a book after them; makers come back to the middle.
 * A new top is told once more for either token. docs/venues/polymarket.md, 4.3 to 4.6.
 */
export function makeDay(seed: number, marketCount: number, frameCount: number): Day {
  const random = new Random(seed)
  const made = makeMarkets(random, marketCount)
  const day = new DayWriter(random, new Writer(seed))
  const snapshots = made.map((one) => day.first(one))
  while (day.frames.length < frameCount) {
    if (day.frames.length % framesPerPlant < framesPerPlant - plantFrames) day.unplant()
    else day.plant(made.slice(0, 4))
    // The square leans to the first of them, the busy ones.
    const one = made[4 + Math.floor(random.next() ** 2 * (made.length - 4))]
    if (one !== undefined) day.happen(one)
  }
  const buffers = inOnePiece([...snapshots, ...day.frames.slice(0, frameCount)])
  return {
    ...inSets(made.map(({ market }) => market)),
    snapshots: buffers.slice(0, made.length),
    frames: buffers.slice(made.length),
    changeCount: day.frames.slice(0, frameCount).filter(isChange).length,
  }
}

function isChange(frame: string): boolean {
  return frame.endsWith('"event_type":"price_change"}')
}

/** Moves the books and writes what the venue would say of it. */
class DayWriter {
  readonly frames: string[] = []
  readonly #random: Random
  readonly #writer: Writer
  #planted: readonly Made[] = []

  constructor(random: Random, writer: Writer) {
    this.#random = random
    this.#writer = writer
  }

  first(one: Made): string {
    return `[${this.#writer.firstBook(one, 'yes')},${this.#writer.firstBook(one, 'no')}]\n`
  }

  happen(one: Made): void {
    const roll = this.#random.next() * 100
    if (roll < tradesPerHundred) this.#trade(one)
    else if (roll < tradesPerHundred + improvementsPerHundred) this.#improve(one)
    else this.#change(one, nextChange(one, this.#random))
  }

  /** The set is offered a cent a market cheaper: 95 cents for a dollar, less fees. */
  plant(set: readonly Made[]): void {
    if (this.#planted.length > 0) return
    this.#planted = set
    for (const one of set) this.#atMiddle(one, plantSize)
  }

  unplant(): void {
    for (const one of this.#planted) this.#atMiddle(one, 0 as MicroShares)
    this.#planted = []
  }

  #atMiddle(one: Made, size: MicroShares): void {
    this.#change(one, { side: askSide, price: one.middle as Ticks, size })
  }

  #change(one: Made, change: LevelChange): void {
    this.#tell(one, () => {
      one.book.set(change.side, change.price, change.size)
      return [this.#writer.change(one, change, this.#outcome())]
    })
  }

  /** A step nearer to the middle, where there is room. */
  #improve(one: Made): void {
    const { book, middle } = one
    const side: BookSide = this.#random.chance(0.5) ? bidSide : askSide
    const step = book.resolution
    const price = (side === bidSide ? book.bestBid + step : book.bestAsk - step) as Ticks
    const isOfItsSide = side === bidSide ? price < middle : price > middle
    const change = isOfItsSide ? { side, price, size: madeSize(this.#random) } : undefined
    this.#change(one, change ?? nextChange(one, this.#random))
  }

  #trade(one: Made): void {
    const side: BookSide = this.#random.chance(0.5) ? bidSide : askSide
    const outcome = this.#outcome()
    const count = this.#random.integer(1, levelsTakenMax)
    this.#tell(one, () => {
      const trade = this.#writer.trade(one, outcome, this.#random)
      const changes: LevelChange[] = []
      while (changes.length < count && isDeep(one, side)) changes.push(take(one, side))
      return [trade, ...this.#writer.sweep(one, changes, outcome)]
    })
  }

  #tell(one: Made, happen: () => readonly string[]): void {
    const { bestBid, bestAsk } = one.book
    this.frames.push(...happen())
    if (one.book.bestBid === bestBid && one.book.bestAsk === bestAsk) return
    this.frames.push(this.#writer.best(one, 'yes'), this.#writer.best(one, 'no'))
  }

  #outcome(): Outcome {
    return this.#random.chance(0.5) ? 'yes' : 'no'
  }
}

function take({ book }: Made, side: BookSide): LevelChange {
  const price = side === bidSide ? book.bestBid : book.bestAsk
  const size = 0 as MicroShares
  book.set(side, price, size)
  return { side, price, size }
}

/** Whether another level stands behind the best: no side is ever taken whole. */
function isDeep({ book }: Made, side: BookSide): boolean {
  return side === bidSide
    ? book.nextBid(book.bestBid) !== noBid
    : book.nextAsk(book.bestAsk) !== noAsk
}
