import { z } from 'zod'

import type { ImportSource } from '../archive/import-source.ts'

/**
 * What a recorder or an importer says of a recording, in its `note` records.
 *
 * No event of the engine: a replay passes them by.
 */
export type RecordingNote = GapNote | EndNote | SourceNote

/** Nothing was recorded from one instant to another, before this part began. */
export type GapNote = {
  readonly note: 'gap'
  readonly fromMs: number
  readonly untilMs: number
  readonly reason: string
}

/** Why a part ends. A part without it ended with its process. */
export type EndNote = { readonly note: 'end'; readonly reason: PartEnd; readonly atMs: number }

export type PartEnd =
  | 'next-part'
  | 'time-is-up'
  | 'stopped'
  | 'bytes-limit'
  | 'disk-nearly-full'
  | 'disk-refuses'
  | 'failed'
  | 'imported'

/** Where a part comes from that was not recorded by this program. */
export type SourceNote = {
  readonly note: 'source'
  readonly file: string
} & Pick<ImportSource, 'format' | 'frames' | 'lacks'>

const partEnd = z.enum([
  'next-part',
  'time-is-up',
  'stopped',
  'bytes-limit',
  'disk-nearly-full',
  'disk-refuses',
  'failed',
  'imported',
])

const shape: z.ZodType<RecordingNote> = z.discriminatedUnion('note', [
  z.object({
    note: z.literal('gap'),
    fromMs: z.number(),
    untilMs: z.number(),
    reason: z.string(),
  }),
  z.object({ note: z.literal('end'), reason: partEnd, atMs: z.number() }),
  z.object({
    note: z.literal('source'),
    file: z.string(),
    format: z.string(),
    frames: z.enum(['as-sent', 'reserialised', 'made']),
    lacks: z.array(z.object({ what: z.string(), makesImpossible: z.string() })),
  }),
])

export function writeNote(note: RecordingNote): string {
  return JSON.stringify(note)
}

/** Undefined when the text is no note of a recording. */
export function readNote(text: string): RecordingNote | undefined {
  try {
    return shape.safeParse(JSON.parse(text)).data
  } catch {
    // A note that is not JSON is one for people.
    return undefined
  }
}
