import type { VenueId } from '../core/market.ts'
import { Random } from '../core/random.ts'
import type { Nanos } from '../core/units.ts'
import type { EngineEvent } from '../engine/event.ts'
import type { EventIntake } from '../journal/journalled-engine.ts'

type Held = {
  readonly venue: VenueId
  readonly connection: number
  readonly bytes: Uint8Array
  readonly at: Nanos
}

/** So many frames are drawn from at a time: enough to tear every cause from its effect. */
const blockFrames = 500

/**
 * A market in which nothing follows from anything: the frames of a recording in an order drawn from
 * a seed, at the instants of the others.
 *
 * A negative control. What is earned here is earned from a mistake: of the engine, which would have
 * believed books that cannot be proven, or of a strategy that reads patterns into noise. Trading
 * begins after the first block: in it the venues send whole books, and those are true whatever
 * their order.
 */
export class ShuffledIntake implements EventIntake {
  readonly #intake: EventIntake
  readonly #random: Random
  #held: Held[] = []
  #blocks = 0

  constructor(intake: EventIntake, seed: number) {
    this.#intake = intake
    this.#random = new Random(seed)
  }

  process(event: EngineEvent): void {
    if (event.kind === 'frame') this.onFrame(event.venue, event.connection, event.bytes, event.at)
    else this.#intake.process(event)
  }

  onFrame(venue: VenueId, connection: number, bytes: Uint8Array, at: Nanos): void {
    // Copied: the recording's memory is used again for the next frame.
    this.#held.push({ venue, connection, bytes: new Uint8Array(bytes), at })
    if (this.#held.length >= blockFrames) this.flush()
  }

  /** Lets in what is held; to be called at the end. */
  flush(): void {
    const held = this.#held
    this.#held = []
    const [first] = held
    if (first === undefined) return
    if (this.#blocks === 0) this.#command('pause', first.at)
    if (this.#blocks === 1) this.#command('resume', first.at)
    this.#blocks++
    const instants = held.map(({ at }) => at)
    const left = held.map((_, index) => index)
    for (const at of instants) {
      const place = this.#random.integer(0, left.length - 1)
      const index = left[place] ?? 0
      const last = left.pop() ?? 0
      if (place < left.length) left[place] = last
      const frame = held[index]
      if (frame !== undefined) {
        this.#intake.onFrame(frame.venue, frame.connection, frame.bytes, at)
      }
    }
  }

  #command(kind: 'pause' | 'resume', at: Nanos): void {
    this.#intake.process({ kind: 'command', command: { kind }, at })
  }
}
