import { mkdirSync } from 'node:fs'
import path from 'node:path'

import { CsvTable } from '../archive/csv-table.ts'
import { ExportRows } from '../archive/export-rows.ts'
import { ParquetTable } from '../archive/parquet-table.ts'
import type { TableName, TableWriter } from '../archive/table.ts'
import { tables } from '../archive/table.ts'
import { TappedCodec } from '../archive/tapped-codec.ts'
import { feedRecording } from '../backtest/feed-recording.ts'
import type { Effect } from '../engine/event.ts'
import { JournalError } from '../journal/journal-reader.ts'
import type { EventIntake } from '../journal/journalled-engine.ts'
import { readOpening } from '../journal/read-opening.ts'
import { listParts } from '../journal/recording.ts'
import { unpackSegment } from '../journal/unpack-segment.ts'
import { readHeader, tradingConfig } from './journal-header.ts'
import { recordedKernel } from './recorded-kernel.ts'

export type ExportRequest = {
  readonly directory: string
  readonly into: string
  readonly format: 'parquet' | 'csv'
  readonly tables: readonly TableName[]
  /** Levels of each side that the table of books shows. */
  readonly depth: number
}

/** What was written. Plain data: it is the `--json` of the command. */
export type Exported = {
  readonly into: string
  readonly tables: readonly {
    readonly table: TableName
    readonly file: string
    readonly rows: number
  }[]
  readonly events: number
  readonly fromMs: number | null
  readonly untilMs: number | null
  /** Where the recording is not as it was written: what lies there is not in the tables. */
  readonly faults: readonly string[]
}

/**
 * Writes what a recording says as tables, by taking it through the engine that trades.
 *
 * Opportunities and fills are those of a paper run with the recorded settings; books, changes and
 * trades are what the venues' own decoding makes of the frames.
 */
export async function exportRecording(request: ExportRequest): Promise<Exported> {
  const { directory, into, depth } = request
  const parts = []
  for (const part of await listParts(directory)) {
    const { header: text, start } = await readOpening(part)
    const header = readHeader(text)
    if (header === undefined) throw new JournalError(`${part.directory}: no header, so no tables`)
    parts.push({ segments: part.segments, venues: header.venues, start, header })
  }
  const [first] = parts
  if (first === undefined) throw new JournalError(`no recording in ${directory}`)

  mkdirSync(into, { recursive: true })
  const writers = openWriters(request)
  const rows = new ExportRows({ writers, depth })
  // Whatever tables are wanted: a market that is held is followed longer than one that is not.
  const config = tradingConfig(first.header)
  const { intake } = await recordedKernel(
    { ...first.header, config },
    {
      obey: (effect) => observe(effect, rows),
      tap: (codec) => new TappedCodec(codec, rows),
    },
  )
  try {
    const span = await feedRecording({
      parts,
      unpack: unpackSegment,
      intake: watched(intake, rows),
      onPause: () => undefined,
    })
    return {
      into,
      tables: [...writers].map(([table, { file, rowCount }]) => ({ table, file, rows: rowCount })),
      events: span.eventCount,
      fromMs: span.fromMs ?? null,
      untilMs: span.untilMs ?? null,
      faults: span.faults,
    }
  } finally {
    for (const writer of writers.values()) writer.close()
  }
}

function openWriters(request: ExportRequest): ReadonlyMap<TableName, TableWriter> {
  const { into, format } = request
  return new Map(
    request.tables.map((name) => {
      const file = path.join(into, `${name}.${format}`)
      const columns = tables[name]
      return [
        name,
        format === 'csv' ? new CsvTable(file, columns) : new ParquetTable(file, columns),
      ]
    }),
  )
}

/** Tells the time of each event before the engine sees it. */
function watched(intake: EventIntake, rows: ExportRows): EventIntake {
  return {
    onFrame(venue, connection, bytes, at) {
      rows.onTime(at)
      intake.onFrame(venue, connection, bytes, at)
    },
    process(event) {
      if (event.kind === 'start') rows.onStart(event.at, event.atMs)
      else rows.onTime(event.kind === 'connection' ? event.change.at : event.at)
      if (event.kind === 'catalogue') event.change.markets.forEach((one) => rows.onMarket(one))
      intake.process(event)
    },
  }
}

function observe(effect: Effect, rows: ExportRows): void {
  switch (effect.kind) {
    case 'note-signal':
      rows.onSignal(effect.signal, effect.approved, effect.reason)
      return
    case 'place-basket':
      rows.onIntent(effect.intent)
      return
    case 'note-report':
      rows.onReport(effect.report)
      return
    default:
  }
}
