import type { Clock } from '../ports/clock.ts'
import { ChangeLog } from './change-log.ts'
import type { Replica } from './replica.ts'
import type { MarketBooks } from './schema/market.ts'
import type { StreamMessage } from './schema/stream.ts'
import { watchRequest } from './schema/stream.ts'

/** A watcher's connection, as far as the hub needs it. */
export type Wire = {
  send(bytes: Uint8Array): void
  /** Bytes that wait to leave. */
  readonly waiting: number
  close(reason: CloseReason): void
}

/** Why the server hangs up; the numbers travel as WebSocket close codes. */
export type CloseReason = 'stalled' | 'too-many' | 'bad-request' | 'going-away'

export type StreamCounts = { readonly watchers: number; readonly dropped: number }

/** Half a minute of changes, for whoever lost the connection. */
const resumableMax = 600
/** Enough for a room full of screens; one more would be a mistake, or worse. */
const watchersMax = 500
/** Bytes: a watcher that has so much coming is sent no changes, but where things stand, later. */
const behindBytes = 256 * 1024
/** Bytes: a watcher that has so much coming does not read at all. */
const stalledBytes = 2 * 1024 * 1024
/** A watcher says now and then how far it is. One that has not for so long is not looking. */
const silentMsMax = 30_000

type Watcher = {
  readonly wire: Wire
  watched: readonly string[]
  /** The books it was sent last. */
  sent: ReadonlySet<MarketBooks>
  /** It was sent no changes for a while: next comes a snapshot. */
  behind: boolean
  heardMs: number
}

/**
 * Tells everybody who watches what has changed, and waits for nobody.
 *
 * A change is made into text once. A watcher who is slow is sent fewer of them, and one who does
 * not read at all is dropped: what is not sent is never kept.
 */
export class StreamHub {
  readonly #replica: Replica
  readonly #run: string
  readonly #clock: Clock
  readonly #log: ChangeLog = new ChangeLog(resumableMax)
  readonly #watchers: Set<Watcher> = new Set()
  #dropped = 0

  constructor(replica: Replica, run: string, clock: Clock) {
    this.#replica = replica
    this.#run = run
    this.#clock = clock
  }

  get counts(): StreamCounts {
    return { watchers: this.#watchers.size, dropped: this.#dropped }
  }

  get sequence(): number {
    return this.#log.sequence
  }

  /** The markets somebody looks at, each as "venue:id". */
  watched(): ReadonlySet<string> {
    return new Set([...this.#watchers].flatMap(({ watched }) => watched))
  }

  /** `after` is what the watcher has of which run, when it was here before. */
  join(wire: Wire, after: { readonly run: string; readonly sequence: number } | undefined): Joined {
    if (this.#watchers.size >= watchersMax) {
      wire.close('too-many')
      return { hear: () => undefined, leave: () => undefined }
    }
    const heardMs = this.#clock.epochMs()
    const watcher: Watcher = { wire, watched: [], sent: new Set(), behind: false, heardMs }
    this.#watchers.add(watcher)
    const missed = after?.run === this.#run ? this.#log.since(after.sequence) : undefined
    if (missed === undefined) this.#sendSnapshot(watcher)
    else {
      const { sequence } = this.#log
      wire.send(encode({ kind: 'resumed', run: this.#run, sequence }))
      for (const { bytes } of missed) wire.send(bytes)
    }
    return {
      hear: (text) => this.#hear(watcher, text),
      leave: () => void this.#watchers.delete(watcher),
    }
  }

  /** The replica has new facts: they are numbered and sent. */
  publish(): void {
    const change = this.#replica.takeChange()
    const logged =
      change === undefined
        ? undefined
        : this.#log.add((sequence) => encode({ kind: 'change', sequence, change }))
    const nowMs = this.#clock.epochMs()
    for (const watcher of this.#watchers) this.#tell(watcher, logged?.bytes, nowMs)
  }

  /** Hangs up on everybody. */
  close(): void {
    for (const watcher of this.#watchers) this.#drop(watcher, 'going-away')
  }

  #tell(watcher: Watcher, bytes: Uint8Array | undefined, nowMs: number): void {
    const { wire } = watcher
    if (wire.waiting > stalledBytes || nowMs - watcher.heardMs > silentMsMax) {
      this.#dropped++
      this.#drop(watcher, 'stalled')
      return
    }
    if (wire.waiting > behindBytes) {
      watcher.behind = true
      return
    }
    if (watcher.behind) this.#sendSnapshot(watcher)
    else if (bytes !== undefined) wire.send(bytes)
    this.#sendBooks(watcher)
  }

  #sendSnapshot(watcher: Watcher): void {
    const state = this.#replica.state()
    watcher.behind = state === undefined
    if (state === undefined) return
    const { sequence } = this.#log
    watcher.wire.send(encode({ kind: 'snapshot', run: this.#run, sequence, state }))
  }

  #sendBooks(watcher: Watcher): void {
    const { wire, watched, sent } = watcher
    if (watched.length === 0) return
    const looked = this.#replica.seen.filter(({ venue, id }) => watched.includes(`${venue}:${id}`))
    const books = looked.filter((each) => !sent.has(each))
    watcher.sent = new Set(looked)
    if (books.length > 0) wire.send(encode({ kind: 'books', books }))
  }

  #hear(watcher: Watcher, text: string): void {
    watcher.heardMs = this.#clock.epochMs()
    const request = readRequest(text)
    if (request === undefined) {
      this.#dropped++
      this.#drop(watcher, 'bad-request')
    } else if (request !== 'seen') {
      watcher.watched = request
      watcher.sent = new Set()
    }
  }

  #drop(watcher: Watcher, reason: CloseReason): void {
    this.#watchers.delete(watcher)
    watcher.wire.close(reason)
  }
}

export type Joined = {
  /** The watcher has sent this. */
  readonly hear: (text: string) => void
  readonly leave: () => void
}

const encoder = new TextEncoder()

function encode(message: StreamMessage): Uint8Array {
  return encoder.encode(JSON.stringify(message))
}

/** `{"watch":[...]}` or `{"seen":true}`: anything else is not from a page of ours. */
function readRequest(text: string): readonly string[] | 'seen' | undefined {
  if (text === seenText) return 'seen'
  try {
    const parsed = watchRequest.safeParse(JSON.parse(text))
    return parsed.success ? parsed.data.watch : undefined
  } catch {
    return undefined
  }
}

/** What a watcher sends now and then while it follows. */
const seenText = '{"seen":true}'
