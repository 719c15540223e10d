import type { InstrumentId } from '../core/market.ts'
import type { OperationId } from '../ports/settlement.ts'

/** An operation, and how it changes what we hold if it is done. */
export type OpenOperation = {
  readonly operation: OperationId
  readonly moves: readonly { readonly token: InstrumentId; readonly by: number }[]
}

/** Beyond so many on the same tokens nothing is decided: each may be done or not. */
const togetherMax = 12

/**
 * Which of some operations are done and which are not, by how much more or less of a token the
 * venue says we hold than our books do.
 *
 * Operations on the same tokens are looked at together, since what is seen of them is their sum.
 * Of those that would explain it equally, the earlier are done. What explains nothing is left out.
 */
export function operationsDone(
  operations: readonly OpenOperation[],
  surplus: (token: InstrumentId) => number,
): ReadonlyMap<OperationId, boolean> {
  const decided = new Map<OperationId, boolean>()
  for (const group of groupsOf(operations)) {
    const done = explains(group, surplus)
    if (done === undefined) continue
    for (const { operation } of group) decided.set(operation, done.has(operation))
  }
  return decided
}

/** Operations that have a token in common, directly or through others. */
function groupsOf(operations: readonly OpenOperation[]): readonly (readonly OpenOperation[])[] {
  let groups: readonly { tokens: ReadonlySet<InstrumentId>; members: readonly OpenOperation[] }[] =
    []
  for (const operation of operations) {
    const tokens = operation.moves.map(({ token }) => token)
    const touching = groups.filter((group) => tokens.some((token) => group.tokens.has(token)))
    const joined = {
      tokens: new Set([...touching.flatMap((group) => [...group.tokens]), ...tokens]),
      members: [...touching.flatMap(({ members }) => members), operation],
    }
    groups = [...groups.filter((group) => !touching.includes(group)), joined]
  }
  return groups.map(({ members }) => members)
}

function explains(
  group: readonly OpenOperation[],
  surplus: (token: InstrumentId) => number,
): ReadonlySet<OperationId> | undefined {
  if (group.length > togetherMax) return undefined
  const tokens = new Set(group.flatMap(({ moves }) => moves.map(({ token }) => token)))
  // The lowest bits are the earliest operations, and all of them are tried first.
  for (let choice = 0; choice < 2 ** group.length; choice++) {
    const done = group.filter((_, index) => ((choice >> index) & 1) === 1)
    const change = changesOf(done)
    if ([...tokens].every((token) => (change.get(token) ?? 0) === surplus(token))) {
      return new Set(done.map(({ operation }) => operation))
    }
  }
  return undefined
}

function changesOf(operations: readonly OpenOperation[]): ReadonlyMap<InstrumentId, number> {
  const change = new Map<InstrumentId, number>()
  for (const { moves } of operations) {
    for (const { by, token } of moves) change.set(token, (change.get(token) ?? 0) + by)
  }
  return change
}
