import type { VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import { readEvent, writeEffect } from './engine-text.ts'
import type { JournalFault, JournalItem } from './journal-reader.ts'
import type { EventIntake } from './journalled-engine.ts'
import type { JournalRecord } from './record.ts'

/**
 * Where a replay went another way than the recording, or the recording is not as it was written.
 */
export type Divergence = {
  readonly kind: 'effect' | 'missing-effect' | 'extra-effect' | 'fault' | 'unreadable-event'
  /** The number of the record at which it shows. */
  readonly record: number
  readonly recorded: string
  readonly replayed: string
}

export type ReplayResult = {
  readonly events: number
  readonly effects: number
  /** The first, in the order of the journal. */
  readonly divergence: Divergence | null
  /** The first effect that differs, also where a fault came before it. */
  readonly effectDivergence: Divergence | null
  readonly faults: readonly JournalFault[]
}

/** An engine to replay into. It is told to obey `onEffect` when it is made. */
export type ReplayEngine = {
  readonly intake: EventIntake
  readonly venues: readonly VenueId[]
}

/**
 * Runs a journal through an engine and compares every effect with the recorded one.
 *
 * An event's effects follow it in the journal, so they are compared as they come. Replaying goes
 * on past a difference: the whole of the faults is worth knowing, the first difference leads.
 */
export class JournalReplay {
  readonly #expected: { text: string; record: number }[] = []
  #events = 0
  #effects = 0
  /** The record whose effects are awaited. */
  #record = 0
  #lastRecord = 0
  #divergence: Divergence | null = null
  #effectDivergence: Divergence | null = null
  readonly #faults: JournalFault[] = []
  readonly #produced: string[] = []

  /** What the engine under replay must be given to obey. */
  onEffect(effect: Effect): void {
    this.#produced.push(writeEffect(effect))
  }

  async run(items: AsyncIterable<JournalItem>, engine: ReplayEngine): Promise<ReplayResult> {
    for await (const item of items) this.take(item, engine)
    return this.end()
  }

  /** The next item of the journal. */
  take(item: JournalItem, engine: ReplayEngine): void {
    if (item.kind === 'fault') {
      this.#onFault(item.fault)
      return
    }
    const { record } = item
    this.#lastRecord = record.number
    if (record.type === 'effect') {
      this.#expected.push({ text: textOf(record), record: record.number })
      return
    }
    if (this.#expected.length > 0 || this.#produced.length > 0) this.#compare()
    this.#record = record.number
    this.#feed(record, engine)
  }

  /** There is nothing more in the journal. */
  end(): ReplayResult {
    this.#compare()
    return {
      events: this.#events,
      effects: this.#effects,
      divergence: this.#divergence,
      effectDivergence: this.#effectDivergence,
      faults: this.#faults,
    }
  }

  #feed(record: JournalRecord, { intake, venues }: ReplayEngine): void {
    if (record.type === 'frame') {
      const venue = venues[record.venueIndex]
      if (venue === undefined) {
        this.#differ('unreadable-event', `a frame of venue ${record.venueIndex}`, 'no such venue')
        return
      }
      this.#events++
      intake.onFrame(venue, record.connection, record.payload, record.at as Nanos)
      return
    }
    if (record.type !== 'event') return

    const event = readEvent(textOf(record))
    if (event === undefined) {
      this.#differ('unreadable-event', textOf(record), 'no event of this program')
      return
    }
    this.#events++
    intake.process(event)
  }

  /** Compares the effects of the last event, and forgets both. */
  #compare(): void {
    const count = Math.max(this.#expected.length, this.#produced.length)
    for (let index = 0; index < count; index++) {
      const recorded = this.#expected[index]
      const replayed = this.#produced[index]
      this.#effects++
      if (recorded === undefined) this.#differ('extra-effect', '', replayed ?? '')
      else if (replayed === undefined) {
        this.#differ('missing-effect', recorded.text, '', recorded.record)
      } else if (recorded.text !== replayed) {
        this.#differ('effect', recorded.text, replayed, recorded.record)
      }
    }
    this.#expected.length = 0
    this.#produced.length = 0
  }

  #differ(
    kind: Divergence['kind'],
    recorded: string,
    replayed: string,
    record: number = this.#record,
  ): void {
    const divergence = { kind, record, recorded, replayed }
    this.#divergence ??= divergence
    if (kind !== 'unreadable-event') this.#effectDivergence ??= divergence
  }

  #onFault(fault: JournalFault): void {
    this.#faults.push(fault)
    // A crash leaves a torn tail: nothing after it was promised.
    if (fault.kind === 'torn-tail') return
    this.#divergence ??= {
      kind: 'fault',
      record: this.#lastRecord + 1,
      recorded: `${fault.kind}: ${fault.detail}`,
      replayed: `${fault.path}, byte ${fault.offset}`,
    }
  }
}

function textOf({ payload }: JournalRecord): string {
  return Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength).toString('utf8')
}
