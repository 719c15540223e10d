import type { BookDoubt } from '../../arbitrage/book-doubt.ts'
import { doubtOfBook, doubtPass } from '../../arbitrage/book-doubt.ts'
import { convertible } from '../../arbitrage/conversion.ts'
import { detectNoBasket } from '../../arbitrage/detect-set.ts'
import type { Group } from '../../arbitrage/group.ts'
import { LegCurve } from '../../arbitrage/leg-curve.ts'
import type { Opportunity } from '../../arbitrage/opportunity.ts'
import { opportunityOf } from '../../arbitrage/opportunity.ts'
import { setWithClaims, type RelationEntry } from '../../arbitrage/relation-entry.ts'
import { groupOfSet } from '../../arbitrage/set-group.ts'
import { SetScreen } from '../../arbitrage/set-screen.ts'
import { walkEqual } from '../../arbitrage/set-walk.ts'
import { takeOpportunity } from '../../arbitrage/take-opportunity.ts'
import { shareCost } from '../../core/fee.ts'
import type { Market, MarketId } from '../../core/market.ts'
import type { OutcomeSet } from '../../core/outcome-set.ts'
import type { Decision, Pass } from '../../core/signal.ts'
import { pass } from '../../core/signal.ts'
import type { MicroShares, MicroUsd, Ppm } from '../../core/units.ts'
import type { BookEntry } from '../../ports/book-table.ts'
import type { CacheView, CatalogueView, EvalContext, Strategy } from '../../ports/strategy.ts'

export type OutcomeBasketConfig = {
  /** The least that a basket must earn by dollar of payout, fees in, in ppm. */
  readonly edgeMin: Ppm
  readonly sizeMin: MicroShares
  /** The most that one basket may cost. */
  readonly spendMax: MicroUsd
}

export const outcomeBasketDefaults: OutcomeBasketConfig = {
  edgeMin: 10_000 as Ppm,
  sizeMin: 5_000_000 as MicroShares,
  spendMax: 100_000_000 as MicroUsd,
}

/** A set at work: its members, and the sum of what a share of each costs now. */
type WatchedSet = {
  readonly group: Group
  readonly entries: readonly BookEntry[]
  readonly screen: SetScreen
}

/** Where a market stands: in which set, at which place. A set that is not traded is its pass. */
type Place = { readonly set: WatchedSet | Pass; readonly member: number }

const notInSet = pass('not-in-a-set')
const notExhaustive = pass('not-exhaustive')
const notOpen = pass('not-open')
const unknownFee = pass('unknown-fee')
const bookMissing = pass('book-missing')
const noEdge = pass('no-edge')
const thinEdge = pass('thin-edge')
const tooSmall = pass('too-small')

/**
 * Buys every outcome of a set when together they cost less than the dollar one of them pays, and NO
 * of the outcomes when together they cost less than all but one of them pay.
 *
 * For YES the outcomes must be exhaustive, not only exclusive: if none of them wins, no leg pays.
 * For NO exclusive is enough. NO that its venue turns into cash at once is the conversion's
 * business. Each change of a book moves two sums, whatever the size of the set; only when one of
 * them passes a dollar is the basket priced level by level. docs/strategies/outcome-basket.md.
 */
export class OutcomeBasket implements Strategy {
  readonly name = 'outcome-basket'
  readonly #config: OutcomeBasketConfig
  /** What people say of sets, besides their venues. */
  readonly #entries: readonly RelationEntry[]
  /** By the number of a market. */
  #places: (Place | undefined)[] = []
  #members: ReadonlySet<MarketId> = new Set()

  constructor(config: OutcomeBasketConfig, entries: readonly RelationEntry[] = []) {
    this.#config = config
    this.#entries = entries
  }

  onCatalogue(catalogue: CatalogueView, cache: CacheView): void {
    const members = new Set<MarketId>()
    this.#places = []
    for (const set of catalogue.sets()) {
      const watched = watch(setWithClaims(set, this.#entries), catalogue, cache)
      for (const { market } of set.members) {
        const entry = cache.byMarket(set.venue, market)
        const place = entry === undefined ? undefined : placeOf(watched, entry)
        if (entry === undefined || place === undefined) continue
        members.add(market)
        this.#places[entry.index] = place
      }
    }
    this.#members = members
  }

  watches({ id }: Market): boolean {
    return this.#members.has(id)
  }

  evaluate(context: EvalContext): Decision {
    const { entry } = context
    const place = this.#places[entry.index]
    if (place === undefined) return notInSet
    const { set, member } = place
    if ('kind' in set) return set

    price(set.screen, member, entry)
    const { exhaustive } = set.group.facts
    if (set.screen.yesPasses && exhaustive) return this.#take(set, context)
    if (set.screen.noPasses && !convertible(set.group)) return this.#takeNo(set, context)
    return exhaustive ? noEdge : notExhaustive
  }

  #takeNo({ group, entries }: WatchedSet, context: EvalContext): Decision {
    const { edgeMin, spendMax } = this.#config
    const entryOf = (id: MarketId): BookEntry | undefined =>
      entries.find(({ market }) => market.id === id)
    const found = detectNoBasket(group, {
      books: ({ id }) => entryOf(id),
      nowMs: context.nowMs,
      cash: new Map(entries.map(({ market }) => [market.venue, spendMax])),
      hurdle: edgeMin,
      hurdlePerYear: 0 as Ppm,
    })
    return takeOpportunity(this.name, found, ({ market }) => entryOf(market), {
      sight: context,
      worthwhile: this.#config,
    })
  }

  #take(set: WatchedSet, context: EvalContext): Decision {
    for (const entry of set.entries) {
      const { fee, status } = entry.market
      if (status !== 'open') return notOpen
      if (fee.kind === 'unknown') return unknownFee
      const doubt = doubtOf(entry, context)
      if (doubt !== undefined) return phantom(doubt, context)
    }
    const found = this.#detect(set, context)
    if (found === undefined || found.edgeRate < this.#config.edgeMin) return thinEdge
    if (found.size < this.#config.sizeMin) return tooSmall

    // The proof costs the most and comes last.
    const proven = set.entries.every(({ yes }) => context.prove(yes.book))
    return proven ? this.#signal(found, context) : phantom('UNPROVEN', context)
  }

  #detect({ group, entries }: WatchedSet, { nowMs }: EvalContext): Opportunity | undefined {
    const { edgeMin, spendMax } = this.#config
    const curves = entries.map(({ market, yes }) => new LegCurve(market, 'yes', yes))
    const cash = new Map(entries.map(({ market }) => [market.venue, spendMax]))
    const walked = walkEqual(curves, 1, { cash, hurdle: edgeMin })
    if (walked === undefined) return undefined
    const legs = curves.map((curve, index) => ({
      curve,
      size: walked.sizes[index] ?? (0 as MicroShares),
    }))
    return opportunityOf({ group, kind: 'yes-basket', by: 'settlement', legs, nowMs })
  }

  #signal(found: Opportunity, { entry, now, receivedAt }: EvalContext): Decision {
    return {
      kind: 'signal',
      strategy: this.name,
      venue: entry.market.venue,
      legs: found.legs,
      edge: found.edge,
      edgeRate: found.edgeRate,
      certificate: found.certificate,
      realisation: found.realisation.by,
      generatedAt: now,
      receivedAt,
    }
  }
}

/** A set as it can be traded now, or why it cannot. */
function watch(set: OutcomeSet, catalogue: CatalogueView, cache: CacheView): WatchedSet | Pass {
  const group = groupOfSet(set, (id) => catalogue.market(set.venue, id))
  if (typeof group === 'string') return pass(group)

  const entries = group.members.flatMap(({ venue, id }) => cache.byMarket(venue, id) ?? [])
  if (entries.length < group.members.length) return bookMissing
  const screen = new SetScreen(entries.length)
  for (const [member, entry] of entries.entries()) price(screen, member, entry)
  return { group, entries, screen }
}

/** Undefined for a member that has lost already: the others stand without it. */
function placeOf(set: WatchedSet | Pass, entry: BookEntry): Place | undefined {
  if ('kind' in set) return { set, member: 0 }
  const member = set.entries.indexOf(entry)
  return member < 0 ? undefined : { set, member }
}

/** Tells the screen what one more share of a member costs now; no ask costs a dollar. */
function price(screen: SetScreen, member: number, { market, yes, no }: BookEntry): void {
  screen.set(member, shareCost(market.fee, yes.bestAsk), shareCost(market.fee, no.bestAsk))
}

function doubtOf(entry: BookEntry, context: EvalContext): BookDoubt | undefined {
  const doubt = doubtOfBook(entry.yes.book)
  if (doubt !== undefined) return doubt
  if (entry.yes.book.crossed) return 'CROSSED'
  return context.fresh(entry) ? undefined : 'STALE'
}

function phantom(doubt: BookDoubt, context: EvalContext): Pass {
  context.phantom(doubt)
  return doubtPass[doubt]
}
