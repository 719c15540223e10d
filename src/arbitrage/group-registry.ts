import type { Market } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import { buildGroups, type Groups } from './build-groups.ts'
import type { Group } from './group.ts'
import type { RelationEntry } from './relation-entry.ts'

/** Takes back what people have said when it no longer holds. A greater version says that it has. */
export type EntryWatch = {
  readonly version: number
  onMarkets(markets: readonly Market[]): void
  isWithdrawn(entry: RelationEntry): boolean
}

/**
 * The groups of the markets there are, for whoever asks: strategies and the check of certificates
 * must mean the same. Asked again about the same markets, it answers without work.
 */
export class GroupRegistry {
  readonly #entries: readonly RelationEntry[]
  readonly #watch: EntryWatch | undefined
  #version = 0
  #markets: readonly Market[] = []
  #sets: readonly OutcomeSet[] = []
  #groups: Groups | undefined

  constructor(entries: readonly RelationEntry[], watch?: EntryWatch) {
    this.#entries = entries
    this.#watch = watch
  }

  groupsOf(markets: Iterable<Market>, sets: Iterable<OutcomeSet>): Groups {
    const marketsNow = [...markets]
    const setsNow = [...sets]
    const known = this.#groups
    const areSame = same(marketsNow, this.#markets) && same(setsNow, this.#sets)
    if (!areSame) this.#watch?.onMarkets(marketsNow)
    const version = this.#watch?.version ?? 0
    if (known !== undefined && areSame && version === this.#version) return known

    this.#version = version
    this.#markets = marketsNow
    this.#sets = setsNow
    const made = buildGroups({ markets: marketsNow, sets: setsNow, entries: this.#believed() })
    this.#groups = { ...made, byId: keepUnchanged(made.byId, known?.byId) }
    return this.#groups
  }

  #believed(): readonly RelationEntry[] {
    const watch = this.#watch
    return watch === undefined
      ? this.#entries
      : this.#entries.filter((entry) => !watch.isWithdrawn(entry))
  }
}

/**
 * A group of the same markets and relations stays the object it was, with what it has worked out.
 */
function keepUnchanged(
  made: ReadonlyMap<string, Group>,
  known: ReadonlyMap<string, Group> | undefined,
): ReadonlyMap<string, Group> {
  if (known === undefined) return made
  return new Map(
    [...made].map(([id, group]) => {
      const before = known.get(id)
      const isSame =
        before !== undefined &&
        same(group.members, before.members) &&
        JSON.stringify(group.facts.relations) === JSON.stringify(before.facts.relations)
      return [id, isSame ? before : group]
    }),
  )
}

/** A market that has changed is another object: facts are replaced, never written over. */
function same<T>(a: readonly T[], b: readonly T[]): boolean {
  return a.length === b.length && a.every((one, index) => one === b[index])
}
