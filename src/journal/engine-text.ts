import { z } from 'zod'

import type { MarketId, VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import type { Effect, EngineEvent } from '../engine/event.ts'

/** An event that stands in a journal as text: all but frames, which stand as they came. */
export type TextEvent = Exclude<EngineEvent, { kind: 'frame' }>

/**
 * How events and effects read in a journal.
 *
 * The bytes of a snapshot are kept as they came, in base64. An absent value is left out.
 */
export function writeEvent(event: TextEvent): string {
  if (event.kind !== 'snapshot') return JSON.stringify(event)
  const { bytes, ...rest } = event
  return JSON.stringify({ ...rest, base64: Buffer.from(bytes).toString('base64') })
}

/**
 * An effect as text. Two effects are the same when their texts are.
 */
export function writeEffect(effect: Effect): string {
  return JSON.stringify(effect)
}

/** When an event happened, by the clock of the run. */
export function instantOf(event: TextEvent): Nanos {
  return event.kind === 'connection' ? event.change.at : event.at
}

const snapshotShape = z.object({
  kind: z.literal('snapshot'),
  venue: z.custom<VenueId>((value) => typeof value === 'string'),
  market: z.custom<MarketId>((value) => typeof value === 'string'),
  base64: z.string(),
  at: z.custom<Nanos>(Number.isSafeInteger),
})

/** The event that a record holds. Undefined when the text is no event of ours. */
export function readEvent(text: string): TextEvent | undefined {
  const value = parseJson(text)
  if (isWrittenEvent(value)) return value

  const snapshot = snapshotShape.safeParse(value)
  if (!snapshot.success) return undefined
  const { base64, ...rest } = snapshot.data
  return { ...rest, bytes: Buffer.from(base64, 'base64') }
}

const partsOf: Readonly<Record<string, readonly string[]>> = {
  start: ['at', 'atMs'],
  connection: ['venue', 'change'],
  catalogue: ['change', 'at'],
  timer: ['at'],
  'order-update': ['venue', 'update', 'at'],
  'operation-update': ['venue', 'update', 'at'],
  'venue-status': ['venue', 'status', 'at'],
  account: ['snapshot', 'at'],
  command: ['command', 'at'],
}

/**
 * The inside of an event that is not a snapshot is not looked at again: this program wrote it, and
 * the block's checksum and the format's version vouch for it.
 */
function isWrittenEvent(value: unknown): value is Exclude<TextEvent, { kind: 'snapshot' }> {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false
  const parts = typeof value.kind === 'string' ? partsOf[value.kind] : undefined
  return parts?.every((part) => part in value) ?? false
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // No event of ours is anything else, so what it is does not matter.
    return undefined
  }
}
