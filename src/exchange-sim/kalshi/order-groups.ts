import { randomUUID } from 'node:crypto'
import type { EpochMs, MicroShares } from '../../core/units.ts'
import { add, zeroShares } from '../../core/units.ts'

/** Matches are counted over so long. docs/venues/kalshi.md, 4.3. */
const windowMs = 15_000

export type OrderGroup = {
  readonly id: string
  readonly keyId: string
  limit: MicroShares
  isTriggered: boolean
  matches: { readonly at: EpochMs; readonly size: MicroShares }[]
}

/** Groups of orders that are cancelled together once too much of them has matched. */
export class OrderGroups {
  readonly #groups = new Map<string, OrderGroup>()

  create(keyId: string, limit: MicroShares): OrderGroup {
    const group = { id: randomUUID(), keyId, limit, isTriggered: false, matches: [] }
    this.#groups.set(group.id, group)
    return group
  }

  of(keyId: string): readonly OrderGroup[] {
    return [...this.#groups.values()].filter((group) => group.keyId === keyId)
  }

  find(keyId: string, id: string): OrderGroup | undefined {
    const group = this.#groups.get(id)
    return group?.keyId === keyId ? group : undefined
  }

  remove(group: OrderGroup): void {
    this.#groups.delete(group.id)
  }

  reset(group: OrderGroup): void {
    group.isTriggered = false
    group.matches = []
  }

  /** Counts a match. Whether the group has now had too much. */
  note(group: OrderGroup, size: MicroShares, at: EpochMs): 'within' | 'exceeded' {
    group.matches = [...group.matches.filter((match) => match.at > at - windowMs), { at, size }]
    const total = group.matches.reduce((sum, match) => add(sum, match.size), zeroShares)
    if (total <= group.limit) return 'within'
    group.isTriggered = true
    return 'exceeded'
  }
}
