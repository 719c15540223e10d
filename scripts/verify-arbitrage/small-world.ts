import type { FeeRounding, FeeSchedule } from '../../src/core/fee.ts'
import type {
  InstrumentId,
  Market,
  MarketId,
  OutcomeSetId,
  Strike,
  VenueId,
} from '../../src/core/market.ts'
import type { Level } from '../../src/core/order-book.ts'
import { uniformGrid } from '../../src/core/price-grid.ts'
import type { Random } from '../../src/core/random.ts'
import type { MarketRef, Relation } from '../../src/core/relation.ts'
import { includedBy } from '../../src/core/relation.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../../src/core/units.ts'

/** Both sides of one market's book in YES terms, best first. */
export type SmallBook = { readonly bids: readonly Level[]; readonly asks: readonly Level[] }

export type WorldShape = 'set' | 'open-set' | 'ladder' | 'range' | 'implies' | 'same' | 'linked'

/** A group small enough to try every basket in it. */
export type SmallWorld = {
  readonly shape: WorldShape
  readonly markets: readonly Market[]
  readonly books: readonly SmallBook[]
  readonly relations: readonly Relation[]
  /** What the YES of each market is worth, 0 or 1, in each way the world can turn out. */
  readonly outcomes: readonly (readonly number[])[]
  /** Micro-dollars at each venue; undefined where there is no end of them. */
  readonly cash: ReadonlyMap<VenueId, MicroUsd> | undefined
}

const claim = { holds: 'proven', evidence: 'made so by the generator' } as const

/**
 * Prices, depths, fees, lots and least sizes at random, around a fair price or off it by a little.
 */
export function smallWorld(random: Random): SmallWorld {
  const shape = random.pick<WorldShape>([
    'set',
    'set',
    'open-set',
    'open-set',
    'ladder',
    'ladder',
    'range',
    'implies',
    'same',
    'linked',
  ])
  const { count, strikes, relations, outcomes } = structure(shape, random)
  const markets = makeMarkets(shape, count, strikes, random)
  const fair = fairPrices(outcomes, random)
  const leans = leansOf(count, random)
  const books = markets.map((market, index) =>
    makeBook({ market, fair: fair[index] ?? 0.5, lean: leans[index] ?? 0, count }, random),
  )
  const cash = random.chance(0.2) ? shortCash(markets, random) : undefined
  return { shape, markets, books, relations: relations(markets.map(refOf)), outcomes, cash }
}

/** Enough for a lot or two of a basket, so that the money ends before the books do. */
function shortCash(markets: readonly Market[], random: Random): ReadonlyMap<VenueId, MicroUsd> {
  const most = markets.reduce((sum, { lot }) => sum + lot, 0)
  const some = (): MicroUsd => random.integer(0, 2 * most) as MicroUsd
  return new Map<VenueId, MicroUsd>([
    ['polymarket', some()],
    ['kalshi', some()],
  ])
}

type Structure = {
  readonly count: number
  readonly strikes: readonly (Strike | undefined)[]
  readonly relations: (refs: readonly MarketRef[]) => readonly Relation[]
  readonly outcomes: readonly (readonly number[])[]
}

function structure(shape: WorldShape, random: Random): Structure {
  switch (shape) {
    case 'set':
      return setStructure(random.integer(2, 4), 'exhaustive')
    case 'open-set':
      return setStructure(random.integer(2, 4), 'open')
    case 'ladder':
      return ladderStructure(random.integer(2, 4), random)
    case 'range':
      return rangeStructure(random)
    case 'implies':
      return pairStructure('implies')
    case 'same':
      return pairStructure('same')
    case 'linked':
      return linkedStructure(random)
  }
}

function setStructure(count: number, kind: 'exhaustive' | 'open'): Structure {
  const winners = Array.from({ length: count }, (_, winner) =>
    Array.from({ length: count }, (_, index) => (index === winner ? 1 : 0)),
  )
  const none = Array.from({ length: count }, () => 0)
  return {
    count,
    strikes: winners.map(() => undefined),
    relations: (members) =>
      kind === 'exhaustive'
        ? [
            { kind: 'at-most-one', members, claim },
            { kind: 'at-least-one', members, claim },
          ]
        : [{ kind: 'at-most-one', members, claim }],
    outcomes: kind === 'exhaustive' ? winners : [none, ...winners],
  }
}

function ladderStructure(count: number, random: Random): Structure {
  const strikes = Array.from({ length: count }, (_, index): Strike => {
    const bound = String((index + 1) * 10)
    return { kind: random.pick(['above', 'at-least'] as const), floor: bound, cap: undefined }
  })
  return strikeStructure(strikes, (value, strike) =>
    strike.kind === 'above' ? value > Number(strike.floor) : value >= Number(strike.floor),
  )
}

/** "above 10", "above 20" and "between 10 and 20", the bounds read as the thresholds read them. */
function rangeStructure(random: Random): Structure {
  const strikes: Strike[] = [
    { kind: 'above', floor: '10', cap: undefined },
    { kind: 'above', floor: '20', cap: undefined },
    { kind: 'between', floor: '10', cap: '20' },
  ]
  if (random.chance(0.5)) strikes.push({ kind: 'at-most', floor: undefined, cap: '10' })
  return strikeStructure(strikes, (value, { kind, floor, cap }) => {
    if (kind === 'above') return value > Number(floor)
    if (kind === 'at-most') return value <= Number(cap)
    return value > Number(floor) && value <= Number(cap)
  })
}

function strikeStructure(
  strikes: readonly Strike[],
  wins: (value: number, strike: Strike) => boolean,
): Structure {
  const points = Array.from({ length: 101 }, (_, index) => index / 2)
  const lines = points.map((value) => strikes.map((strike) => (wins(value, strike) ? 1 : 0)))
  const outcomes = [...new Map(lines.map((line) => [line.join(), line])).values()]
  return {
    count: strikes.length,
    strikes,
    relations: (members) =>
      members.map((member, index): Relation => {
        const strike = strikes[index] ?? { kind: 'above', floor: '0', cap: undefined }
        // A range is read as the thresholds around it are: (10, 20].
        const included =
          strike.kind === 'between' ? { floor: false, cap: true } : includedBy(strike)
        return { kind: 'strike', member, subject: 'the number', strike, included, claim }
      }),
    outcomes,
  }
}

function pairStructure(kind: 'implies' | 'same'): Structure {
  return {
    count: 2,
    strikes: [undefined, undefined],
    relations: ([a, b]) => {
      if (a === undefined || b === undefined) return []
      if (kind === 'same') return [{ kind, members: [a, b], claim }]
      return [{ kind, premise: a, conclusion: b, claim }]
    },
    outcomes:
      kind === 'same'
        ? [
            [0, 0],
            [1, 1],
          ]
        : [
            [0, 0],
            [0, 1],
            [1, 1],
          ],
  }
}

/** Random clauses over three markets: anything the closed forms have no word for. */
function linkedStructure(random: Random): Structure {
  const count = 3
  const weights = Array.from({ length: count }, () => random.integer(-1, 1))
  const lines = everyLine(count).filter((line) => (line[0] ?? 0) <= (line[1] ?? 0))
  const atMost = dot(random.pick(lines), weights)
  const outcomes = lines.filter((line) => dot(line, weights) <= atMost)
  return {
    count,
    strikes: [undefined, undefined, undefined],
    relations: (members) => {
      const [a, b] = members
      if (a === undefined || b === undefined) return []
      const terms = members.map((member, index) => ({ member, weight: weights[index] ?? 0 }))
      return [
        { kind: 'implies', premise: a, conclusion: b, claim },
        { kind: 'count', terms, atLeast: undefined, atMost, claim },
      ]
    },
    outcomes,
  }
}

function everyLine(count: number): readonly (readonly number[])[] {
  return Array.from({ length: 2 ** count }, (_, bits) =>
    Array.from({ length: count }, (_, index) => (bits >> index) & 1),
  )
}

function dot(a: readonly number[], b: readonly number[]): number {
  return a.reduce((sum, value, index) => sum + value * (b[index] ?? 0), 0)
}

function makeMarkets(
  shape: WorldShape,
  count: number,
  strikes: readonly (Strike | undefined)[],
  random: Random,
): readonly Market[] {
  const lot = random.pick([10_000, 10_000, 1_000_000, 250_000]) as MicroShares
  const sizeMinLots = random.pick([0, 0, 1, 2])
  const fee = randomFee(random)
  return Array.from({ length: count }, (_, index): Market => {
    const second = shape === 'same' && index === 1
    const own = second || random.chance(0.15)
    const ownLot = own ? (random.pick([lot, lot, 10_000, 20_000]) as MicroShares) : lot
    return {
      ...blank,
      venue: second ? 'kalshi' : 'polymarket',
      id: `m${index}` as MarketId,
      slug: `market-${index}`,
      label: `M${index}`,
      yes: { id: `m${index}-yes` as InstrumentId, outcome: 'yes', label: 'Yes' },
      no: { id: `m${index}-no` as InstrumentId, outcome: 'no', label: 'No' },
      lot: ownLot,
      sizeMin: (sizeMinLots * ownLot) as MicroShares,
      fee: own ? randomFee(random) : fee,
      strike: strikes[index],
    }
  })
}

const blank = {
  question: '',
  set: 'set' as OutcomeSetId,
  status: 'open',
  bookKind: 'mirrored',
  grid: uniformGrid(1 as Ticks),
  negRisk: false,
  takerDelayMs: 0,
  closesAt: undefined,
  volume24h: undefined,
  liquidity: undefined,
  tags: [],
  rules: '',
  resolutionSource: '',
  resolution: undefined,
} as const

function randomFee(random: Random): FeeSchedule {
  const rate = random.pick([0, 0, 40_000, 50_000, 70_000, 35_000]) as Ppm
  const rounding = random.pick<FeeRounding>(['down-to-5-decimals', 'up-to-micro'])
  const curve = { rate, exponent: 1 } as const
  return { kind: 'known', taker: curve, maker: curve, rounding }
}

/** Fair prices of some belief over the outcomes: books around them hold no arbitrage. */
function fairPrices(outcomes: readonly (readonly number[])[], random: Random): readonly number[] {
  // Skewed, so that neighbours on a ladder often stand at nearly one price.
  const weights = outcomes.map(() => Math.exp(2 * random.normal()))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  const count = outcomes[0]?.length ?? 0
  return Array.from({ length: count }, (_, index) =>
    outcomes.reduce((sum, line, at) => sum + ((weights[at] ?? 0) / total) * (line[index] ?? 0), 0),
  )
}

/**
 * How far each book stands off its fair price, in ticks. One in four worlds is fair throughout and
 * so holds nothing; in the others all books lean one way, or each its own.
 */
function leansOf(count: number, random: Random): readonly number[] {
  const mood = random.pick(['fair', 'all', 'each', 'each'])
  const most = random.pick([150, 600, 2_500])
  const shared = random.integer(-most, most)
  return Array.from({ length: count }, () => {
    if (mood === 'fair') return 0
    return mood === 'all' ? shared : random.integer(-most, most)
  })
}

type BookWanted = {
  readonly market: Market
  readonly fair: number
  readonly lean: number
  readonly count: number
}

function makeBook({ market, fair, lean, count }: BookWanted, random: Random): SmallBook {
  const center = Math.min(9_900, Math.max(100, Math.round(fair * 10_000) + lean))
  const bid = Math.max(2, center - random.integer(1, 100))
  const ask = Math.min(9_998, center + random.integer(1, 100))
  const lotsMax = count === 4 ? 2 : 3
  return {
    bids: side(bid, -1, lotsMax, market, random),
    asks: side(ask, 1, lotsMax, market, random),
  }
}

function side(
  best: number,
  direction: 1 | -1,
  lotsMax: number,
  market: Market,
  random: Random,
): readonly Level[] {
  const levels: Level[] = []
  let left = random.chance(0.1) ? 0 : random.integer(1, lotsMax)
  let price = best
  while (left > 0 && price > 0 && price < 10_000) {
    const lots = random.integer(1, left)
    // A fill may have left half a lot behind, so that a lot takes from two levels.
    const rest = random.chance(0.2) ? market.lot / 2 : 0
    levels.push({ price: price as Ticks, size: (lots * market.lot + rest) as MicroShares })
    left -= lots
    price += direction * random.integer(1, 200)
  }
  return levels
}

function refOf(market: Market): MarketRef {
  return { venue: market.venue, market: market.id }
}
