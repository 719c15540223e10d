import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { configSchema } from '../src/app/config-schema.ts'
import { writeHeader } from '../src/app/journal-header.ts'
import type { MarketId } from '../src/core/market.ts'
import type { EpochMs, Nanos } from '../src/core/units.ts'
import { compressSegment } from '../src/journal/compress-segment.ts'
import type { TextEvent } from '../src/journal/engine-text.ts'
import { writeEvent } from '../src/journal/engine-text.ts'
import { JournalWriter, journalWriterDefaults } from '../src/journal/journal-writer.ts'
import type { Day } from './day-corpus.ts'
import { makeDay } from './day-corpus.ts'

export type RecordedDay = {
  readonly directory: string
  readonly events: number
  readonly frames: number
  readonly changes: number
  /** Before they are compressed. */
  readonly bytes: number
}

const seed = 7
const frameCount = 300_000
const marketCount = 500
const nanosPerMs = 1_000_000
const nanosPerFrame = nanosPerMs
const framesPerTimer = 50
const startedAtMs = 1_790_000_000_000

const days: Map<number, Day> = new Map()
const recorded: Map<number, Promise<RecordedDay>> = new Map()

/**
 * A recording of a busy feed, a thousand frames a second: 300 000 frames, and those so many times.
 *
 * Made once in a run, and gone at its end. What is told again is nothing new, but as long.
 */
export function recordDay(times: number = 1): Promise<RecordedDay> {
  const known = recorded.get(times)
  if (known !== undefined) return known
  const day = days.get(seed) ?? makeDay(seed, marketCount, frameCount)
  days.set(seed, day)
  const made = record(day, times)
  recorded.set(times, made)
  return made
}

async function record(day: Day, times: number): Promise<RecordedDay> {
  const segments: string[] = []
  const directory = mkdtempSync(path.join(tmpdir(), 'recorded-day-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const writer = new JournalWriter({
    ...journalWriterDefaults,
    directory,
    firstNumber: 1,
    firstOrdinal: 1,
    onSegmentClosed: (segment) => void segments.push(segment),
    onFailure: (cause) => {
      throw cause
    },
  })
  writer.open()
  const script = new Script(writer)
  script.open(day)
  for (let lap = 0; lap < times; lap++) script.connect(day)
  writer.close()
  for (const segment of segments) await compressSegment(segment)
  const { bytesWritten: bytes } = writer
  return {
    directory,
    events: script.events,
    frames: script.frames,
    changes: times * day.changeCount,
    bytes,
  }
}

/** Writes what a run would have written. */
class Script {
  events = 0
  frames = 0
  readonly #writer: JournalWriter
  #at = 1_000_000 as Nanos

  constructor(writer: JournalWriter) {
    this.#writer = writer
  }

  open({ markets, sets }: Day): void {
    const config = configSchema.parse({})
    const venues = ['polymarket'] as const
    const header = { program: 'bench', startedAtMs, venues, config, relations: [], register: [] }
    this.#writer.appendText('header', writeHeader(header), this.#at)
    this.#event({ kind: 'start', at: this.#at, atMs: startedAtMs as EpochMs })
    const change = { venue: 'polymarket', markets, sets, gone: [] } as const
    this.#event({ kind: 'catalogue', change, at: this.#at })
  }

  /** One connection from its first books to its end. */
  connect({ markets, snapshots, frames }: Day): void {
    const carried = markets.map(({ id }) => id)
    this.#connection('open', carried, 'started')
    for (const bytes of snapshots) this.#frame(bytes)
    for (const bytes of frames) this.#frame(bytes)
    this.#connection('lost', carried, 'closed')
  }

  #connection(kind: 'open' | 'lost', markets: readonly MarketId[], reason: string): void {
    const atMs = Math.floor(startedAtMs + this.#at / nanosPerMs) as EpochMs
    const change = { connection: 0, kind, markets, reason, at: this.#at, atMs }
    this.#event({ kind: 'connection', venue: 'polymarket', change })
  }

  #frame(bytes: Buffer): void {
    this.#at = (this.#at + nanosPerFrame) as Nanos
    this.#writer.appendFrame(0, 0, bytes, this.#at)
    this.events++
    this.frames++
    if (this.frames % framesPerTimer === 0) this.#event({ kind: 'timer', at: this.#at })
  }

  #event(event: TextEvent): void {
    this.#writer.appendText('event', writeEvent(event), this.#at)
    this.events++
  }
}
