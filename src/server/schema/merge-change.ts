import type { RunChange, RunState } from './stream.ts'

type Named = { readonly id: string }

/**
 * The state after a change. Whoever watches the stream holds the same state as the server, because
 * both ends of it go by this one function.
 */
export function mergeChange(state: RunState, change: RunChange): RunState {
  const { status, opportunities, baskets, fills, operations, positions, gone = [] } = change
  const dropped = new Set(gone)
  return {
    status: status === undefined ? state.status : { ...state.status, ...defined(status) },
    opportunities: mergeRows(state.opportunities, opportunities, dropped),
    baskets: mergeRows(state.baskets, baskets, dropped),
    fills: mergeRows(state.fills, fills, dropped),
    operations: mergeRows(state.operations, operations, dropped),
    positions: positions ?? state.positions,
  }
}

/**
 * Rows that are known are replaced where they stand; new ones go to the front. One that was dropped
 * and has come back in between is new.
 */
function mergeRows<Row extends Named>(
  rows: readonly Row[],
  changed: readonly Row[] | undefined,
  dropped: ReadonlySet<string>,
): readonly Row[] {
  if (changed === undefined && dropped.size === 0) return rows
  const fresh = new Map((changed ?? []).map((row) => [row.id, row]))
  const kept = rows.flatMap((row) => {
    if (dropped.has(row.id)) return []
    const replaced = fresh.get(row.id)
    fresh.delete(row.id)
    return [replaced ?? row]
  })
  if (fresh.size === 0 && kept.length === rows.length && changed === undefined) return rows
  return [...[...fresh.values()].reverse(), ...kept]
}

function defined<T extends object>(partial: T): { [Key in keyof T]: Exclude<T[Key], undefined> } {
  const entries = Object.entries(partial).filter(([, value]) => value !== undefined)
  return Object.fromEntries(entries) as { [Key in keyof T]: Exclude<T[Key], undefined> }
}
