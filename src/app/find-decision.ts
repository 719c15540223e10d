import { z } from 'zod'

import { readJournal } from '../journal/journal-reader.ts'
import type { JournalRecord } from '../journal/record.ts'
import type { Effect } from '../engine/event.ts'

/** An effect as it stands in a journal. */
export type RecordedEffect = { readonly record: number; readonly effect: Effect }

/** What was asked about, and where in the journal it came about. */
export type Decision = {
  /** The record of the event that led to it. */
  readonly cause: number
  /** When that event was, by the clock of the run. */
  readonly at: number
  readonly causeText: string
  /** What it led to at once: all effects of that event. */
  readonly effects: readonly RecordedEffect[]
  /** What came of it later: reports and entries of the same basket. */
  readonly later: readonly RecordedEffect[]
}

/** This program wrote it, and the checksum of its block vouches for it. */
const effectShape = z.custom<Effect>(
  (value) => typeof value === 'object' && value !== null && 'kind' in value,
)
const causeTextMax = 300

/**
 * Finds a decision by the id of a basket or an order, or by `#` and the number of a record.
 *
 * Undefined when nothing in the journal has that name.
 */
export async function findDecision(directory: string, id: string): Promise<Decision | undefined> {
  const number = /^#?(\d+)$/.exec(id)?.[1]
  let cause: JournalRecord | undefined
  let effects: RecordedEffect[] = []
  let found: Decision | undefined
  const later: RecordedEffect[] = []
  const isAsked = (record: number, effect: Effect | undefined): boolean =>
    number === undefined ? effect !== undefined && names(effect, id) : record === Number(number)

  for await (const item of readJournal(directory)) {
    if (item.kind === 'fault') continue
    const { record } = item
    if (record.type === 'effect') {
      const effect = readEffect(record)
      if (effect === undefined) continue
      const recorded = { record: record.number, effect }
      effects.push(recorded)
      if (found !== undefined && found.effects !== effects && belongs(effect, found)) {
        later.push(recorded)
      }
      if (found === undefined && isAsked(record.number, effect)) {
        found = decision(cause, effects, later)
      }
      continue
    }
    if (record.type !== 'frame' && record.type !== 'event') continue
    cause = record
    effects = []
    if (number !== undefined && isAsked(record.number, undefined)) {
      found ??= decision(cause, effects, later)
    }
  }
  return found
}

function decision(
  cause: JournalRecord | undefined,
  effects: readonly RecordedEffect[],
  later: readonly RecordedEffect[],
): Decision {
  const text = cause === undefined ? '' : Buffer.from(cause.payload).toString('utf8').trimEnd()
  const shown = text.length > causeTextMax ? `${text.slice(0, causeTextMax)} …` : text
  return { cause: cause?.number ?? 0, at: cause?.at ?? 0, causeText: shown, effects, later }
}

/** Baskets that were placed in the found decision are followed to their end. */
function belongs(effect: Effect, { effects }: Decision): boolean {
  return effects.some(
    ({ effect: one }) => one.kind === 'place-basket' && names(effect, one.intent.basket),
  )
}

function names(effect: Effect, id: string): boolean {
  switch (effect.kind) {
    case 'place-basket':
      return effect.intent.basket === id || effect.intent.orders.some((order) => order.id === id)
    case 'note-report':
      return effect.report.basket === id || effect.report.legs.some((leg) => leg.order === id)
    case 'note-entry':
      return effect.entry.memo.split(/[ ,]/).some((word) => word === id || within(word, id))
    case 'cancel-order':
      return effect.order === id || within(effect.order, id)
    default:
      return false
  }
}

/** `B000001-2` is an order of the basket `B000001`. */
function within(word: string, basket: string): boolean {
  return word.startsWith(`${basket}-`)
}

function readEffect(record: JournalRecord): Effect | undefined {
  try {
    return effectShape.safeParse(JSON.parse(Buffer.from(record.payload).toString('utf8'))).data
  } catch {
    // Its block has changed since it was written; replay tells of that.
    return undefined
  }
}
