import { truncate } from 'node:fs/promises'

import type { JournalFault } from './journal-reader.ts'
import { readJournal } from './journal-reader.ts'
import { listSegments } from './segment.ts'

export type JournalRecovery = {
  /** Where a writer goes on. */
  readonly nextNumber: number
  readonly nextOrdinal: number
  /** What a crash left at the end, now cut off. */
  readonly cut: JournalFault | undefined
  /** Everything else that is not as it was written; left as it is, for a person to see. */
  readonly faults: readonly JournalFault[]
}

/** Reads a journal to its end, cuts a torn tail, and says where to go on. */
export async function recoverJournal(directory: string): Promise<JournalRecovery> {
  const files = await listSegments(directory)
  const last = files.at(-1)
  if (last === undefined) return { nextNumber: 1, nextOrdinal: 1, cut: undefined, faults: [] }

  let nextNumber = 1
  const faults: JournalFault[] = []
  let cut: JournalFault | undefined
  for await (const item of readJournal(directory)) {
    if (item.kind === 'record') nextNumber = item.record.number + 1
    else if (item.fault.kind === 'torn-tail') cut = item.fault
    else faults.push(item.fault)
  }
  if (cut !== undefined && !last.compressed) await truncate(cut.path, cut.offset)
  return { nextNumber, nextOrdinal: last.ordinal + 1, cut, faults }
}
