import { mergeChange } from '../../../src/server/schema/merge-change.ts'
import type { MarketBooks } from '../../../src/server/schema/market.ts'
import type { RunState } from '../../../src/server/schema/stream.ts'
import { streamMessage } from '../../../src/server/schema/stream.ts'

/**
 * - `connecting`: nothing yet. - `live`: changes come in. - `stale`: the connection stands, and
 * nothing has come for a while. - `lost`: it is being opened again. - `refused`: a login is needed.
 */
export type Phase = 'connecting' | 'live' | 'stale' | 'lost' | 'refused'

export type StreamView = {
  readonly phase: Phase
  readonly run: RunState | undefined
  readonly books: ReadonlyMap<string, MarketBooks>
  /** When it was last told anything, by the clock of this machine. */
  readonly heardMs: number
}

/** The engine speaks twenty times a second: silence for this long is not chance. */
const staleAfterMs = 2_000
/** No eye follows more pictures of a table in a second than twenty-five. */
const drawEveryMs = 40
const retryMsMin = 250
const retryMsMax = 5_000
/** The server wants to hear now and then that we still follow. */
const seenEveryMs = 5_000

/** Keeps the state of the run as the server tells it, over connections that come and go. */
export class StreamStore {
  readonly #address: string
  readonly #isRefused: () => Promise<boolean>
  readonly #listeners: Set<() => void> = new Set()
  readonly #watched: Map<string, number> = new Map()
  #view: StreamView = { phase: 'connecting', run: undefined, books: new Map(), heardMs: 0 }
  #pending: StreamView = this.#view
  #socket: WebSocket | undefined
  #runId = ''
  #sequence = 0
  #retryMs = retryMsMin
  #saidSeenMs = 0
  #isDue = false
  #drawnMs = 0
  #timers: ReturnType<typeof setTimeout>[] = []
  #closed = false

  /** `isRefused` tells whether a connection failed because a login is needed. */
  constructor(address: string, isRefused: () => Promise<boolean>) {
    this.#address = address
    this.#isRefused = isRefused
  }

  start(): () => void {
    this.#closed = false
    this.#connect()
    const watch = setInterval(() => this.#checkAge(), 500)
    return () => {
      this.#closed = true
      clearInterval(watch)
      for (const timer of this.#timers) clearTimeout(timer)
      this.#socket?.close()
    }
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }

  readonly view = (): StreamView => this.#view

  /** Asks for the books of a market for as long as somebody looks. */
  watch(market: string): () => void {
    this.#watched.set(market, (this.#watched.get(market) ?? 0) + 1)
    this.#sendWatched()
    return () => {
      const lookers = (this.#watched.get(market) ?? 1) - 1
      if (lookers > 0) this.#watched.set(market, lookers)
      else this.#watched.delete(market)
      this.#sendWatched()
    }
  }

  #connect(): void {
    const resume = this.#runId === '' ? '' : `?run=${this.#runId}&after=${this.#sequence}`
    const socket = new WebSocket(`${this.#address}${resume}`)
    this.#socket = socket
    socket.addEventListener('open', () => this.#sendWatched())
    socket.addEventListener('message', ({ data }) => {
      if (socket === this.#socket && typeof data === 'string') this.#hear(data)
    })
    socket.addEventListener('close', () => {
      if (socket === this.#socket) void this.#lost()
    })
  }

  #hear(text: string): void {
    const message = streamMessage.parse(JSON.parse(text))
    const heardMs = Date.now()
    switch (message.kind) {
      case 'snapshot':
        this.#runId = message.run
        this.#sequence = message.sequence
        this.#update({ phase: 'live', run: message.state, heardMs })
        break
      case 'resumed':
        this.#update({ phase: 'live', heardMs })
        break
      case 'change': {
        const { run } = this.#pending
        // A number that does not follow means that we hold something else than the server.
        if (run === undefined || message.sequence !== this.#sequence + 1) {
          this.#startOver()
          return
        }
        this.#sequence = message.sequence
        this.#update({ phase: 'live', run: mergeChange(run, message.change), heardMs })
        break
      }
      case 'books': {
        const books = new Map(this.#pending.books)
        for (const each of message.books) books.set(`${each.venue}:${each.id}`, each)
        this.#update({ books, heardMs })
        break
      }
    }
    this.#retryMs = retryMsMin
    this.#saySeen(heardMs)
  }

  async #lost(): Promise<void> {
    this.#socket = undefined
    if (this.#closed) return
    this.#update({ phase: this.#pending.run === undefined ? 'connecting' : 'lost' })
    if (await this.#isRefused()) {
      this.#update({ phase: 'refused' })
      return
    }
    const waitMs = this.#retryMs * (0.5 + Math.random() / 2)
    this.#retryMs = Math.min(2 * this.#retryMs, retryMsMax)
    this.#timers = [setTimeout(() => this.#closed || this.#connect(), waitMs)]
  }

  #startOver(): void {
    this.#runId = ''
    this.#socket?.close()
  }

  /** Said on hearing something, because the timers of a hidden page hardly run. */
  #saySeen(nowMs: number): void {
    if (nowMs - this.#saidSeenMs < seenEveryMs) return
    this.#saidSeenMs = nowMs
    this.#send('{"seen":true}')
  }

  #sendWatched(): void {
    this.#send(JSON.stringify({ watch: [...this.#watched.keys()] }))
  }

  #send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text)
  }

  #checkAge(): void {
    const { phase, heardMs } = this.#pending
    if (phase === 'live' && Date.now() - heardMs > staleAfterMs) this.#update({ phase: 'stale' })
  }

  /** Many changes between two pictures are shown as one. */
  #update(change: Partial<StreamView>): void {
    this.#pending = { ...this.#pending, ...change }
    if (this.#isDue) return
    this.#isDue = true
    const waitMs = Math.max(0, this.#drawnMs + drawEveryMs - performance.now())
    // A hidden page is drawn no pictures, and needs none.
    setTimeout(() => requestAnimationFrame(() => this.#draw()), waitMs)
  }

  #draw(): void {
    this.#isDue = false
    this.#drawnMs = performance.now()
    this.#view = this.#pending
    for (const listener of this.#listeners) listener()
  }
}
