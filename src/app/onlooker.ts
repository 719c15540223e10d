import type { GroupRegistry } from '../arbitrage/group-registry.ts'
import type { Decision } from '../core/signal.ts'
import { pass } from '../core/signal.ts'
import type { EpochMs, Ppm } from '../core/units.ts'
import type { BookEntry } from '../ports/book-table.ts'
import type { CacheView, CatalogueView, Strategy } from '../ports/strategy.ts'
import type { SurveyJob } from './survey-job.ts'
import { takeBooks } from './survey-job.ts'

const looksOnly = pass('looks-only')

/**
 * Sees what strategies see, and trades nothing: the books of all groups as they stand when asked.
 *
 * Only believed books are taken. A group with a member that is not believed is left out for now.
 */
export class Onlooker implements Strategy {
  readonly name = 'scan'
  readonly #registry: GroupRegistry
  #seen: { readonly catalogue: CatalogueView; readonly cache: CacheView } | undefined

  constructor(registry: GroupRegistry) {
    this.#registry = registry
  }

  onCatalogue(catalogue: CatalogueView, cache: CacheView): void {
    this.#seen = { catalogue, cache }
  }

  watches(): boolean {
    return false
  }

  evaluate(): Decision {
    return looksOnly
  }

  /** Undefined before the first catalogue. */
  job(nowMs: EpochMs): SurveyJob | undefined {
    if (this.#seen === undefined) return undefined
    const { catalogue, cache } = this.#seen
    const { byId } = this.#registry.groupsOf(catalogue.markets(), catalogue.sets())

    const taken = new Map<BookEntry, ReturnType<typeof takeBooks>>()
    const groups = [...byId.values()].flatMap(({ facts }) => {
      const entries = facts.members.map(({ venue, id }) => cache.byMarket(venue, id))
      const believed = entries.filter((entry) => entry !== undefined && isBelieved(entry))
      if (believed.length < entries.length) return []
      for (const entry of believed) {
        if (entry !== undefined && !taken.has(entry)) taken.set(entry, takeBooks(entry))
      }
      return [facts]
    })
    return { groups, books: [...taken.values()], nowMs, hurdle: none, hurdlePerYear: none }
  }
}

const none = 0 as Ppm

function isBelieved({ yes, no }: BookEntry): boolean {
  return [yes.book, no.book].every((book) => book.state === 'proven' && !book.torn && !book.crossed)
}
