import type { MarketId, VenueId } from '../core/market.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import { readEvent } from '../journal/engine-text.ts'
import type { TextEvent } from '../journal/engine-text.ts'
import type { EventIntake } from '../journal/journalled-engine.ts'
import type { StartEvent } from '../journal/read-opening.ts'
import type { RecordVisitor } from '../journal/scan-segment.ts'
import { SegmentScanner } from '../journal/scan-segment.ts'
import type { SegmentFile } from '../journal/segment.ts'
import { UnpackingError, unpackSegment } from '../journal/unpack-segment.ts'

export type RecordedSpan = {
  /** Everything that went in. */
  eventCount: number
  frameCount: number
  fromMs: EpochMs | undefined
  untilMs: EpochMs | undefined
  /** Where a recording is not as it was written: the rest of that segment is not used. */
  readonly faults: string[]
}

/** A part of a recording that is fed to an engine. */
export type FedPart = {
  readonly segments: readonly SegmentFile[]
  /** The venues, as its header names them. */
  readonly venues: readonly VenueId[]
  readonly start: StartEvent | undefined
}

export type FeedOptions = {
  readonly parts: readonly FedPart[]
  /** The bytes of a segment, if not by this thread; a piece is used before the next is asked for. */
  readonly unpack?: Unpack | undefined
  readonly intake: EventIntake
  /** Called after each event with text: the time has moved, and it may be looked around. */
  readonly onPause: (at: Nanos) => void
  /** Only what lies between these instants goes in, after all that is needed to begin there. */
  readonly window?: Window | undefined
}

/** Trading begins at `fromMs`; the recording is left at `untilMs`. */
export type Window = {
  readonly fromMs: number
  readonly untilMs: number
  readonly onOpen: (at: Nanos) => void
}

const nanosPerMs = 1_000_000

/**
 * Feeds a recording to an engine: what came in, in its order and at its time, and nothing else.
 *
 * Answers of a venue to orders are left out, since the orders of a backtest are others. The parts
 * of a recording lie on one time line, that of the first: each began its own clock. Where one part
 * begins before the one before it has ended, it takes over.
 */
export async function feedRecording(options: FeedOptions): Promise<RecordedSpan> {
  const span: RecordedSpan = {
    eventCount: 0,
    frameCount: 0,
    fromMs: undefined,
    untilMs: undefined,
    faults: [],
  }
  const feeder = new Feeder(options, span)
  for (const [index, part] of options.parts.entries()) {
    feeder.begin(part.venues, options.parts[index + 1]?.start?.atMs)
    await feedSegments(part.segments, feeder, options.unpack ?? unpackSegment, span.faults)
  }
  feeder.close()
  return span
}

type Unpack = (file: SegmentFile) => AsyncIterable<Buffer>

/** Notes what is not as it was written. What came before that has been fed. */
async function feedSegments(
  segments: readonly SegmentFile[],
  feeder: Feeder,
  unpack: Unpack,
  faults: string[],
): Promise<void> {
  let expected: number | undefined
  for (const file of segments) {
    if (feeder.isOver) return
    const scanner = new SegmentScanner(feeder, file.compressed ? 'checked' : 'unchecked')
    const fault = await scan(unpack(file), scanner, feeder)
    const { firstNumber, nextNumber } = scanner
    if (fault !== undefined) faults.push(`${file.path}${fault}`)
    else if (expected !== undefined && firstNumber !== undefined && firstNumber !== expected) {
      faults.push(`${file.path}: record ${expected} was expected, ${firstNumber} was there`)
    }
    expected = fault === undefined ? nextNumber : undefined
  }
}

/** Gives what is wrong with a segment, and where. */
async function scan(
  pieces: AsyncIterable<Buffer>,
  scanner: SegmentScanner,
  feeder: Feeder,
): Promise<string | undefined> {
  try {
    for await (const piece of pieces) {
      // Unpacked to its end all the same: there stands the checksum of what has been fed.
      if (feeder.isOver) continue
      scanner.take(piece)
      if (scanner.faultAt !== undefined) break
    }
  } catch (error) {
    if (!(error instanceof UnpackingError)) throw error
    return `: ${error.message}`
  }
  if (!feeder.isOver) scanner.end()
  return scanner.faultAt === undefined ? undefined : `, byte ${scanner.faultAt}`
}

type Carried = {
  readonly venue: VenueId
  readonly connection: number
  readonly markets: readonly MarketId[]
}

class Feeder implements RecordVisitor {
  readonly #options: FeedOptions
  readonly #span: RecordedSpan
  #venues: readonly VenueId[] = []
  /** Added to the instants of a part, so that all lie on the time line of the first. */
  #shift = 0
  #first: StartEvent | undefined
  #endMs: number = Number.POSITIVE_INFINITY
  #endsAt: number = Number.POSITIVE_INFINITY
  /** What the connections that stand carry. */
  readonly #carried: Map<string, Carried> = new Map()
  #now = 0
  #isOpen: boolean
  #opensAt: number = Number.NEGATIVE_INFINITY

  constructor(options: FeedOptions, span: RecordedSpan) {
    this.#options = options
    this.#span = span
    this.#isOpen = options.window === undefined
  }

  get isOver(): boolean {
    return this.#now >= this.#endsAt
  }

  begin(venues: readonly VenueId[], nextStartMs: number | undefined): void {
    this.#venues = venues
    this.#endMs = Math.min(nextStartMs ?? Number.POSITIVE_INFINITY, this.#untilMs())
    this.#endsAt = this.#instantOf(this.#endMs)
  }

  close(): void {
    this.#span.untilMs = this.#msOf(this.#now)
  }

  frame(venueIndex: number, connection: number, at: number, bytes: Uint8Array): void {
    const now = at + this.#shift
    if (now >= this.#endsAt) {
      this.#now = this.#endsAt
      return
    }
    const venue = this.#venues[venueIndex]
    if (venue === undefined) return
    this.#now = now
    this.#span.eventCount++
    this.#span.frameCount++
    this.#options.intake.onFrame(venue, connection, bytes, now as Nanos)
  }

  text(type: 'header' | 'event' | 'effect' | 'note', bytes: Uint8Array): void {
    if (type !== 'event') return
    const event = readEvent(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString())
    // An order of ours is not in this recording's market, so neither are the answers to it.
    if (event === undefined || isOfOrders(event)) return
    if (event.kind === 'start') {
      this.#start(event)
      return
    }
    const moved = shifted(event, this.#shift)
    const now = moved.kind === 'connection' ? moved.change.at : moved.at
    if (now >= this.#endsAt) {
      this.#now = this.#endsAt
      return
    }
    this.#now = now
    this.#span.eventCount++
    this.#note(moved)
    this.#options.intake.process(moved)
    this.#open(now)
    this.#options.onPause(now)
  }

  #start(event: StartEvent): void {
    this.#span.eventCount++
    if (this.#first !== undefined) {
      const passedMs = event.atMs - this.#first.atMs
      this.#shift = this.#first.at + passedMs * nanosPerMs - event.at
      this.#now = Math.max(this.#now, event.at + this.#shift)
      this.#loseAll(event.atMs)
      return
    }
    this.#first = event
    this.#now = event.at
    this.#span.fromMs = event.atMs
    this.#endsAt = this.#instantOf(this.#endMs)
    this.#opensAt = this.#instantOf(this.#options.window?.fromMs ?? Number.NEGATIVE_INFINITY)
    this.#options.intake.process(event)
  }

  /** The sockets of the part before are not those of this one: nothing vouches for its books. */
  #loseAll(atMs: EpochMs): void {
    const at = this.#now as Nanos
    for (const { venue, connection, markets } of this.#carried.values()) {
      const change = { connection, kind: 'lost', markets, reason: 'closed', at, atMs } as const
      this.#options.intake.process({ kind: 'connection', venue, change })
    }
    this.#carried.clear()
  }

  #note(event: Exclude<TextEvent, StartEvent>): void {
    if (event.kind !== 'connection') return
    const { venue, change } = event
    const { connection, markets } = change
    const key = `${venue} ${connection}`
    if (change.kind === 'open') this.#carried.set(key, { venue, connection, markets })
    else this.#carried.delete(key)
  }

  #open(now: Nanos): void {
    if (this.#isOpen || now < this.#opensAt) return
    this.#isOpen = true
    this.#options.window?.onOpen(now)
  }

  #untilMs(): number {
    return this.#options.window?.untilMs ?? Number.POSITIVE_INFINITY
  }

  #instantOf(atMs: number): number {
    if (this.#first === undefined) return atMs < 0 ? atMs : Number.POSITIVE_INFINITY
    return this.#first.at + (atMs - this.#first.atMs) * nanosPerMs
  }

  #msOf(at: number): EpochMs | undefined {
    if (this.#first === undefined) return undefined
    return Math.round(this.#first.atMs + (at - this.#first.at) / nanosPerMs) as EpochMs
  }
}

/** The event as it would stand on another clock. */
function shifted(
  event: Exclude<TextEvent, StartEvent>,
  shift: number,
): Exclude<TextEvent, StartEvent> {
  if (shift === 0) return event
  if (event.kind === 'connection') {
    const { change } = event
    return { ...event, change: { ...change, at: (change.at + shift) as Nanos } }
  }
  return { ...event, at: (event.at + shift) as Nanos }
}

/** What has become of orders and money, in the life that was recorded. */
function isOfOrders({ kind }: TextEvent): boolean {
  switch (kind) {
    case 'order-update':
    case 'operation-update':
    case 'venue-status':
    case 'account':
      return true
    default:
      return false
  }
}
