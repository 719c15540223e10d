import { readEvent } from '../journal/engine-text.ts'
import { readJournalFrom } from '../journal/journal-reader.ts'
import { readOpening } from '../journal/read-opening.ts'
import { listSegments } from '../journal/segment.ts'
import { readHeader } from './journal-header.ts'
import { readNote } from './record-notes.ts'

const nanosPerMs = 1_000_000

/** When the last record of a part was written, by the wall clock. Undefined when none can be read. */
export async function endOfPart(directory: string): Promise<number | undefined> {
  const segments = await listSegments(directory)
  if (segments.length === 0) return undefined
  const { header, start } = await readOpening({ directory, segments })
  let endMs = start?.atMs ?? readHeader(header)?.startedAtMs
  // Only the last segment is read: a part may be larger than memory.
  for await (const item of readJournalFrom(directory, Number.MAX_SAFE_INTEGER)) {
    if (item.kind === 'fault') continue
    const { type, at, payload } = item.record
    if (type === 'effect' || type === 'header') continue
    const text = type === 'frame' ? '' : Buffer.from(payload).toString('utf8')
    if (type === 'note') {
      const note = readNote(text)
      if (note?.note === 'end') endMs = note.atMs
    } else if (start !== undefined && (type === 'frame' || readEvent(text) !== undefined)) {
      endMs = start.atMs + Math.round((at - start.at) / nanosPerMs)
    }
  }
  return endMs
}
