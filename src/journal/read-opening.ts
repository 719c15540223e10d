import { readEvent } from './engine-text.ts'
import type { TextEvent } from './engine-text.ts'
import type { RecordingPart } from './recording.ts'
import { SegmentScanner } from './scan-segment.ts'
import { UnpackingError, unpackSegment } from './unpack-segment.ts'

/** What a journal begins with. */
export type JournalOpening = {
  /** The text of its first record. Empty when that is no header. */
  readonly header: string
  /** The event that ties its clock to the wall's. */
  readonly start: StartEvent | undefined
}

export type StartEvent = Extract<TextEvent, { kind: 'start' }>

/** Reads no more of a journal than it takes. */
export async function readOpening(part: RecordingPart): Promise<JournalOpening> {
  const opening: { header: string; start: StartEvent | undefined } = {
    header: '',
    start: undefined,
  }
  const [first] = part.segments
  if (first === undefined) return opening

  let isFirst = true
  const scanner = new SegmentScanner({
    frame: () => {
      isFirst = false
    },
    text: (type, bytes) => {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString()
      if (type === 'header' && isFirst) opening.header = text
      isFirst = false
      if (type !== 'event' || opening.start !== undefined) return
      const event = readEvent(text)
      if (event?.kind === 'start') opening.start = event
    },
  })
  try {
    for await (const piece of unpackSegment(first)) {
      scanner.take(piece)
      if (opening.start !== undefined || scanner.faultAt !== undefined) break
    }
  } catch (error) {
    // What is wrong with the segment is told by whoever reads all of it.
    if (!(error instanceof UnpackingError)) throw error
  }
  return opening
}
