import type { EntryWatch } from '../arbitrage/group-registry.ts'
import type { MarketName, RelationEntry } from '../arbitrage/relation-entry.ts'
import type { Proposition, PropositionId } from '../core/proposition.ts'
import type { MarketRef } from '../core/relation.ts'
import type { PropositionWatch } from '../ports/proposition-watch.ts'

/** Confirmed propositions as the groups of markets know them, and who takes them back. */
export type PropositionEntries = {
  readonly entries: readonly RelationEntry[]
  readonly watch: EntryWatch
}

/** A proposition is one relation between its two markets, with the person's word as the reason. */
export function propositionEntries(
  propositions: readonly Proposition[],
  watch: PropositionWatch,
): PropositionEntries {
  const idOf = new Map<RelationEntry, PropositionId>()
  for (const proposition of propositions) idOf.set(entryOf(proposition), proposition.id)
  return {
    entries: [...idOf.keys()],
    watch: {
      get version() {
        return watch.version
      },
      onMarkets: (markets) => watch.onMarkets(markets),
      isWithdrawn: (entry) => {
        const id = idOf.get(entry)
        return id !== undefined && watch.withdrawn(id) !== undefined
      },
    },
  }
}

/**
 * YES of the first goes with YES or NO of the second. Alike and the same: one relation. Alike and
 * each other's complement: one of them. Never more: an implication, or at most or at least one.
 */
function entryOf({ first, second, orientation, holds, because }: Proposition): RelationEntry {
  const members = [nameOf(first), nameOf(second)] as const
  const said = { because, line: 0 }
  if (orientation === 'complement') {
    const kind =
      holds === 'alike' ? 'one-of' : holds === 'first-never-more' ? 'at-most-one' : 'at-least-one'
    return { kind, members, ...said }
  }
  if (holds === 'alike') return { kind: 'same', members, ...said }
  const [premise, conclusion] = holds === 'first-never-more' ? members : [members[1], members[0]]
  return { kind: 'implies', premise, conclusion, ...said }
}

function nameOf({ venue, market }: MarketRef): MarketName {
  return { venue, name: market }
}
