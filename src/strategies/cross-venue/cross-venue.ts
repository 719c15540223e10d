import type { Group } from '../../arbitrage/group.ts'
import type { GroupRegistry } from '../../arbitrage/group-registry.ts'
import { takeOpportunity } from '../../arbitrage/take-opportunity.ts'
import { shareCost, shareDollar } from '../../core/fee.ts'
import type { Market } from '../../core/market.ts'
import type { Proposition, WithdrawalReason } from '../../core/proposition.ts'
import { refKey } from '../../core/relation.ts'
import type { Decision, Pass } from '../../core/signal.ts'
import { pass } from '../../core/signal.ts'
import type { MicroShares, MicroUsd, Ppm, Ticks } from '../../core/units.ts'
import { complement, noAsk, noBid } from '../../core/units.ts'
import type { BookEntry } from '../../ports/book-table.ts'
import type { PropositionWatch } from '../../ports/proposition-watch.ts'
import type { CacheView, CatalogueView, EvalContext, Strategy } from '../../ports/strategy.ts'
import { detectPair } from './detect-pair.ts'
import { safeBaskets, type PairBasket } from './safe-baskets.ts'

export type CrossVenueConfig = {
  /** The least that a basket must earn by dollar of payout, fees in, in ppm. */
  readonly edgeMin: Ppm
  /** What locked money must earn by the year, in ppm. */
  readonly hurdlePerYear: Ppm
  readonly sizeMin: MicroShares
  /** The most that one basket may cost at each of the two venues. */
  readonly spendMax: MicroUsd
}

export const crossVenueDefaults: CrossVenueConfig = {
  edgeMin: 10_000 as Ppm,
  hurdlePerYear: 100_000 as Ppm,
  sizeMin: 5_000_000 as MicroShares,
  spendMax: 100_000_000 as MicroUsd,
}

/** What the strategy is told of propositions: which there are, and which no longer hold. */
export type ConfirmedPropositions = {
  readonly propositions: readonly Proposition[]
  readonly watch: PropositionWatch
}

/** A confirmed pair at work, with what one more share of each of its four outcomes costs now. */
type WatchedPair = {
  readonly proposition: Proposition
  readonly group: Group
  /** In the order of the group. */
  readonly entries: readonly [BookEntry, BookEntry]
  /** In the order of the proposition. */
  readonly sides: readonly [BookEntry, BookEntry]
  readonly baskets: readonly PairBasket[]
  /** YES and NO of the first, then of the second. Billionths of a dollar, fees in. */
  readonly costs: Float64Array
}

type Place = { readonly pair: WatchedPair; readonly member: 0 | 1 }

const notConfirmed = pass('not-confirmed')
const noEdge = pass('no-edge')
const withdrawnPass: Readonly<Record<WithdrawalReason, Pass>> = {
  'rules-changed': pass('withdrawn-rules-changed'),
  'source-changed': pass('withdrawn-source-changed'),
  'dates-moved': pass('withdrawn-dates-moved'),
  'prices-apart': pass('withdrawn-prices-apart'),
  'settled-apart': pass('withdrawn-settled-apart'),
  'withdrawn-by-hand': pass('withdrawn-by-hand'),
}

/** A wider market tells no price, so a gap to it tells nothing. */
const spreadMax = 1_000

/**
 * Buys one side of a question here and the other side there, for less than the dollar one of them
 * pays.
 *
 * Only where a person has confirmed that two markets are one question, and only while nothing has
 * changed since: markets that sound alike and settle apart are the way to lose both legs.
 * docs/strategies/cross-venue.md.
 */
export class CrossVenue implements Strategy {
  readonly name = 'cross-venue'
  readonly #config: CrossVenueConfig
  readonly #registry: GroupRegistry
  readonly #watch: PropositionWatch
  readonly #byPair: ReadonlyMap<string, Proposition>
  readonly #members: ReadonlySet<string>
  /** By the number of a market: it may stand in several pairs. */
  #places: (readonly Place[] | undefined)[] = []

  constructor(
    config: CrossVenueConfig,
    registry: GroupRegistry,
    { propositions, watch }: ConfirmedPropositions,
  ) {
    this.#config = config
    this.#registry = registry
    this.#watch = watch
    this.#byPair = new Map(
      propositions.map((one) => [pairKey(refKey(one.first), refKey(one.second)), one]),
    )
    this.#members = new Set(propositions.flatMap((one) => [refKey(one.first), refKey(one.second)]))
  }

  onCatalogue(catalogue: CatalogueView, cache: CacheView): void {
    this.#places = []
    if (this.#byPair.size === 0) return
    const { byId } = this.#registry.groupsOf(catalogue.markets(), catalogue.sets())
    for (const group of byId.values()) {
      const pair = this.#watchPair(group, cache)
      if (pair === undefined) continue
      for (const member of [0, 1] as const) {
        const { index } = pair.entries[member]
        this.#places[index] = [...(this.#places[index] ?? []), { pair, member }]
      }
    }
  }

  watches(market: Market): boolean {
    return this.#members.has(keyOf(market))
  }

  evaluate(context: EvalContext): Decision {
    const places = this.#places[context.entry.index]
    if (places === undefined) return notConfirmed

    let decision: Decision = noEdge
    for (const { pair, member } of places) {
      price(pair, member, context.entry)
      this.#observe(pair, context)
      const withdrawn = this.#watch.withdrawn(pair.proposition.id)
      if (withdrawn !== undefined) {
        decision = withdrawnPass[withdrawn]
        continue
      }
      const basket = cheapest(pair)
      if (basket === undefined) continue
      decision = this.#take(pair, basket, context)
      if (decision.kind === 'signal') return decision
    }
    return decision
  }

  #take({ group, entries }: WatchedPair, basket: PairBasket, context: EvalContext): Decision {
    const { edgeMin, hurdlePerYear, spendMax } = this.#config
    const cash = new Map(entries.map(({ market }) => [market.venue, spendMax]))
    const limits = { edgeMin, hurdlePerYear, cash, nowMs: context.nowMs }
    return takeOpportunity(
      this.name,
      detectPair(group, entries, basket, limits),
      (leg) => entries.find(({ market }) => market.venue === leg.venue && market.id === leg.market),
      { sight: context, worthwhile: this.#config },
    )
  }

  /** Tells the watch how far apart the two prices are, if both books can be believed. */
  #observe({ proposition, sides }: WatchedPair, context: EvalContext): void {
    const [first, second] = sides.map((entry) => priceOf(entry, context))
    if (first === undefined || second === undefined) return
    const other = proposition.orientation === 'same' ? second : complement(second)
    // Where one may be worth less, only the wrong order is strange.
    const difference = first - other
    const gap =
      proposition.holds === 'alike'
        ? Math.abs(difference)
        : Math.max(0, proposition.holds === 'first-never-more' ? difference : -difference)
    this.#watch.onGap(proposition.id, gap as Ticks, context.nowMs)
  }

  /** Undefined where the group is no confirmed pair, or a book of it is missing. */
  #watchPair(group: Group, cache: CacheView): WatchedPair | undefined {
    const [first, second] = group.members
    if (first === undefined || second === undefined || group.members.length > 2) return undefined
    if (group.facts.shape === 'linked' || first.venue === second.venue) return undefined
    const proposition = this.#byPair.get(pairKey(keyOf(first), keyOf(second)))
    if (proposition === undefined) return undefined

    const one = cache.byMarket(first.venue, first.id)
    const two = cache.byMarket(second.venue, second.id)
    if (one === undefined || two === undefined) return undefined
    const isOrdered = keyOf(first) === refKey(proposition.first)
    const pair: WatchedPair = {
      proposition,
      group,
      entries: [one, two],
      sides: isOrdered ? [one, two] : [two, one],
      baskets: safeBaskets(group),
      costs: new Float64Array(4).fill(shareDollar),
    }
    price(pair, 0, one)
    price(pair, 1, two)
    return pair
  }
}

/** Two stores: what one more share of either outcome costs now. No ask costs a dollar. */
function price({ costs }: WatchedPair, member: 0 | 1, { market, yes, no }: BookEntry): void {
  costs[2 * member] = shareCost(market.fee, yes.bestAsk)
  costs[2 * member + 1] = shareCost(market.fee, no.bestAsk)
}

/** The first test, on best prices: at most four sums, whatever the number of pairs. */
function cheapest({ baskets, costs }: WatchedPair): PairBasket | undefined {
  let found: PairBasket | undefined
  let least = shareDollar
  for (const basket of baskets) {
    const first = costs[basket[0] === 'yes' ? 0 : 1] ?? shareDollar
    const second = costs[basket[1] === 'yes' ? 2 : 3] ?? shareDollar
    if (first + second >= least) continue
    least = first + second
    found = basket
  }
  return found
}

/** Midway between bid and ask of YES. Undefined where there is no market worth the name. */
function priceOf(entry: BookEntry, context: EvalContext): Ticks | undefined {
  const { bestBid, bestAsk, state } = entry.yes
  if (state !== 'proven' || bestBid === noBid || bestAsk === noAsk) return undefined
  if (bestAsk - bestBid > spreadMax || bestAsk <= bestBid || !context.fresh(entry)) return undefined
  return Math.floor((bestBid + bestAsk) / 2) as Ticks
}

function keyOf({ venue, id }: Market): string {
  return refKey({ venue, market: id })
}

/** The same for both orders. */
function pairKey(first: string, second: string): string {
  return first < second ? `${first} ${second}` : `${second} ${first}`
}
