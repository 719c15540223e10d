import type { VenueId } from '../core/market.ts'
import type { TextEvent } from '../journal/engine-text.ts'

/** A time for which a recording does not have what a venue sent. */
export type RecordedGap = {
  /**
   * `connection`: a connection was lost. `stood-still`: the process did not run.
   * `not-recording`: between two parts.
   */
  readonly kind: 'connection' | 'stood-still' | 'not-recording'
  readonly fromMs: number
  /** Null when it lasted to the end of the part. */
  readonly untilMs: number | null
  /** Null when all venues are concerned. */
  readonly venue: VenueId | null
  /** Markets that the connection carried; null when all are concerned. */
  readonly markets: number | null
  readonly reason: string
}

/** The engine is told the time twenty times a second, so silence means that nobody listened. */
const stillMsMin = 5_000

/** Finds the gaps in a part, from its events in their order. */
export class GapFinder {
  readonly #gaps: RecordedGap[] = []
  readonly #lost: Map<string, RecordedGap> = new Map()
  #lastMs: number | undefined

  /** All gaps, in the order of their beginning. */
  get gaps(): readonly RecordedGap[] {
    return [...this.#gaps, ...this.#lost.values()].toSorted((a, b) => a.fromMs - b.fromMs)
  }

  /** Something was recorded. */
  hear(atMs: number): void {
    const fromMs = this.#lastMs
    this.#lastMs = Math.max(atMs, fromMs ?? atMs)
    if (fromMs === undefined || atMs - fromMs < stillMsMin) return
    const nobody = { venue: null, markets: null }
    this.#gaps.push({ kind: 'stood-still', fromMs, untilMs: atMs, ...nobody, reason: 'no-timer' })
  }

  onEvent(event: TextEvent): void {
    if (event.kind !== 'connection') return
    const { venue, change } = event
    const key = `${venue} ${change.connection}`
    const lost = this.#lost.get(key)
    if (change.kind === 'open') {
      if (lost !== undefined) this.#gaps.push({ ...lost, untilMs: change.atMs })
      this.#lost.delete(key)
      return
    }
    // Lost again before it stood: the gap goes on.
    if (lost !== undefined) return
    this.#lost.set(key, {
      kind: 'connection',
      fromMs: change.atMs,
      untilMs: null,
      venue,
      markets: change.markets.length,
      reason: change.reason,
    })
  }
}
