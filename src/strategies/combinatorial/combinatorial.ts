import { BeliefProgramme } from '../../arbitrage/belief-programme.ts'
import { basketOf, tokensOf } from '../../arbitrage/detect-programme.ts'
import type { Group } from '../../arbitrage/group.ts'
import type { GroupRegistry } from '../../arbitrage/group-registry.ts'
import { LinearProgramme } from '../../arbitrage/linear-programme.ts'
import { hurdleOf, type DetectOptions, type Opportunity } from '../../arbitrage/opportunity.ts'
import type { Solver } from '../../arbitrage/solver.ts'
import { takeOpportunity } from '../../arbitrage/take-opportunity.ts'
import { shareCost } from '../../core/fee.ts'
import type { Market } from '../../core/market.ts'
import type { Decision } from '../../core/signal.ts'
import { pass } from '../../core/signal.ts'
import type { MicroShares, MicroUsd, Ppm } from '../../core/units.ts'
import type { BookEntry } from '../../ports/book-table.ts'
import type { CacheView, CatalogueView, EvalContext, Strategy } from '../../ports/strategy.ts'

export type CombinatorialConfig = {
  /** The least that a basket must earn by dollar of payout, fees in, in ppm. */
  readonly edgeMin: Ppm
  /** What locked money must earn by the year, in ppm. */
  readonly hurdlePerYear: Ppm
  readonly sizeMin: MicroShares
  /** The most that one basket may cost at a venue. */
  readonly spendMax: MicroUsd
  /** Groups of more states than this would hold up the turn: the sweep looks at them instead. */
  readonly statesMax: number
}

export const combinatorialDefaults: CombinatorialConfig = {
  edgeMin: 10_000 as Ppm,
  hurdlePerYear: 100_000 as Ppm,
  sizeMin: 5_000_000 as MicroShares,
  spendMax: 100_000_000 as MicroUsd,
  statesMax: 200,
}

/** A group with its two models at the solver: what may be believed, and what may be bought. */
type WatchedGroup = {
  readonly group: Group
  readonly entries: readonly BookEntry[]
  readonly beliefs: BeliefProgramme
  readonly programme: LinearProgramme
}

type Place = { readonly watched: WatchedGroup; readonly member: number }

const notLinked = pass('not-linked')
const noEdge = pass('no-edge')
const unsolved = pass('unsolved')

/**
 * Buys the basket of any shape that a group's relations make safe, found by linear programming.
 *
 * While chances exist at which no share is worth what it costs, nothing can earn, and a change of a
 * book is one comparison with them. When a price passes them, the solver, handed in, looks for new
 * ones; only when there are none does it look for the basket. docs/strategies/combinatorial.md.
 */
export class Combinatorial implements Strategy {
  readonly name = 'combinatorial'
  readonly #config: CombinatorialConfig
  readonly #registry: GroupRegistry
  readonly #solver: Solver
  readonly #watched: Map<string, WatchedGroup> = new Map()
  /** By the number of a market. */
  #places: (readonly Place[] | undefined)[] = []

  constructor(config: CombinatorialConfig, registry: GroupRegistry, solver: Solver) {
    this.#config = config
    this.#registry = registry
    this.#solver = solver
  }

  onCatalogue(catalogue: CatalogueView, cache: CacheView): void {
    const { byId } = this.#registry.groupsOf(catalogue.markets(), catalogue.sets())
    for (const [id, watched] of this.#watched) {
      if (byId.get(id) === watched.group) continue
      watched.beliefs.close()
      watched.programme.close()
      this.#watched.delete(id)
    }
    this.#places = []
    for (const group of byId.values()) {
      const watched = this.#watched.get(group.id) ?? this.#watch(group, cache)
      if (watched === undefined) continue
      this.#watched.set(group.id, watched)
      for (const [member, entry] of watched.entries.entries()) {
        this.#places[entry.index] = [...(this.#places[entry.index] ?? []), { watched, member }]
      }
    }
  }

  evaluate(context: EvalContext): Decision {
    const places = this.#places[context.entry.index]
    if (places === undefined) return notLinked

    let decision: Decision = noEdge
    for (const { watched, member } of places) {
      if (isFree(watched.beliefs, member, context.entry)) continue
      decision = this.#take(watched, context)
      if (decision.kind === 'signal') return decision
    }
    return decision
  }

  #watch(group: Group, cache: CacheView): WatchedGroup | undefined {
    const { shape } = group.facts
    const { states } = group
    if (shape !== 'linked' || states === undefined || states.length === 0) return undefined
    const entries = group.members.flatMap(({ venue, id }) => cache.byMarket(venue, id) ?? [])
    if (states.length > this.#config.statesMax || entries.length < group.members.length) {
      return undefined
    }
    const beliefs = new BeliefProgramme(entries.length, states, this.#solver)
    const programme = new LinearProgramme(entries.length, states, this.#solver)
    for (const [member, entry] of entries.entries()) isFree(beliefs, member, entry)
    return { group, entries, beliefs, programme }
  }

  #take({ group, entries, programme }: WatchedGroup, context: EvalContext): Decision {
    const entryOf = (ref: Pick<Market, 'venue' | 'id'>): BookEntry | undefined =>
      entries.find(({ market }) => market.id === ref.id && market.venue === ref.venue)
    const options: DetectOptions = {
      books: entryOf,
      nowMs: context.nowMs,
      cash: new Map(entries.map(({ market }) => [market.venue, this.#config.spendMax])),
      hurdle: this.#config.edgeMin,
      hurdlePerYear: this.#config.hurdlePerYear,
    }
    const found = this.#detect(group, programme, options)
    if (found === 'unsolved') return unsolved
    return takeOpportunity(
      this.name,
      found,
      ({ venue, market }) => entryOf({ venue, id: market }),
      { sight: context, worthwhile: this.#config },
    )
  }

  #detect(
    group: Group,
    programme: LinearProgramme,
    options: DetectOptions,
  ): Opportunity | 'unsolved' | undefined {
    const tokens = tokensOf(group, options)
    if (tokens === undefined) return undefined
    const hurdle = hurdleOf(group, 'settlement', options)
    tokens.forEach(({ curve }, index) => programme.place(index, curve, hurdle))
    const answer = programme.solve()
    if (answer === undefined) return 'unsolved'
    const solver = this.#solver
    return basketOf({ group, tokens, options, answer, solver, effort: 'quick' })
  }
}

/** Tells the beliefs what one more share of a member costs now. True while nothing can earn. */
function isFree(beliefs: BeliefProgramme, member: number, { market, yes, no }: BookEntry): boolean {
  return beliefs.set(member, shareCost(market.fee, yes.bestAsk), shareCost(market.fee, no.bestAsk))
}
