import { statSync } from 'node:fs'
import path from 'node:path'

import type { VenueId } from '../core/market.ts'
import type { Nanos } from '../core/units.ts'
import type { Effect } from '../engine/event.ts'
import { instantOf, readEvent } from '../journal/engine-text.ts'
import type { JournalFault } from '../journal/journal-reader.ts'
import { JournalError, readJournal } from '../journal/journal-reader.ts'
import type { JournalRecord } from '../journal/record.ts'
import type { RecordingPart } from '../journal/recording.ts'
import { listParts } from '../journal/recording.ts'
import type { JournalHeader } from './journal-header.ts'
import { readHeader } from './journal-header.ts'
import type { Kernel } from './kernel.ts'
import type { RecordedGap } from './record-gaps.ts'
import { GapFinder } from './record-gaps.ts'
import type { PartEnd, SourceNote } from './record-notes.ts'
import { readNote } from './record-notes.ts'
import { recordedKernel } from './recorded-kernel.ts'
import type { BookCounts } from './run-view.ts'

/** What a recording is worth. Plain data: it is the `--json` of the command. */
export type RecordingReport = {
  readonly directory: string
  /** Nothing but a torn end, as a crash leaves it, is other than it was written. */
  readonly sound: boolean
  readonly fromMs: number | null
  readonly untilMs: number | null
  readonly segments: number
  readonly bytes: number
  readonly records: number
  readonly frames: number
  readonly faults: readonly JournalFault[]
  readonly gaps: readonly RecordedGap[]
  readonly parts: readonly PartReport[]
}

export type PartReport = {
  readonly directory: string
  readonly program: string
  readonly fromMs: number | null
  readonly untilMs: number | null
  /** Null when the process ended before the part did. */
  readonly endedBy: PartEnd | null
  readonly segments: number
  readonly bytes: number
  readonly records: number
  /** Frames, events and effects, as they stand in it. */
  readonly byType: Readonly<Record<JournalRecord['type'], number>>
  /** Where it comes from, if it was imported. */
  readonly source: SourceNote | null
  readonly venues: readonly VenueReport[]
  readonly faults: readonly JournalFault[]
  readonly gaps: readonly RecordedGap[]
}

export type VenueReport = {
  readonly venue: VenueId
  readonly frames: number
  readonly frameBytes: number
  readonly framesRefused: number
  /** As they stood at the end. */
  readonly books: BookCounts
  /** Of all books, the share that was proven, averaged over time. Null when there were none. */
  readonly booksProvenShare: number | null
}

/** How often the books are counted, by the clock of the recording. */
const sampleNanos = 1_000_000_000
const nanosPerMs = 1_000_000

/**
 * Reads a recording from end to end, checksums and all, and takes every frame through the venues'
 * decoding to see which books could be proven. Rejects with a `JournalError` where there is none.
 */
export async function verifyRecording(directory: string): Promise<RecordingReport> {
  const parts: PartReport[] = []
  for (const part of await listParts(directory)) parts.push(await verifyPart(part))
  const faults = parts.flatMap((part) => part.faults)
  const sum = (of: (part: PartReport) => number): number =>
    parts.reduce((total, part) => total + of(part), 0)
  return {
    directory,
    sound: faults.every(({ kind }) => kind === 'torn-tail'),
    fromMs: parts[0]?.fromMs ?? null,
    untilMs: parts.at(-1)?.untilMs ?? null,
    segments: sum(({ segments }) => segments),
    bytes: sum(({ bytes }) => bytes),
    records: sum(({ records }) => records),
    frames: sum(({ byType }) => byType.frame),
    faults,
    gaps: [...parts.flatMap(({ gaps }) => gaps), ...gapsBetween(parts)].toSorted(
      (a, b) => a.fromMs - b.fromMs,
    ),
    parts,
  }
}

/** A part begins before the one before it ends, unless nothing was recorded in between. */
function gapsBetween(parts: readonly PartReport[]): readonly RecordedGap[] {
  return parts.flatMap(({ fromMs }, index) => {
    const before = parts[index - 1]?.untilMs ?? null
    if (before === null || fromMs === null || fromMs <= before) return []
    const nobody = { venue: null, markets: null }
    return [
      {
        kind: 'not-recording' as const,
        fromMs: before,
        untilMs: fromMs,
        ...nobody,
        reason: 'between-parts',
      },
    ]
  })
}

async function verifyPart(part: RecordingPart): Promise<PartReport> {
  const { directory, segments } = part
  const survey = new PartSurvey()
  for await (const item of readJournal(directory)) {
    if (item.kind === 'fault') survey.onFault(item.fault)
    else if (item.record.type === 'header' && survey.needsHeader) {
      const header = readHeader(textOf(item.record))
      if (header === undefined) {
        throw new JournalError(`${path.basename(directory)}: its header cannot be read`)
      }
      const obey = (effect: Effect): void => survey.onEffect(effect)
      survey.begin(header, await recordedKernel(header, { obey }))
    } else survey.onRecord(item.record)
  }
  const bytes = segments.reduce((sum, file) => sum + statSync(file.path).size, 0)
  return survey.report(directory, segments.length, bytes)
}

type VenueCount = {
  frames: number
  bytes: number
  refused: number
  provenSum: number
  samples: number
}

class PartSurvey {
  readonly #gaps: GapFinder = new GapFinder()
  readonly #faults: JournalFault[] = []
  readonly #byType = { header: 0, frame: 0, event: 0, effect: 0, note: 0 }
  readonly #venues: Map<VenueId, VenueCount> = new Map()
  #header: JournalHeader | undefined
  #kernel: Kernel | undefined
  #start: { readonly at: number; readonly atMs: number } | undefined
  #untilMs: number | undefined
  #sampledAt = 0
  #endedBy: PartEnd | null = null
  #source: SourceNote | null = null

  get needsHeader(): boolean {
    return this.#header === undefined
  }

  begin(header: JournalHeader, kernel: Kernel): void {
    this.#header = header
    this.#kernel = kernel
    this.#byType.header++
    for (const venue of header.venues) {
      this.#venues.set(venue, { frames: 0, bytes: 0, refused: 0, provenSum: 0, samples: 0 })
    }
  }

  onFault(fault: JournalFault): void {
    this.#faults.push(fault)
  }

  /** What the engine asks when the recording is fed to it. */
  onEffect(effect: Effect): void {
    if (effect.kind !== 'keep-frame') return
    const count = this.#venues.get(effect.venue)
    if (count !== undefined) count.refused++
  }

  onRecord(record: JournalRecord): void {
    this.#byType[record.type]++
    switch (record.type) {
      case 'frame':
        this.#onFrame(record)
        return
      case 'event':
        this.#onEvent(textOf(record))
        return
      case 'note':
        this.#onNote(textOf(record))
        return
      case 'effect':
      case 'header':
        return
    }
  }

  report(directory: string, segments: number, bytes: number): PartReport {
    // However short a part is, its books are counted once.
    this.#sample()
    return {
      directory,
      program: this.#header?.program ?? '',
      fromMs: this.#start?.atMs ?? null,
      untilMs: this.#untilMs ?? null,
      endedBy: this.#endedBy,
      segments,
      bytes,
      records: Object.values(this.#byType).reduce((sum, count) => sum + count, 0),
      byType: this.#byType,
      source: this.#source,
      venues: [...this.#venues].map(([venue, count]) => this.#venueReport(venue, count)),
      faults: this.#faults,
      gaps: this.#gaps.gaps,
    }
  }

  #venueReport(venue: VenueId, count: VenueCount): VenueReport {
    const view = this.#kernel?.engine.view
    return {
      venue,
      frames: count.frames,
      frameBytes: count.bytes,
      framesRefused: count.refused,
      books: view?.books(venue) ?? { proven: 0, unproven: 0, broken: 0 },
      booksProvenShare:
        count.samples === 0 ? null : Math.floor((1e4 * count.provenSum) / count.samples) / 1e4,
    }
  }

  #onFrame({ venueIndex, connection, payload, at }: JournalRecord): void {
    const venue = this.#header?.venues[venueIndex]
    const count = venue === undefined ? undefined : this.#venues.get(venue)
    if (venue === undefined || count === undefined) return
    count.frames++
    count.bytes += payload.length
    this.#kernel?.intake.onFrame(venue, connection, payload, at as Nanos)
    this.#hear(at)
  }

  #onEvent(text: string): void {
    const event = readEvent(text)
    if (event === undefined) return
    if (event.kind === 'start') this.#start ??= event
    this.#gaps.onEvent(event)
    this.#kernel?.intake.process(event)
    this.#hear(instantOf(event))
  }

  #onNote(text: string): void {
    const note = readNote(text)
    if (note?.note === 'end') this.#endedBy = note.reason
    if (note?.note === 'source') this.#source = note
  }

  #hear(at: number): void {
    if (this.#start === undefined) return
    this.#untilMs = this.#start.atMs + Math.round((at - this.#start.at) / nanosPerMs)
    this.#gaps.hear(this.#untilMs)
    if (at - this.#sampledAt < sampleNanos) return
    this.#sampledAt = at
    this.#sample()
  }

  #sample(): void {
    for (const [venue, count] of this.#venues) {
      const { proven, unproven, broken } = this.#kernel?.engine.view.books(venue) ?? noBooks
      const all = proven + unproven + broken
      if (all === 0) continue
      count.samples++
      count.provenSum += proven / all
    }
  }
}

const noBooks: BookCounts = { proven: 0, unproven: 0, broken: 0 }

function textOf(record: JournalRecord): string {
  return Buffer.from(record.payload).toString('utf8')
}
