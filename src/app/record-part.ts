import path from 'node:path'

import type { VenueId } from '../core/market.ts'
import { compressSegment } from '../journal/compress-segment.ts'
import { listSegments } from '../journal/segment.ts'
import type { RoomLog } from '../telemetry/create-log.ts'
import { metricCatalog } from '../telemetry/metric-catalog.ts'
import { MetricRegistry } from '../telemetry/metric-registry.ts'
import type { Config } from './config.ts'
import { loadSolver } from './highs-solver.ts'
import type { LoadedConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import type { JournalEnd, OpenJournal } from './open-journal.ts'
import { openJournal } from './open-journal.ts'
import { programVersion } from './program-version.ts'
import { partNameAt } from './record-folder.ts'
import type { PartEnd, RecordingNote } from './record-notes.ts'
import { writeNote } from './record-notes.ts'
import type { BookCounts, FeedView, RunEvent } from './run-view.ts'
import { Runtime } from './runtime.ts'
import type { Venue } from './venue.ts'

export type PartOptions = {
  readonly machine: Machine
  /** With its strategies switched off. */
  readonly loaded: LoadedConfig
  /** What a backtest shall trade with. */
  readonly trading: Config['strategies']
  readonly venues: readonly Venue[]
  readonly folder: string
  readonly freeBytesMin: number
  readonly log: RoomLog
  readonly tell: (event: RunEvent) => void
  readonly onEnd: (reason: JournalEnd) => void
  readonly fail: (error: unknown) => void
}

/** A part of a recording while it is written: an engine that trades nothing, and its journal. */
export class RecordedPart {
  readonly directory: string
  readonly startedAtMs: number
  readonly #options: PartOptions
  readonly #journal: OpenJournal
  readonly #runtime: Runtime
  #isClosed = false

  private constructor(
    directory: string,
    startedAtMs: number,
    options: PartOptions,
    journal: OpenJournal,
    runtime: Runtime,
  ) {
    this.directory = directory
    this.startedAtMs = startedAtMs
    this.#options = options
    this.#journal = journal
    this.#runtime = runtime
  }

  /** Opens a new journal beside those that are there. Nothing is connected yet. */
  static async open(options: PartOptions): Promise<RecordedPart> {
    const { machine, loaded, trading, venues, folder, log } = options
    const startedAtMs = machine.clock.epochMs()
    const directory = path.join(folder, partNameAt(startedAtMs))
    const { config, relations, register } = loaded
    const journal = await openJournal({
      directory,
      header: {
        program: programVersion(),
        startedAtMs,
        venues: venues.map(({ id }) => id),
        config,
        relations,
        register,
        trading,
      },
      machine,
      log: log('journal'),
      reserveBytes: options.freeBytesMin,
      onEnd: options.onEnd,
    })
    const runtime = new Runtime({
      machine,
      config,
      venues,
      journal: journal.writer,
      metrics: new MetricRegistry(metricCatalog),
      solver: await loadSolver(),
      relations,
      register,
      log: log('app'),
      tell: options.tell,
      fail: options.fail,
    })
    return new RecordedPart(directory, startedAtMs, options, journal, runtime)
  }

  /** Loads what the venues list, and connects. Rejects with a `VenueError`. */
  start(): Promise<void> {
    return this.#runtime.start()
  }

  note(note: RecordingNote): void {
    const { writer } = this.#journal
    writer.appendText('note', writeNote(note), this.#options.machine.clock.nanos())
  }

  /** Before compression. */
  get bytesWritten(): number {
    return this.#journal.writer.bytesWritten
  }

  get frameCount(): number {
    return this.#runtime.view.framesReceived
  }

  get refusedCount(): number {
    return this.#runtime.view.framesRefused
  }

  get messageCount(): number {
    return this.#runtime.eventCount()
  }

  books(venue?: VenueId): BookCounts {
    return this.#runtime.view.books(venue)
  }

  feeds(): readonly FeedView[] {
    return this.#runtime.feeds()
  }

  /** Disconnects, says why, and leaves nothing of the part uncompressed. */
  async close(reason: PartEnd): Promise<void> {
    if (this.#isClosed) return
    this.#isClosed = true
    await this.#runtime.stop()
    this.note({ note: 'end', reason, atMs: this.#options.machine.clock.epochMs() })
    await this.#journal.close()
    if (reason === 'disk-refuses') return
    for (const { path: file, compressed } of await listSegments(this.directory)) {
      if (!compressed) await compressSegment(file)
    }
  }
}
