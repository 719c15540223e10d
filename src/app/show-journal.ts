import type { VenueId } from '../core/market.ts'
import { readJournal } from '../journal/journal-reader.ts'
import type { JournalRecord } from '../journal/record.ts'
import { readHeader } from './journal-header.ts'

export type ShowRequest = {
  readonly directory: string
  /** The first record shown, and the last. */
  readonly from: number
  readonly to: number
  /** Only records of these types; all where the list is empty. */
  readonly types: readonly JournalRecord['type'][]
  readonly print: (line: string) => void
}

/** The longest text of a record that is shown whole. */
const textMax = 400

/** A journal as lines for people: number, instant, what it is, and what it says. */
export async function showJournal({
  directory,
  from,
  to,
  types,
  print,
}: ShowRequest): Promise<void> {
  let venues: readonly VenueId[] = []
  for await (const item of readJournal(directory)) {
    if (item.kind === 'fault') {
      const { kind, path, offset, detail } = item.fault
      print(`${' '.repeat(10)} !! ${kind} in ${path} at byte ${offset}: ${detail}`)
      continue
    }
    const { record } = item
    if (record.type === 'header') venues = readHeader(textOf(record))?.venues ?? []
    if (record.number > to) return
    if (record.number < from || (types.length > 0 && !types.includes(record.type))) continue
    print(lineOf(record, venues))
  }
}

function lineOf(record: JournalRecord, venues: readonly VenueId[]): string {
  const { number, type, at, connection, venueIndex } = record
  const from = type === 'frame' ? ` ${venues[venueIndex] ?? '?'}#${connection}` : ''
  const instant = type === 'effect' ? '' : `${(at / 1e9).toFixed(6)}s`
  const text = textOf(record).trimEnd()
  const shown = text.length > textMax ? `${text.slice(0, textMax)} … ${text.length} bytes` : text
  return `${String(number).padStart(10)} ${instant.padStart(16)} ${type}${from}  ${shown}`
}

function textOf(record: JournalRecord): string {
  return Buffer.from(record.payload).toString('utf8')
}
