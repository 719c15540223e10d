import { detectImplication } from '../../arbitrage/detect-linked.ts'
import type { Group } from '../../arbitrage/group.ts'
import type { GroupRegistry } from '../../arbitrage/group-registry.ts'
import { implicationsOf } from '../../arbitrage/implications.ts'
import type { DetectOptions } from '../../arbitrage/opportunity.ts'
import { OrderScreen } from '../../arbitrage/order-screen.ts'
import { takeOpportunity } from '../../arbitrage/take-opportunity.ts'
import { shareCost } from '../../core/fee.ts'
import type { Market } from '../../core/market.ts'
import type { Decision } from '../../core/signal.ts'
import { pass } from '../../core/signal.ts'
import type { MicroShares, MicroUsd, Ppm } from '../../core/units.ts'
import type { BookEntry } from '../../ports/book-table.ts'
import type { CacheView, CatalogueView, EvalContext, Strategy } from '../../ports/strategy.ts'

export type LadderConfig = {
  /** The least that a basket must earn by dollar of payout, fees in, in ppm. */
  readonly edgeMin: Ppm
  /** What locked money must earn by the year, in ppm. */
  readonly hurdlePerYear: Ppm
  readonly sizeMin: MicroShares
  /** The most that one basket may cost. */
  readonly spendMax: MicroUsd
}

export const ladderDefaults: LadderConfig = {
  edgeMin: 10_000 as Ppm,
  hurdlePerYear: 100_000 as Ppm,
  sizeMin: 5_000_000 as MicroShares,
  spendMax: 100_000_000 as MicroUsd,
}

/** Markets in order: each implies those above it. */
type WatchedLadder = {
  readonly group: Group
  readonly entries: readonly BookEntry[]
  readonly screen: OrderScreen
}

type Place = { readonly ladder: WatchedLadder; readonly member: number }

const notOnLadder = pass('not-on-a-ladder')
const noEdge = pass('no-edge')

/** Pairs priced at one change: of one rung's pairs the worst mispriced are the best to take. */
const pairsMax = 3

/**
 * Buys YES of what is implied and NO of what implies it for less than the dollar one of them pays.
 *
 * A price above 110 is above 100; what happens by March has happened by June. Every ordered pair of
 * a ladder counts, not neighbours only: fees can make a far pair the only one that pays.
 * docs/strategies/ladder.md.
 */
export class Ladder implements Strategy {
  readonly name = 'ladder'
  readonly #config: LadderConfig
  readonly #registry: GroupRegistry
  /** By the number of a market: it may stand on several ladders. */
  #places: (readonly Place[] | undefined)[] = []

  constructor(config: LadderConfig, registry: GroupRegistry) {
    this.#config = config
    this.#registry = registry
  }

  onCatalogue(catalogue: CatalogueView, cache: CacheView): void {
    const { byId } = this.#registry.groupsOf(catalogue.markets(), catalogue.sets())
    this.#places = []
    for (const group of byId.values()) {
      const ladder = isLadder(group) ? watch(group, cache) : undefined
      if (ladder === undefined) continue
      for (const [member, entry] of ladder.entries.entries()) {
        this.#places[entry.index] = [...(this.#places[entry.index] ?? []), { ladder, member }]
      }
    }
  }

  evaluate(context: EvalContext): Decision {
    const places = this.#places[context.entry.index]
    if (places === undefined) return notOnLadder

    let decision: Decision = noEdge
    for (const { ladder, member } of places) {
      if (isFree(ladder.screen, member, context.entry)) continue
      decision = this.#take(ladder, member, context)
      if (decision.kind === 'signal') return decision
    }
    return decision
  }

  #take({ group, entries, screen }: WatchedLadder, member: number, context: EvalContext): Decision {
    const entryOf = (ref: Pick<Market, 'venue' | 'id'>): BookEntry | undefined =>
      entries.find(({ market }) => market.id === ref.id && market.venue === ref.venue)
    const options: DetectOptions = {
      books: entryOf,
      nowMs: context.nowMs,
      cash: new Map(entries.map(({ market }) => [market.venue, this.#config.spendMax])),
      hurdle: this.#config.edgeMin,
      hurdlePerYear: this.#config.hurdlePerYear,
    }
    const found = screen
      .mispriced(member)
      .slice(0, pairsMax)
      .flatMap((pair) => detectImplication(group, pair, options) ?? [])
      .toSorted((a, b) => b.edge - a.edge)
    return takeOpportunity(
      this.name,
      found[0],
      ({ venue, market }) => entryOf({ venue, id: market }),
      { sight: context, worthwhile: this.#config },
    )
  }
}

/** Ladders and pairs of one venue. What two venues say of one thing is another strategy's. */
function isLadder({ facts: { shape, members } }: Group): boolean {
  return (
    (shape === 'ladder' || shape === 'pair') &&
    members.every(({ venue }) => venue === members[0]?.venue)
  )
}

function watch(group: Group, cache: CacheView): WatchedLadder | undefined {
  const implications = implicationsOf(group)
  const entries = group.members.flatMap(({ venue, id }) => cache.byMarket(venue, id) ?? [])
  if (implications.length === 0 || entries.length < group.members.length) return undefined

  const screen = new OrderScreen(entries.length, implications)
  for (const [member, entry] of entries.entries()) isFree(screen, member, entry)
  return { group, entries, screen }
}

/** Tells the screen what one more share of a member costs now. True while nothing is mispriced. */
function isFree(screen: OrderScreen, member: number, { market, yes, no }: BookEntry): boolean {
  return screen.set(member, shareCost(market.fee, yes.bestAsk), shareCost(market.fee, no.bestAsk))
}
