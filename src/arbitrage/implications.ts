import type { Group } from './group.ts'

/** Two members by their places: the first cannot win without the second. */
export type Implication = { readonly premise: number; readonly conclusion: number }

/** A member that wins exactly when `low` wins and `high` does not; `high` implies `low`. */
export type Range = { readonly range: number; readonly low: number; readonly high: number }

/** Every ordered pair of which the states say that one implies the other. Both ways when alike. */
export function implicationsOf(group: Group): readonly Implication[] {
  const { states } = group
  if (states === undefined) return []
  const found: Implication[] = []
  for (let premise = 0; premise < group.members.length; premise++) {
    for (let conclusion = 0; conclusion < group.members.length; conclusion++) {
      if (premise === conclusion) continue
      const holds = states.every(({ yes }) => (yes[premise] ?? 0) <= (yes[conclusion] ?? 0))
      if (holds) found.push({ premise, conclusion })
    }
  }
  return found
}

/** Every range that two thresholds cut out of the line: worth the one minus the other, always. */
export function rangesOf(group: Group): readonly Range[] {
  const { states } = group
  if (states === undefined) return []
  const found: Range[] = []
  for (const { premise: high, conclusion: low } of implicationsOf(group)) {
    for (let range = 0; range < group.members.length; range++) {
      if (range === high || range === low) continue
      const holds = states.every(
        ({ yes }) => (yes[range] ?? 0) === (yes[low] ?? 0) - (yes[high] ?? 0),
      )
      if (holds) found.push({ range, low, high })
    }
  }
  return found
}
