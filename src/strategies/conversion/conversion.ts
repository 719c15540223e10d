import { convertible } from '../../arbitrage/conversion.ts'
import { detectNoBasket } from '../../arbitrage/detect-set.ts'
import type { Group } from '../../arbitrage/group.ts'
import { groupOfSet } from '../../arbitrage/set-group.ts'
import { SetScreen } from '../../arbitrage/set-screen.ts'
import { takeOpportunity } from '../../arbitrage/take-opportunity.ts'
import { shareCost } from '../../core/fee.ts'
import type { Market } from '../../core/market.ts'
import type { OutcomeSet } from '../../core/outcome-set.ts'
import type { Decision, Pass } from '../../core/signal.ts'
import { pass } from '../../core/signal.ts'
import type { MicroShares, MicroUsd, Ppm } from '../../core/units.ts'
import type { BookEntry } from '../../ports/book-table.ts'
import type { CacheView, CatalogueView, EvalContext, Strategy } from '../../ports/strategy.ts'

export type ConversionConfig = {
  /** The least that a basket must earn by dollar of payout, fees in, in ppm. */
  readonly edgeMin: Ppm
  readonly sizeMin: MicroShares
  /** The most that one basket may cost. */
  readonly spendMax: MicroUsd
}

export const conversionDefaults: ConversionConfig = {
  edgeMin: 5_000 as Ppm,
  sizeMin: 5_000_000 as MicroShares,
  spendMax: 200_000_000 as MicroUsd,
}

/** A set whose NO shares are cash as good as bought, with what a share of each costs now. */
type WatchedSet = {
  readonly group: Group
  readonly entries: readonly BookEntry[]
  readonly screen: SetScreen
}

type Place = { readonly set: WatchedSet; readonly member: number }

const notConvertible = pass('not-convertible')
const noEdge = pass('no-edge')
const notOpen = pass('not-open')

/**
 * Buys NO of the outcomes of a neg-risk set for less than the cash that they convert to at once.
 *
 * At most one outcome wins, and the venue's contracts know it: k NO are k − 1 dollars and a YES of
 * every other outcome, today. So the money is not locked up, and the edge need not wait. Every leg
 * is a buy, sent together; the conversion comes after. docs/strategies/conversion.md.
 */
export class Conversion implements Strategy {
  readonly name = 'conversion'
  readonly #config: ConversionConfig
  /** By the number of a market. */
  #places: (Place | Pass | undefined)[] = []

  constructor(config: ConversionConfig) {
    this.#config = config
  }

  onCatalogue(catalogue: CatalogueView, cache: CacheView): void {
    this.#places = []
    for (const set of catalogue.sets()) {
      const watched = watch(set, catalogue, cache)
      if ('kind' in watched) continue
      for (const [member, entry] of watched.entries.entries()) {
        this.#places[entry.index] = { set: watched, member }
      }
    }
  }

  watches({ negRisk, set }: Market): boolean {
    return negRisk && set !== undefined
  }

  evaluate(context: EvalContext): Decision {
    const { entry } = context
    const place = this.#places[entry.index]
    if (place === undefined || 'kind' in place) return notConvertible

    const { set, member } = place
    price(set.screen, member, entry)
    return set.screen.noPasses ? this.#take(set, context) : noEdge
  }

  #take({ group, entries }: WatchedSet, context: EvalContext): Decision {
    // Until the catalogue is told anew, and the set without what has closed.
    if (entries.some(({ market }) => market.status !== 'open')) return notOpen
    const { spendMax, edgeMin } = this.#config
    const entryOf = (market: { readonly id: Market['id'] }): BookEntry | undefined =>
      entries.find((entry) => entry.market.id === market.id)
    const found = detectNoBasket(
      group,
      {
        books: entryOf,
        nowMs: context.nowMs,
        cash: new Map(entries.map(({ market }) => [market.venue, spendMax])),
        hurdle: edgeMin,
        hurdlePerYear: 0 as Ppm,
      },
      'conversion',
    )
    return takeOpportunity(this.name, found, (leg) => entryOf({ id: leg.market }), {
      sight: context,
      worthwhile: this.#config,
    })
  }
}

function watch(set: OutcomeSet, catalogue: CatalogueView, cache: CacheView): WatchedSet | Pass {
  const group = groupOfSet(set, (id) => catalogue.market(set.venue, id))
  if (typeof group === 'string') return pass(group)
  if (!convertible(group)) return notConvertible

  const entries = group.members.flatMap(({ venue, id }) => cache.byMarket(venue, id) ?? [])
  if (entries.length < group.members.length) return pass('book-missing')
  const screen = new SetScreen(entries.length)
  for (const [member, entry] of entries.entries()) price(screen, member, entry)
  return { group, entries, screen }
}

/** Tells the screen what one more share of a member costs now; no ask costs a dollar. */
function price(screen: SetScreen, member: number, { market, yes, no }: BookEntry): void {
  screen.set(member, shareCost(market.fee, yes.bestAsk), shareCost(market.fee, no.bestAsk))
}
