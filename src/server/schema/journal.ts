import { z } from 'zod'
import { count, instantMs } from './scalars.ts'

export type RecordType = 'header' | 'frame' | 'event' | 'effect' | 'note'
export const recordTypes = ['header', 'frame', 'event', 'effect', 'note'] as const

export type JournalEntry = {
  readonly number: number
  readonly type: RecordType
  /** Of an effect: when the event was that led to it. Null before the first instant is known. */
  readonly atMs: number | null
  /** Where a frame came from; null for everything else. */
  readonly venue: string | null
  readonly connection: number | null
  readonly bytes: number
  /** What it says, cut short where it is long. */
  readonly text: string
}
const journalEntry: z.ZodType<JournalEntry> = z
  .object({
    number: count,
    type: z.enum(recordTypes),
    atMs: instantMs.nullable(),
    venue: z.string().nullable(),
    connection: count.nullable(),
    bytes: count,
    text: z.string(),
  })
  .meta({ id: 'JournalEntry' })

export type JournalPage = {
  /** Null when this run keeps no journal: then there is nothing to be found. */
  readonly directory: string | null
  readonly entries: readonly JournalEntry[]
  /** Where to go on, as `from`; null when the end was reached. */
  readonly next: number | null
  /** Places on the way where the journal is not what was written. */
  readonly faults: readonly string[]
}
export const journalPage: z.ZodType<JournalPage> = z
  .object({
    directory: z.string().nullable(),
    entries: z.array(journalEntry),
    next: count.nullable(),
    faults: z.array(z.string()),
  })
  .meta({ id: 'JournalPage' })
