import { existsSync } from 'node:fs'
import path from 'node:path'

import { openCsv } from '../archive/csv-file.ts'
import type { ImportedItem, ImportSource, KnownMarkets, Lack } from '../archive/import-source.ts'
import { ImportError } from '../archive/import-source.ts'
import { openPmxt } from '../archive/pmxt-file.ts'
import { openRawLines } from '../archive/raw-lines.ts'
import type { MarketId, VenueId } from '../core/market.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import { compressSegment } from '../journal/compress-segment.ts'
import { listSegments } from '../journal/segment.ts'
import type { Log } from '../ports/log.ts'
import { readMarkets } from './data-markets.ts'
import type { JournalHeader } from './journal-header.ts'
import type { Kernel } from './kernel.ts'
import { loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import type { JournalEnd } from './open-journal.ts'
import { openJournal } from './open-journal.ts'
import { programVersion } from './program-version.ts'
import { partNameAt } from './record-folder.ts'
import type { SourceNote } from './record-notes.ts'
import { writeNote } from './record-notes.ts'
import { withoutStrategies } from './record-without-strategies.ts'
import { recordedKernel } from './recorded-kernel.ts'

export const importFormats = ['tardis', 'pmxt', 'csv'] as const
export type ImportFormat = (typeof importFormats)[number]

export type ImportRequest = {
  readonly machine: Machine
  readonly file: string
  /** Left out: by the name of the file. */
  readonly format: ImportFormat | undefined
  /** The folder of a recording; a part is added to it. */
  readonly into: string
  /** Where the facts of markets are, if anywhere. */
  readonly markets: string | undefined
  /** Only these markets, of an archive that has many. Empty: all. */
  readonly only: readonly string[]
  readonly configFile: string | undefined
  readonly log: Log
}

/** What was imported. Plain data: it is the `--json` of the command. */
export type Imported = {
  readonly file: string
  readonly format: string
  readonly frames: SourceNote['frames']
  readonly lacks: readonly Lack[]
  readonly into: string
  readonly part: string
  readonly fromMs: number
  readonly untilMs: number
  readonly frameCount: number
  readonly markets: number
  readonly disconnects: number
  /** Instants that went back, and were taken as the one before. */
  readonly reordered: number
  readonly skipped: Readonly<Record<string, number>>
}

/** An archive is one connection: which of several a message came on, none of them tells. */
const connection = 1
/** The clock of an imported part begins here: instants are never negative. */
const startNanos = 1_000_000_000
const nanosPerMicro = 1_000
const microsPerMs = 1_000
const nanosPerMs = 1_000_000

/**
 * Makes a part of a recording from an archive of somebody else, which replays and can be traded.
 *
 * The engine goes along as it would have then, so that the part holds what a recorded one does.
 */
export async function importArchive(request: ImportRequest): Promise<Imported> {
  const source = await openSource(request)
  const items = source.items()[Symbol.asyncIterator]()
  const first = await items.next()
  if (first.done === true) throw new ImportError(`${request.file}: nothing in it`)

  const startMs = Math.floor(first.value.atMicros / microsPerMs)
  const directory = path.join(request.into, partNameAt(startMs))
  if (existsSync(directory)) throw new ImportError(`${directory} is there already`)
  const header = headerFor(request, source, startMs)
  const ending: { reason?: JournalEnd } = {}
  const { machine, log } = request
  const onEnd = (reason: JournalEnd): void => void (ending.reason ??= reason)
  const journal = await openJournal({ directory, header, machine, log, onEnd })
  const kernel = await recordedKernel(header, { obey: () => undefined, journal: journal.writer })
  const feeder = new ImportFeeder(kernel, header, first.value.atMicros)
  const note: SourceNote = {
    note: 'source',
    file: path.basename(request.file),
    format: source.format,
    frames: source.frames,
    lacks: source.lacks,
  }
  feeder.begin(source, startMs as EpochMs)
  journal.writer.appendText('note', writeNote(note), feeder.now)
  feeder.feed(first.value)
  for (let item = await items.next(); item.done !== true; item = await items.next()) {
    feeder.feed(item.value)
    if (ending.reason !== undefined) throw new ImportError(`${directory}: ${ending.reason}`)
  }
  const untilMs = feeder.nowMs
  const end = writeNote({ note: 'end', reason: 'imported', atMs: untilMs })
  journal.writer.appendText('note', end, feeder.now)
  await journal.close()
  for (const { path: file, compressed } of await listSegments(directory)) {
    if (!compressed) await compressSegment(file)
  }
  const { frameCount, disconnects, reordered } = feeder
  return {
    file: request.file,
    format: source.format,
    frames: source.frames,
    lacks: source.lacks,
    into: request.into,
    part: directory,
    fromMs: startMs,
    untilMs,
    frameCount,
    markets: source.markets.length,
    disconnects,
    reordered,
    skipped: Object.fromEntries(source.skipped),
  }
}

async function openSource(request: ImportRequest): Promise<ImportSource> {
  const { file, markets } = request
  if (!existsSync(file)) throw new ImportError(`there is no ${file}`)
  const known: KnownMarkets = markets === undefined ? new Map() : await readMarkets(markets)
  switch (request.format ?? formatOf(file)) {
    case 'tardis':
      return openRawLines(file, known)
    case 'pmxt':
      return openPmxt(file, known, new Set(request.only))
    case 'csv':
      return openCsv(file, known)
  }
}

function formatOf(file: string): ImportFormat {
  if (file.endsWith('.parquet')) return 'pmxt'
  return /\.csv(\.gz|\.zst)?$/.test(file) ? 'csv' : 'tardis'
}

function headerFor(request: ImportRequest, source: ImportSource, startMs: number): JournalHeader {
  const { machine, configFile } = request
  const { folder, environment } = machine
  const loaded = loadConfig({ file: configFile, folder, environment, overrides: [] })
  const venues = new Set<VenueId>(source.markets.map(({ venue }) => venue))
  return {
    program: programVersion(),
    startedAtMs: startMs,
    venues: [...venues],
    config: withoutStrategies(loaded.config),
    relations: loaded.relations,
    register: loaded.register,
    trading: loaded.config.strategies,
    dialect: { kalshiNoSide: source.kalshiNoSide },
  }
}

/** Takes an engine through an archive, telling it the time as a run would. */
class ImportFeeder {
  readonly #kernel: Kernel
  readonly #header: JournalHeader
  readonly #originMicros: number
  readonly #timerNanos: number
  readonly #markets: Map<VenueId, MarketId[]> = new Map()
  #now = startNanos
  #timerAt = startNanos
  #isConnected = true
  frameCount = 0
  disconnects = 0
  reordered = 0

  constructor(kernel: Kernel, header: JournalHeader, originMicros: number) {
    this.#kernel = kernel
    this.#header = header
    // The clocks are tied at a whole millisecond, and so are later parts.
    this.#originMicros = Math.floor(originMicros / microsPerMs) * microsPerMs
    this.#timerNanos = header.config.engine.timerMs * nanosPerMs
  }

  get now(): Nanos {
    return this.#now as Nanos
  }

  get nowMs(): EpochMs {
    const passedMs = (this.#now - startNanos) / nanosPerMs
    return Math.round(this.#originMicros / microsPerMs + passedMs) as EpochMs
  }

  begin({ markets }: ImportSource, atMs: EpochMs): void {
    const { intake } = this.#kernel
    intake.process({ kind: 'start', at: this.now, atMs })
    for (const venue of this.#header.venues) {
      const listed = markets.filter((market) => market.venue === venue)
      this.#markets.set(
        venue,
        listed.map(({ id }) => id),
      )
      const change = { venue, markets: listed, sets: [], gone: [] }
      intake.process({ kind: 'catalogue', change, at: this.now })
    }
    this.#connect('open')
  }

  feed(item: ImportedItem): void {
    this.#advance(startNanos + (item.atMicros - this.#originMicros) * nanosPerMicro)
    if (item.kind === 'disconnect') {
      if (!this.#isConnected) return
      this.disconnects++
      this.#connect('lost')
      return
    }
    if (!this.#isConnected) this.#connect('open')
    this.frameCount++
    const { venue, bytes } = item
    if (item.kind === 'frame') {
      this.#kernel.intake.onFrame(venue, connection, bytes, this.now)
      return
    }
    const { market } = item
    this.#kernel.intake.process({ kind: 'snapshot', venue, market, bytes, at: this.now })
  }

  #advance(at: number): void {
    if (at < this.#now) {
      this.reordered++
      return
    }
    while (this.#timerAt + this.#timerNanos <= at) {
      this.#timerAt += this.#timerNanos
      this.#kernel.intake.process({ kind: 'timer', at: this.#timerAt as Nanos })
    }
    this.#now = at
  }

  #connect(kind: 'open' | 'lost'): void {
    this.#isConnected = kind === 'open'
    for (const [venue, markets] of this.#markets) {
      const reason = kind === 'open' ? '' : 'closed'
      const change = { connection, kind, markets, reason, at: this.now, atMs: this.nowMs }
      this.#kernel.intake.process({ kind: 'connection', venue, change })
    }
  }
}
