import type { MessagePort } from 'node:worker_threads'
import type { MarketId, VenueId } from '../core/market.ts'
import type { Clock, Timers } from '../ports/clock.ts'
import type { Health } from '../server/schema/health.ts'
import type { Answers, FromServer, Question } from './server-messages.ts'

/** An engine that has not answered by then does not. */
const answerMsMax = 5_000
/** An engine that was not heard of for so long is not alive: it speaks many times a second. */
const silenceMsMax = 10_000
/** However many look, the engine is asked for its metrics no more often than this. */
const healthEveryMs = 900

type Waiting = { readonly resolve: (value: unknown) => void; readonly cancel: () => void }
type Parts = { readonly clock: Clock; readonly timers: Timers }

/** The server thread's end of the line to the engine's thread. */
export class EngineLine {
  readonly #port: MessagePort
  readonly #parts: Parts
  readonly #waiting: Map<number, Waiting> = new Map()
  #asked = 0
  #heardMs: number | undefined
  #notReady: readonly string[] = ['still starting']
  #health: { readonly atMs: number; readonly answer: Promise<Health> } | undefined
  #looked = ''

  constructor(port: MessagePort, parts: Parts) {
    this.#port = port
    this.#parts = parts
  }

  /** What keeps the engine from its work, by its own words. */
  get notReady(): readonly string[] {
    return [...this.#notReady, ...this.notAlive()]
  }

  notAlive(): readonly string[] {
    const heardMs = this.#heardMs
    if (heardMs === undefined) return []
    const silentMs = this.#parts.clock.epochMs() - heardMs
    if (silentMs < silenceMsMax) return []
    return [`the engine was not heard of for ${Math.round(silentMs / 1_000)} s`]
  }

  say(message: FromServer): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
    this.#port.postMessage(message)
  }

  heard(notReady: readonly string[]): void {
    this.#heardMs = this.#parts.clock.epochMs()
    this.#notReady = notReady
  }

  /** Rejects when there is no answer in time. */
  ask<Kind extends Question['kind']>(
    question: Extract<Question, { readonly kind: Kind }>,
  ): Promise<Answers[Kind]> {
    this.#asked++
    const id = this.#asked
    return new Promise((resolve, reject) => {
      const cancel = this.#parts.timers.after(answerMsMax, () => {
        this.#waiting.delete(id)
        reject(new Error(`the engine did not answer in ${answerMsMax / 1_000} s`))
      })
      this.#waiting.set(id, { resolve: (value) => resolve(value as Answers[Kind]), cancel })
      this.say({ kind: 'ask', id, question })
    })
  }

  answered(id: number, value: unknown): void {
    const waiting = this.#waiting.get(id)
    this.#waiting.delete(id)
    waiting?.cancel()
    waiting?.resolve(value)
  }

  health(): Promise<Health> {
    const nowMs = this.#parts.clock.epochMs()
    if (this.#health === undefined || nowMs - this.#health.atMs >= healthEveryMs) {
      this.#health = { atMs: nowMs, answer: this.ask({ kind: 'health' }) }
    }
    return this.#health.answer
  }

  /** Tells the engine whose books somebody looks at, when that has changed. */
  look(watched: ReadonlySet<string>): void {
    const names = [...watched].toSorted()
    const text = names.join(' ')
    if (text === this.#looked) return
    this.#looked = text
    this.say({ kind: 'look', markets: names.map(readName) })
  }
}

function readName(name: string): { readonly venue: VenueId; readonly market: MarketId } {
  const at = name.indexOf(':')
  return { venue: name.slice(0, at) as VenueId, market: name.slice(at + 1) as MarketId }
}
