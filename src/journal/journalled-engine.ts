import { assert } from '../core/assert.ts'
import type { VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import type { Effect, EngineEvent } from '../engine/event.ts'
import type { Journal } from '../ports/journal.ts'
import { instantOf, writeEffect, writeEvent } from './engine-text.ts'

/** What takes events: the engine itself, or the engine with a journal before it. */
export type EventIntake = {
  process(event: EngineEvent): void
  /** The way of a frame, without an object for it. */
  onFrame(venue: VenueId, connection: number, bytes: Uint8Array, at: Nanos): void
}

/**
 * Writes down what goes into an engine before it goes in.
 *
 * What comes out is written by {@link recordEffect}, which whoever obeys the engine calls first:
 * an order is in the journal before the venue can have it.
 */
export class JournalledEngine implements EventIntake {
  readonly #engine: EventIntake
  readonly #journal: Journal
  readonly #venues: readonly VenueId[]

  constructor(engine: EventIntake, journal: Journal, venues: readonly VenueId[]) {
    this.#engine = engine
    this.#journal = journal
    this.#venues = venues
  }

  process(event: EngineEvent): void {
    if (event.kind === 'frame') {
      this.onFrame(event.venue, event.connection, event.bytes, event.at)
      return
    }
    this.#journal.appendText('event', writeEvent(event), instantOf(event))
    this.#engine.process(event)
  }

  onFrame(venue: VenueId, connection: number, bytes: Uint8Array, at: Nanos): void {
    const venueIndex = this.#venues.indexOf(venue)
    assert(venueIndex >= 0, `a venue stands in the journal's header: ${venue}`)
    this.#journal.appendFrame(venueIndex, connection, bytes, at)
    this.#engine.onFrame(venue, connection, bytes, at)
  }
}

/** Writes an effect down. Orders are handed to the operating system before this returns. */
export function recordEffect(journal: Journal, effect: Effect): void {
  journal.appendText('effect', writeEffect(effect), 0 as Nanos)
  if (effect.kind === 'place-basket') journal.seal()
}
