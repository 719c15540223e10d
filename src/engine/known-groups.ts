import type { Groups } from '../arbitrage/build-groups.ts'
import type { GroupRegistry } from '../arbitrage/group-registry.ts'
import type { Relation } from '../core/relation.ts'
import type { KnownCatalogue } from './catalogue.ts'

/**
 * The groups of the markets there are, asked for anew only when the catalogue has changed.
 *
 * A proof is checked between a signal and its orders: it must not cost a walk over all markets.
 */
export class KnownGroups {
  readonly #registry: GroupRegistry
  readonly #catalogue: KnownCatalogue
  #groups: Groups | undefined
  #version = -1

  constructor(registry: GroupRegistry, catalogue: KnownCatalogue) {
    this.#registry = registry
    this.#catalogue = catalogue
  }

  /** Of the group of that name, as we know it and not as a proof tells it. */
  relationsOf(group: string): readonly Relation[] {
    return this.#current().byId.get(group)?.facts.relations ?? []
  }

  #current(): Groups {
    const { version } = this.#catalogue
    if (this.#groups === undefined || version !== this.#version) {
      this.#groups = this.#registry.groupsOf(this.#catalogue.markets(), this.#catalogue.sets())
      this.#version = version
    }
    return this.#groups
  }
}
