/** More turns of its loops than this in one look, and a strategy will never come back. */
export const loopsMax = 50_000_000

const look = { loops: 0 }

/** A look of a strategy begins: its loops are counted from here. */
export function beginLook(): void {
  look.loops = 0
}

/**
 * A loop of a strategy goes round once more. Calls of this are put into its loops when its file is
 * loaded.
 *
 * It counts, and does not measure: the same loop ends at the same turn on every machine, and in
 * every replay.
 */
export function countLoop(): void {
  look.loops++
  if (look.loops > loopsMax) throw new LoopError()
}

export class LoopError extends Error {
  override readonly name = 'LoopError'

  constructor() {
    super(`its loops went round more than ${loopsMax} times in one look`)
  }
}
