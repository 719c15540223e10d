import type { Market, OutcomeSetId } from '../core/market.ts'
import type { Relation } from '../core/relation.ts'
import { describeRelation } from '../core/relation.ts'
import type { EpochMs } from '../core/units.ts'
import { enumerateStates, type GroupState } from './states.ts'

/**
 * - `set`: outcomes of which at most one wins. - `ladder`: one number against many strikes.
 * - `pair`: one implies the other, or both are the same. - `single`: one market whose outcomes have
 * books of their own. - `linked`: anything else.
 */
export type GroupShape = 'set' | 'ladder' | 'pair' | 'single' | 'linked'

export type GroupFacts = {
  /** Stable while its members stay: what episodes and certificates are named after. */
  readonly id: string
  readonly title: string
  readonly shape: GroupShape
  readonly members: readonly Market[]
  readonly relations: readonly Relation[]
  readonly sets: readonly OutcomeSetId[]
  /** In a set: at least one member wins, so a YES of each pays a dollar. */
  readonly exhaustive: boolean
  /** NO shares of the members convert to cash and YES of the others, for this fee. */
  readonly conversion: { readonly feeBips: number } | undefined
}

/** Markets that are priced together because something holds between them. */
export class Group {
  readonly facts: GroupFacts
  #states: readonly GroupState[] | undefined
  #listed = false

  constructor(facts: GroupFacts) {
    this.facts = facts
  }

  get id(): string {
    return this.facts.id
  }

  get members(): readonly Market[] {
    return this.facts.members
  }

  /** Every way the members can turn out, listed when first asked for. Undefined when too many. */
  get states(): readonly GroupState[] | undefined {
    if (!this.#listed) {
      this.#states = enumerateStates(this.facts.members, this.facts.relations)
      this.#listed = true
    }
    return this.#states
  }

  /** What must be true for the states to be all there are, each with who says so. */
  get assumptions(): readonly string[] {
    return [...new Set(this.facts.relations.map(describeRelation))]
  }

  /** When the last member closes: until then what is bought may stay locked up. */
  get closesAt(): EpochMs | undefined {
    let last: EpochMs | undefined
    for (const { closesAt } of this.facts.members) {
      if (closesAt === undefined) return undefined
      if (last === undefined || closesAt > last) last = closesAt
    }
    return last
  }
}
