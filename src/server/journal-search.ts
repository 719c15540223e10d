import { z } from 'zod'
import { readJournal, readJournalFrom } from '../journal/journal-reader.ts'
import type { JournalItem } from '../journal/journal-reader.ts'
import type { JournalRecord } from '../journal/record.ts'
import { firstNumberOf, listSegments } from '../journal/segment.ts'
import type { JournalEntry, JournalPage, RecordType } from './schema/journal.ts'

/** Records looked through for one answer: about a second of reading. */
const scannedMax = 1_000_000
/** What a screen can show of one record; a frame may have a hundred thousand bytes. */
const textMax = 4_000
const faultsMax = 20

export type JournalQuestion = {
  /** The first record to look at. Left out: the latest that fit are given. */
  readonly from?: number | undefined
  readonly types: readonly RecordType[]
  /** What the record must hold, letter by letter: the id of a basket, an order, a market. */
  readonly text: string
  readonly limit: number
}

/** What the first record says of the run: where frames came from, and when instants were. */
type Outline = { readonly venues: readonly string[]; readonly atMsOf: (at: number) => number }

/**
 * The journal of this run, for those who ask what happened.
 *
 * It is read from disk, in the readers' thread, one question at a time, while the engine writes on.
 */
export class JournalSearch {
  readonly #directory: string | undefined
  #outline: Outline | undefined
  #last: Promise<unknown> = Promise.resolve()

  constructor(directory: string | undefined) {
    this.#directory = directory
  }

  find(question: JournalQuestion): Promise<JournalPage> {
    const directory = this.#directory
    if (directory === undefined) {
      return Promise.resolve({ directory: null, entries: [], next: null, faults: [] })
    }
    const answer = this.#last.then(() => this.#find(directory, question))
    // Whoever asked is told of an error; whoever asks next only waits for the end.
    this.#last = Promise.allSettled([answer])
    return answer
  }

  async #find(directory: string, question: JournalQuestion): Promise<JournalPage> {
    this.#outline ??= await outlineOf(directory)
    const latest = question.from === undefined
    const from = question.from ?? (await startOfTail(directory))
    const search = new Search(question, from, this.#outline)
    for await (const item of readJournalFrom(directory, from)) {
      if (!search.take(item, latest)) break
    }
    return { directory, ...search.found() }
  }
}

/** One question on its way through the journal. */
class Search {
  readonly #question: JournalQuestion
  readonly #from: number
  readonly #needle: Buffer
  readonly #outline: Outline | undefined
  #entries: JournalEntry[] = []
  readonly #faults: string[] = []
  #at: number | undefined
  #scanned = 0
  #next: number | null = null

  constructor(question: JournalQuestion, from: number, outline: Outline | undefined) {
    this.#question = question
    this.#from = from
    this.#needle = Buffer.from(question.text)
    this.#outline = outline
  }

  /** False when there is enough. */
  take(item: JournalItem, latest: boolean): boolean {
    if (item.kind === 'fault') {
      // The engine writes on: the last block may be half there.
      const told = item.fault.kind !== 'torn-tail' && this.#faults.length < faultsMax
      if (told) this.#faults.push(`${item.fault.kind}: ${item.fault.detail}`)
      return true
    }
    const { record } = item
    if (record.type !== 'effect') this.#at = record.at
    if (record.number < this.#from) return true
    const { limit } = this.#question
    // The latest end with the journal; what leads there is two segments at the most.
    if (!latest && (this.#entries.length === limit || this.#scanned === scannedMax)) {
      this.#next = record.number
      return false
    }
    this.#scanned++
    if (!this.#fits(record)) return true
    this.#entries.push(this.#entryOf(record))
    if (this.#entries.length > 2 * limit) this.#entries = this.#entries.slice(-limit)
    return true
  }

  found(): Pick<JournalPage, 'entries' | 'next' | 'faults'> {
    const entries = this.#entries.slice(-this.#question.limit)
    return { entries, next: this.#next, faults: this.#faults }
  }

  #fits({ type, payload }: JournalRecord): boolean {
    const { types } = this.#question
    if (types.length > 0 && !types.includes(type)) return false
    return this.#needle.length === 0 || bufferOf(payload).includes(this.#needle)
  }

  #entryOf({ number, type, venueIndex, connection, payload }: JournalRecord): JournalEntry {
    const isFrame = type === 'frame'
    return {
      number,
      type,
      atMs: this.#at === undefined ? null : (this.#outline?.atMsOf(this.#at) ?? null),
      venue: isFrame ? (this.#outline?.venues[venueIndex] ?? null) : null,
      connection: isFrame ? connection : null,
      bytes: payload.byteLength,
      text: type === 'header' ? headerText(payload) : textOf(payload),
    }
  }
}

const Header = z.object({
  program: z.string(),
  startedAtMs: z.number(),
  venues: z.array(z.string()),
})

async function outlineOf(directory: string): Promise<Outline | undefined> {
  for await (const item of readJournal(directory)) {
    if (item.kind === 'fault') continue
    const { at, payload } = item.record
    const header = readHeader(payload)
    if (header === undefined) return undefined
    const { startedAtMs, venues } = header
    return { venues, atMsOf: (instant) => Math.floor(startedAtMs + (instant - at) / 1e6) }
  }
  return undefined
}

/** The configuration is for `/api/config`, which shows it without its secrets. */
function headerText(payload: Uint8Array): string {
  return JSON.stringify(readHeader(payload) ?? {})
}

function readHeader(payload: Uint8Array): z.infer<typeof Header> | undefined {
  try {
    return Header.safeParse(JSON.parse(bufferOf(payload).toString('utf8'))).data
  } catch {
    // A first record that is not JSON tells nothing; its block's checksum is told of as a fault.
    return undefined
  }
}

function textOf(payload: Uint8Array): string {
  const text = bufferOf(payload)
    .subarray(0, 4 * textMax)
    .toString('utf8')
    .trimEnd()
  return text.length > textMax ? `${text.slice(0, textMax)} …` : text
}

function bufferOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength)
}

/** The last two segments: the last one may have just begun. */
async function startOfTail(directory: string): Promise<number> {
  const file = (await listSegments(directory)).at(-2)
  return (file === undefined ? undefined : await firstNumberOf(file)) ?? 1
}
