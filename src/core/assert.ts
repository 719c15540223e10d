/**
 * Stops us when an invariant is broken. The message is the rule in words, then the value that broke
 * it.
 */
export function assert(condition: boolean, rule: string): asserts condition {
  if (!condition) throw new InvariantError(rule)
}

/** A bug: something that must be true was not. Nobody catches it but the supervisor. */
export class InvariantError extends Error {
  override readonly name = 'InvariantError'
}
