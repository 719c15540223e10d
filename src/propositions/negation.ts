import { stemsOf } from './normalise.ts'

/** Words that deny, by their stems. */
export const negations: ReadonlySet<string> = new Set(
  stemsOf('no not never none neither nor nobody without avoid avoids fail fails failed'),
)

/** The words of a claim that deny, with how often each stands there. */
export function negationsIn(claims: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>()
  // What the two outcomes are called denies nothing.
  for (const word of stemsOf(claims.join('\n').replaceAll(/"(?:yes|no)"/g, ' '))) {
    if (negations.has(word)) found.set(word, (found.get(word) ?? 0) + 1)
  }
  return found
}

const denied =
  /\b(?:is|are|does|do|will|did|has|have) not (?!count|need|change)|\bavoids?\b|\bfails? to\b/g

/** Whether a claim as a whole asks that something does not happen. */
export function isNegated(claims: readonly string[]): boolean {
  return [...claims.join('\n').matchAll(denied)].length === 1
}
