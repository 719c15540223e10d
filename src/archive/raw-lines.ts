import { readFile } from 'node:fs/promises'

import { z } from 'zod'

import type { Market, VenueId } from '../core/market.ts'
import { FrameSurvey } from './frame-survey.ts'
import type { ImportedItem, ImportSource, KnownMarkets, Lack } from './import-source.ts'
import { ImportError } from './import-source.ts'
import type { RawLine } from './raw-line.ts'
import { readRawLine } from './raw-line.ts'
import { readLines } from './read-lines.ts'

const microsPerMs = 1_000

/**
 * Opens an archive of raw messages: lines as tardis and its like write them, or one JSON array of
 * messages in a file that ends in `.json`.
 *
 * The file is read twice: which markets it is about must be known before its first frame.
 */
export async function openRawLines(file: string, known: KnownMarkets): Promise<ImportSource> {
  const first = new RawPass(new FrameSurvey())
  for await (const line of rawLines(file)) first.take(line)
  if (first.messageCount === 0) throw new ImportError(`${file}: no message of a venue in it`)
  const { survey } = first
  const markets = survey.markets(known)
  const pass = new RawPass(survey)
  return {
    format: 'raw lines',
    frames: first.isReserialised ? 'reserialised' : 'as-sent',
    lacks: lacksOf(first, markets, known),
    markets,
    kalshiNoSide: survey.kalshiNoSide,
    skipped: pass.skipped,
    async *items() {
      for await (const line of rawLines(file)) {
        const item = pass.take(line)
        if (item !== undefined) yield item
      }
    },
  }
}

class RawPass {
  readonly survey: FrameSurvey
  readonly skipped: Map<string, number> = new Map()
  messageCount = 0
  untimedCount = 0
  isReserialised = false
  #venue: VenueId | undefined
  #atMicros: number | undefined

  constructor(survey: FrameSurvey) {
    this.survey = survey
  }

  take(line: RawLine): ImportedItem | undefined {
    if (line.kind === 'skipped') {
      this.skipped.set(line.reason, (this.skipped.get(line.reason) ?? 0) + 1)
      return undefined
    }
    if (line.kind === 'disconnect') {
      return this.#atMicros === undefined
        ? undefined
        : { kind: 'disconnect', atMicros: this.#atMicros }
    }
    const { bytes, form } = line
    const told = this.survey.look(bytes)
    // Words such as PONG come from the venue that speaks on this connection.
    const venue = told?.venue ?? this.#venue
    if (venue === undefined) {
      this.skipped.set('before-first', (this.skipped.get('before-first') ?? 0) + 1)
      return undefined
    }
    this.#venue = venue
    this.messageCount++
    if (form === 'reserialised') this.isReserialised = true
    const venueMicros = told?.venueMs === undefined ? undefined : told.venueMs * microsPerMs
    if (line.atMicros === undefined) this.untimedCount++
    this.#atMicros = line.atMicros ?? venueMicros ?? this.#atMicros ?? 0
    return { kind: 'frame', venue, bytes, atMicros: this.#atMicros }
  }
}

async function* rawLines(file: string): AsyncGenerator<RawLine> {
  if (!file.endsWith('.json')) {
    for await (const line of readLines(file)) yield readRawLine(line)
    return
  }
  const messages = z.array(z.unknown()).safeParse(JSON.parse(await readFile(file, 'utf8')))
  if (!messages.success) throw new ImportError(`${file}: expected an array of messages`)
  for (const message of messages.data) {
    const bytes = Buffer.from(JSON.stringify(message))
    yield { kind: 'message', bytes, atMicros: undefined, form: 'reserialised' }
  }
}

function lacksOf(pass: RawPass, markets: readonly Market[], known: KnownMarkets): readonly Lack[] {
  const lacks: Lack[] = []
  if (pass.untimedCount > 0) {
    lacks.push({
      what: 'the receive time',
      makesImpossible:
        'to know how long news took: the venue’s own time stands for it, and latency is nil',
    })
  }
  if (pass.isReserialised) {
    lacks.push({
      what: 'the bytes as they were sent',
      makesImpossible: 'to find out by it how the venue writes its frames',
    })
  }
  const strangers = markets.filter(({ fee }) => fee.kind === 'unknown').length
  if (strangers > 0) {
    const share = known.size === 0 ? 'all' : `${strangers} of ${markets.length}`
    lacks.push({
      what: `the facts of ${share} markets: question, outcomes, fee, close`,
      makesImpossible: 'to trade in them in a backtest; --markets names a file that has them',
    })
  }
  lacks.push({
    what: 'resolutions, unless a frame tells one',
    makesImpossible: 'to settle what is still held at the end',
  })
  return lacks
}
