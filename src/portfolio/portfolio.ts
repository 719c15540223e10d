import { assert } from '../core/assert.ts'
import type {
  InstrumentId,
  Market,
  MarketId,
  Outcome,
  Resolution,
  VenueId,
} from '../core/market.ts'
import { instrumentOf } from '../core/market.ts'
import type { BasketId, Fill, Order } from '../core/order.ts'
import type { MicroShares, MicroUsd, Nanos, Ppm, Ticks } from '../core/units.ts'
import {
  add,
  cost,
  max,
  microPerUsd,
  min,
  negate,
  par,
  prorate,
  subtract,
  worth,
  zeroShares,
  zeroUsd,
} from '../core/units.ts'
import { inventoryOf } from './account.ts'
import type { LedgerEntry, ShareMove } from './ledger.ts'
import { Ledger } from './ledger.ts'

/** Shares of an instrument that we hold, and what they cost. */
export type Position = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly instrument: InstrumentId
  readonly outcome: Outcome
  size: MicroShares
  /** Whose trade made it last: gains and losses of its settlement are this strategy's. */
  strategy: string
}

export type Conversion = {
  /** Whose NO is given. */
  readonly given: readonly Market[]
  /** The other markets of the set, whose YES comes for it. */
  readonly received: readonly Market[]
  readonly size: MicroShares
  readonly strategy: string
  readonly at: Nanos
}

type Place = Omit<Position, 'size' | 'strategy'>

/** Shares, whoever's trade they came from. */
export type Holding = Place & { readonly size: MicroShares }

/** Cash that the orders of a basket tie up. */
export type Reserve = {
  readonly venue: VenueId
  readonly market: MarketId
  readonly strategy: string
  readonly amount: MicroUsd
}

/**
 * What we own and how it came about: positions beside a ledger that must balance.
 *
 * Shares are carried at average cost. What a partial sale takes off the cost is rounded up, so that
 * what is realised is never flattered; the last share takes the rest.
 */
export class Portfolio {
  readonly ledger: Ledger
  readonly #positions: Map<string, Position> = new Map()
  readonly #reserves: Map<BasketId, readonly Reserve[]> = new Map()

  constructor(posted: (entry: LedgerEntry) => void) {
    this.ledger = new Ledger(posted)
  }

  deposit(venue: VenueId, amount: MicroUsd, at: Nanos): void {
    this.ledger.post(at, `deposit ${venue}`, [
      { account: `cash:${venue}`, amount },
      { account: 'capital', amount: negate(amount) },
    ])
  }

  /**
   * What an account held before these books began: its cash is capital, its shares are taken in at
   * no cost, since nobody knows what they had cost.
   */
  open(venue: VenueId, cash: MicroUsd, shares: readonly Holding[], at: Nanos): void {
    this.deposit(venue, cash, at)
    if (shares.length === 0) return
    const moves = shares.map(({ size, ...holding }) => {
      const position = this.#positionOf(holding, 'none')
      position.size = add(position.size, size)
      return moveOf(position, size)
    })
    this.ledger.post(at, `opening ${venue}`, [], moves)
  }

  /** Ties up so much cash for a basket, no more and no less: none when it is over. */
  hold(basket: BasketId, reserves: readonly Reserve[], at: Nanos): void {
    const before = this.#reserves.get(basket) ?? []
    if (reserves.length === 0) this.#reserves.delete(basket)
    else this.#reserves.set(basket, reserves)
    const more = byVenue([...reserves, ...before.map(negated)]).filter(({ amount }) => amount !== 0)
    if (more.length === 0) return
    const word = more.some(({ amount }) => amount > 0) ? 'reserve' : 'release'
    this.ledger.post(
      at,
      `${word} ${basket}`,
      more.flatMap(({ venue, amount }) => [
        { account: `reserved:${venue}` as const, amount },
        { account: `cash:${venue}` as const, amount: negate(amount) },
      ]),
    )
  }

  fill(order: Order, fill: Fill, strategy: string, at: Nanos): void {
    const { venue } = order
    const position = this.#positionOf(order, strategy)
    const fees = { account: `fees:${venue}:${strategy}`, amount: fill.fee } as const
    const inventory = inventoryOf(venue, order.instrument)
    const memo = `${order.side} ${fill.venueTradeId}`
    if (order.side === 'buy') {
      const paid = add(fill.notional, fill.fee)
      this.ledger.post(
        at,
        memo,
        [
          { account: inventory, amount: paid },
          { account: `cash:${venue}`, amount: negate(paid) },
          fees,
          { account: `capitalised:${venue}:${strategy}`, amount: negate(fill.fee) },
        ],
        [moveOf(position, fill.size)],
      )
      position.size = add(position.size, fill.size)
      return
    }
    const basis = this.#takeBasis(position, fill.size)
    this.ledger.post(
      at,
      memo,
      [
        { account: `cash:${venue}`, amount: subtract(fill.notional, fill.fee) },
        fees,
        { account: inventory, amount: negate(basis) },
        { account: `realised:${strategy}`, amount: subtract(basis, fill.notional) },
      ],
      [moveOf(position, negate(fill.size))],
    )
  }

  /**
   * A fill that never was: its trade did not settle. Whether it could be taken back: the shares may
   * be gone already, and then only the venue's account can say what we have.
   *
   * Shares that were sold come back at what they had brought.
   */
  unfill(order: Order, fill: Fill, strategy: string, at: Nanos): boolean {
    const { venue } = order
    const position = this.#positionOf(order, strategy)
    if (order.side === 'buy' && position.size < fill.size) return false
    const isBuy = order.side === 'buy'
    const basis = isBuy ? this.#takeBasis(position, fill.size) : fill.notional
    const paid = isBuy ? add(fill.notional, fill.fee) : subtract(fill.fee, fill.notional)
    const change = isBuy ? negate(fill.size) : fill.size
    this.ledger.post(
      at,
      `take back ${order.side} ${fill.venueTradeId}`,
      [
        { account: `cash:${venue}`, amount: paid },
        { account: `fees:${venue}:${strategy}`, amount: negate(fill.fee) },
        { account: `capitalised:${venue}:${strategy}`, amount: isBuy ? fill.fee : zeroUsd },
        { account: inventoryOf(venue, order.instrument), amount: isBuy ? negate(basis) : basis },
        { account: `realised:${strategy}`, amount: isBuy ? subtract(basis, paid) : zeroUsd },
      ],
      [moveOf(position, change)],
    )
    if (!isBuy) position.size = add(position.size, fill.size)
    return true
  }

  /** Makes pairs out of cash, a dollar each. The cost is shared out by the price of YES. */
  split(market: Market, size: MicroShares, yesPrice: Ticks, strategy: string, at: Nanos): void {
    const yesCost = min(cost(yesPrice, size), par(size))
    const { venue, id } = market
    const pair = (['yes', 'no'] as const).map((outcome) =>
      this.#positionOf(inMarket(market, outcome), strategy),
    )
    this.ledger.post(
      at,
      `split ${id}`,
      [
        { account: inventoryOf(venue, market.yes.id), amount: yesCost },
        { account: inventoryOf(venue, market.no.id), amount: subtract(par(size), yesCost) },
        { account: `cash:${venue}`, amount: negate(par(size)) },
      ],
      pair.map((position) => moveOf(position, size)),
    )
    for (const position of pair) position.size = add(position.size, size)
  }

  /** Makes cash out of pairs of YES and NO of a market, a dollar each. */
  merge(market: Market, size: MicroShares, strategy: string, at: Nanos): void {
    const yes = this.#positionOf(inMarket(market, 'yes'), strategy)
    const no = this.#positionOf(inMarket(market, 'no'), strategy)
    const { venue } = market
    const yesBasis = this.#takeBasis(yes, size)
    const noBasis = this.#takeBasis(no, size)
    this.ledger.post(
      at,
      `merge ${market.id}`,
      [
        { account: `cash:${venue}`, amount: par(size) },
        { account: inventoryOf(venue, yes.instrument), amount: negate(yesBasis) },
        { account: inventoryOf(venue, no.instrument), amount: negate(noBasis) },
        { account: `realised:${strategy}`, amount: subtract(add(yesBasis, noBasis), par(size)) },
      ],
      [moveOf(yes, negate(size)), moveOf(no, negate(size))],
    )
  }

  /**
   * NO shares of a neg-risk set to cash and YES of its other markets: of k NO, k − 1 dollars.
   * docs/venues/polymarket.md, 10.4.
   *
   * What the NO cost beyond the cash is the cost of the YES, in equal parts; there is none where
   * the cash is more than they cost, and the rest is realised.
   */
  convert({ given, received, size, strategy, at }: Conversion): void {
    const no = given.map((market) => this.#positionOf(inMarket(market, 'no'), strategy))
    const yes = received.map((market) => this.#positionOf(inMarket(market, 'yes'), strategy))
    const [first] = no
    assert(first !== undefined, 'one converts the NO of at least one market')
    const bases = no.map((position) => this.#takeBasis(position, size))
    const basis = bases.reduce(add, zeroUsd)
    const cash = given.slice(1).reduce<MicroUsd>((sum) => add(sum, par(size)), zeroUsd)
    const left = yes.length === 0 ? zeroUsd : max(subtract(basis, cash), zeroUsd)
    const costs = shareOut(left, yes.length)
    this.ledger.post(
      at,
      `convert ${given.length} of ${given.length + received.length}`,
      [
        { account: `cash:${first.venue}`, amount: cash },
        ...no.map((position, index) => ({
          account: inventoryOf(position.venue, position.instrument),
          amount: negate(bases[index] ?? zeroUsd),
        })),
        ...yes.map((position, index) => ({
          account: inventoryOf(position.venue, position.instrument),
          amount: costs[index] ?? zeroUsd,
        })),
        {
          account: `realised:${strategy}`,
          amount: subtract(subtract(basis, cash), left),
        },
      ],
      [
        ...no.map((position) => moveOf(position, negate(size))),
        ...yes.map((position) => moveOf(position, size)),
      ],
    )
    for (const position of yes) position.size = add(position.size, size)
  }

  /** The market is resolved: shares become what they are worth. Settling again does nothing. */
  settle(market: Market, { yesValue }: Resolution, at: Nanos): void {
    for (const outcome of ['yes', 'no'] as const) {
      const { venue, instrument } = inMarket(market, outcome)
      const position = this.#positions.get(keyOf(venue, instrument))
      if (position === undefined || position.size === 0) continue

      const { size, strategy } = position
      const value = (outcome === 'yes' ? yesValue : microPerUsd - yesValue) as Ppm
      const paid = worth(value, size)
      const basis = this.#takeBasis(position, size)
      this.ledger.post(
        at,
        `settle ${market.id} ${outcome}`,
        [
          { account: `cash:${venue}`, amount: paid },
          { account: inventoryOf(venue, instrument), amount: negate(basis) },
          { account: `realised:${strategy}`, amount: subtract(basis, paid) },
        ],
        [moveOf(position, negate(size))],
      )
    }
  }

  /** Takes in an entry of an earlier life: with all of them, this is what that portfolio was. */
  adopt(entry: LedgerEntry): void {
    this.ledger.adopt(entry)
    for (const { change, strategy, ...holding } of entry.shares) {
      const position = this.#positionOf(holding, strategy)
      position.size = add(position.size, change)
    }
  }

  /**
   * Frees cash that baskets of an earlier life had tied up: what became of them is in the fills.
   */
  releaseAdopted(at: Nanos): void {
    for (const [account, amount] of this.ledger.balances()) {
      if (!account.startsWith('reserved:') || amount === 0) continue
      const venue = account.slice('reserved:'.length) as VenueId
      this.ledger.post(at, `release ${venue} after a restart`, [
        { account: `reserved:${venue}`, amount: negate(amount) },
        { account: `cash:${venue}`, amount },
      ])
    }
  }

  /** Whether the books have ever had to do with a venue. */
  knows(venue: VenueId): boolean {
    for (const [account] of this.ledger.balances()) if (account === `cash:${venue}`) return true
    return false
  }

  /** What we hold, without what we no longer do. */
  *positions(): Iterable<Position> {
    for (const position of this.#positions.values()) if (position.size > 0) yield position
  }

  sizeOf(venue: VenueId, instrument: InstrumentId): MicroShares {
    return this.#positions.get(keyOf(venue, instrument))?.size ?? zeroShares
  }

  /** What the shares of an instrument cost us, fees in. */
  basisOf(venue: VenueId, instrument: InstrumentId): MicroUsd {
    return this.ledger.balance(inventoryOf(venue, instrument))
  }

  cashOf(venue: VenueId): MicroUsd {
    return this.ledger.balance(`cash:${venue}`)
  }

  /** All that is at stake: shares at cost, and what orders may take. */
  *stakes(): Iterable<Reserve> {
    for (const { instrument, market, strategy, venue } of this.positions()) {
      yield { venue, market, strategy, amount: this.basisOf(venue, instrument) }
    }
    for (const reserves of this.#reserves.values()) yield* reserves
  }

  /** The most we can lose in a market: shares at cost, and what its orders may take. */
  exposureOf(venue: VenueId, market: MarketId): MicroUsd {
    let exposure = zeroUsd
    for (const stake of this.stakes()) {
      if (stake.venue === venue && stake.market === market) exposure = add(exposure, stake.amount)
    }
    return exposure
  }

  get exposure(): MicroUsd {
    return add(this.ledger.total('inventory:'), this.ledger.total('reserved:'))
  }

  /** What is closed or settled, less its fees. Those of shares that we hold are in their cost. */
  get realised(): MicroUsd {
    const fees = add(this.ledger.total('fees:'), this.ledger.total('capitalised:'))
    return negate(add(this.ledger.total('realised:'), fees))
  }

  get fees(): MicroUsd {
    return this.ledger.total('fees:')
  }

  /** Takes shares off a position, and says what they cost. */
  #takeBasis(position: Position, size: MicroShares): MicroUsd {
    const { venue, instrument } = position
    assert(size <= position.size, `one sells what one holds: ${size} of ${instrument}`)
    const basis = this.basisOf(venue, instrument)
    const left = subtract(position.size, size)
    // What stays is rounded down, so what goes is rounded up.
    const kept = left === 0 ? zeroUsd : prorate(basis, left, position.size)
    position.size = left
    return subtract(basis, kept)
  }

  #positionOf({ venue, market, instrument, outcome }: Place, strategy: string): Position {
    const key = keyOf(venue, instrument)
    const known = this.#positions.get(key)
    if (known !== undefined) {
      known.strategy = strategy
      return known
    }
    const made: Position = { venue, market, instrument, outcome, size: zeroShares, strategy }
    this.#positions.set(key, made)
    return made
  }
}

function inMarket(market: Market, outcome: Outcome): Place {
  const instrument = instrumentOf(market, outcome).id
  return { venue: market.venue, market: market.id, instrument, outcome }
}

function negated({ venue, amount }: Reserve): Pick<Reserve, 'venue' | 'amount'> {
  return { venue, amount: negate(amount) }
}

function byVenue(
  reserves: readonly Pick<Reserve, 'venue' | 'amount'>[],
): readonly Pick<Reserve, 'venue' | 'amount'>[] {
  const sums = new Map<VenueId, MicroUsd>()
  for (const { venue, amount } of reserves) sums.set(venue, add(sums.get(venue) ?? zeroUsd, amount))
  return [...sums].map(([venue, amount]) => ({ venue, amount }))
}

/** An amount in so many parts that add up to it, as equal as whole micro-dollars allow. */
function shareOut(amount: MicroUsd, count: number): readonly MicroUsd[] {
  return Array.from({ length: count }, (_, index) =>
    subtract(partOf(amount, index + 1, count), partOf(amount, index, count)),
  )
}

function partOf(amount: MicroUsd, part: number, whole: number): MicroUsd {
  return prorate(amount, part as MicroShares, whole as MicroShares)
}

function moveOf(position: Position, change: MicroShares): ShareMove {
  const { venue, market, instrument, outcome, strategy } = position
  return { venue, market, instrument, outcome, strategy, change }
}

function keyOf(venue: VenueId, instrument: InstrumentId): string {
  return `${venue} ${instrument}`
}
