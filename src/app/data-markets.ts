import { existsSync, statSync } from 'node:fs'
import { readFile } from 'node:fs/promises'

import { asyncBufferFromFile, parquetReadObjects } from 'hyparquet'
import { z } from 'zod'

import type { KnownMarkets } from '../archive/import-source.ts'
import { ImportError, marketKey } from '../archive/import-source.ts'
import { readCsv } from '../archive/read-csv.ts'
import type { Market } from '../core/market.ts'
import { readEvent } from '../journal/engine-text.ts'
import { readJournal } from '../journal/journal-reader.ts'
import { listParts } from '../journal/recording.ts'

/** Written by this program, so only its outline is looked at. */
const marketShape = z.custom<Market>(
  (value) => outline.safeParse(value).success,
  'a market as `data export` writes it',
)
const outline = z.looseObject({
  venue: z.enum(['polymarket', 'kalshi']),
  id: z.string(),
  yes: z.looseObject({ id: z.string() }),
  no: z.looseObject({ id: z.string() }),
  grid: z.looseObject({ bands: z.array(z.unknown()), resolution: z.number() }),
  fee: z.looseObject({ kind: z.enum(['known', 'unknown']) }),
})

/**
 * The facts of markets that somebody has: from the table `markets` of an export (CSV or Parquet), a
 * JSON array of its column `facts`, or a recording. The latest word on a market counts.
 */
export async function readMarkets(source: string): Promise<KnownMarkets> {
  if (!existsSync(source)) throw new ImportError(`--markets: there is no ${source}`)
  const known = new Map<string, Market>()
  for await (const value of factsIn(source)) {
    const market = marketShape.safeParse(value)
    if (!market.success) throw new ImportError(`${source}: expected a market of an export`)
    known.set(marketKey(market.data.venue, market.data.id), market.data)
  }
  return known
}

async function* factsIn(source: string): AsyncGenerator {
  if (statSync(source).isDirectory()) {
    yield* factsOfRecording(source)
  } else if (source.endsWith('.parquet')) {
    const file = await asyncBufferFromFile(source)
    const row = z.object({ facts: z.string() })
    for (const each of await parquetReadObjects({ file, columns: ['facts'] })) {
      yield parseJson(row.parse(each).facts)
    }
  } else if (source.endsWith('.csv')) {
    for await (const row of readCsv(source)) yield parseJson(row.get('facts') ?? '')
  } else {
    yield* z.array(z.unknown()).parse(parseJson(await readFile(source, 'utf8')))
  }
}

async function* factsOfRecording(directory: string): AsyncGenerator {
  for (const part of await listParts(directory)) {
    for await (const item of readJournal(part.directory)) {
      if (item.kind === 'fault' || item.record.type !== 'event') continue
      const event = readEvent(Buffer.from(item.record.payload).toString('utf8'))
      if (event?.kind === 'catalogue') yield* event.change.markets
    }
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    // Whoever asked is told that it is no market.
    return undefined
  }
}
