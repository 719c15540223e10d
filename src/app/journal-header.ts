import { z } from 'zod'

import type { VenueId } from '../core/market.ts'
import type { Config } from './config.ts'

/** What a kernel needs to be built again as it was: the first record of each journal. */
export type JournalHeader = {
  /** The version of the program that wrote it. */
  readonly program: string
  readonly startedAtMs: number
  readonly venues: readonly VenueId[]
  readonly config: Config
}

/** Written by this program and vouched for by its block's checksum, so only its outline is read. */
const headerShape = z.object({
  program: z.string(),
  startedAtMs: z.number(),
  venues: z.array(z.custom<VenueId>((value) => typeof value === 'string')),
  config: z.custom<Config>((value) => typeof value === 'object' && value !== null),
})

export function writeHeader(header: JournalHeader): string {
  return JSON.stringify(header)
}

/** Undefined when the text is no header of ours. */
export function readHeader(text: string): JournalHeader | undefined {
  try {
    return headerShape.safeParse(JSON.parse(text)).data
  } catch {
    // A header that is not JSON is none.
    return undefined
  }
}
