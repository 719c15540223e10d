import type { ExchangeTimers } from '../exchange-clock.ts'
import { faultDelays } from '../faults.ts'
import type { Faults } from '../faults.ts'

/** How often each fault strikes while it is switched on. */
const rates = {
  /** Of snapshots: not sent, and no number used up. */
  droppedSnapshot: 0.05,
  /** Of snapshots: a change that is in it comes after it again. */
  staleDelta: 0.2,
  /** Of matches with a remainder. */
  crossedSweep: 0.3,
  /** Of changes: a number is used up, and nothing is sent. */
  lostChange: 0.002,
  duplicate: 0.004,
  malformed: 0.0004,
}

/** Frames that wait while a match is told slowly. Above this they are let go. */
const heldMax = 2_000

/** What a connection can do: the socket behind it. */
export type LineEnd = { send(text: string): void; cut(): void }

/** A message of a subscription; it gets its number when its turn has come. */
export type Numbered = {
  readonly kind: 'snapshot' | 'delta' | 'other'
  /** The text of the frame under a number. Called once: the number is used up by it. */
  readonly write: () => string
  /** The first of several changes that leave the book crossed until the last. */
  readonly opensSweep?: boolean
}

/** What is between the exchange and one of its clients on Kalshi's socket, and goes wrong there. */
export class Line {
  readonly #end: LineEnd
  readonly #faults: Faults
  readonly #timers: ExchangeTimers
  readonly #stops: (() => void)[] = []
  #held: Numbered[] | undefined = undefined
  #lastDelta = ''
  #isSilent = false

  constructor(end: LineEnd, faults: Faults, timers: ExchangeTimers) {
    this.#end = end
    this.#faults = faults
    this.#timers = timers
  }

  /** Sets the times at which the line is cut or falls silent, if it ever does. */
  open(): void {
    const faults = this.#faults
    if (faults.has('disconnect')) {
      this.#later(faults.delayMs(faultDelays.disconnect), () => this.#end.cut())
    }
    if (faults.has('silent-freeze')) {
      this.#later(faults.delayMs(faultDelays.silence), () => {
        this.#isSilent = true
      })
    }
  }

  close(): void {
    for (const stop of this.#stops) stop()
    this.#held = undefined
  }

  /** An answer that is of no subscription: it comes even through a line that has fallen silent. */
  reply(text: string): void {
    this.#end.send(text)
  }

  /** Messages of one subscription, in their order. */
  publish(message: Numbered): void {
    if (this.#isSilent) return
    if (this.#held === undefined) {
      this.#transmit(message)
      return
    }
    this.#held.push(message)
    if (this.#held.length > heldMax) this.#release()
  }

  #transmit(message: Numbered): void {
    const faults = this.#faults
    const { kind } = message
    if (kind === 'snapshot' && faults.strikes('dropped-snapshot', rates.droppedSnapshot)) return

    const text = message.write()
    if (kind === 'delta' && faults.strikes('corrupt-level', rates.lostChange)) return
    this.#end.send(text)
    if (faults.strikes('duplicate-frame', rates.duplicate)) this.#end.send(text)
    if (faults.strikes('malformed-frame', rates.malformed)) {
      this.#end.send(faults.pick(malformedFrames))
    }
    if (kind === 'snapshot' && faults.strikes('stale-delta', rates.staleDelta)) {
      this.#end.send(this.#lastDelta === '' ? text : this.#lastDelta)
    }
    if (kind === 'delta') this.#lastDelta = text
    if (message.opensSweep === true && faults.strikes('crossed-sweep', rates.crossedSweep)) {
      this.#held = []
      this.#later(faults.delayMs(faultDelays.crossedSweep), () => this.#release())
    }
  }

  /** Lets out what was held back, in its order. */
  #release(): void {
    const held = this.#held ?? []
    this.#held = undefined
    for (const message of held) this.publish(message)
  }

  #later(delayMs: number, run: () => void): void {
    this.#stops.push(this.#timers.after(delayMs, run))
  }
}

/** Frames that no reader may take for a message, each wrong in a way of its own. */
const malformedFrames: readonly string[] = [
  '',
  'null',
  '[1, 2, 3]',
  'upstream connect error or disconnect/reset before headers',
  '{"type":"orderbook_delta","sid":1,"seq":',
  '{"type":"a_new_kind_of_message","msg":{}}',
  '{"type":"orderbook_delta","sid":1,"msg":{"market_ticker":"KX","price":96,"delta":-54}}',
  '{"type":"orderbook_snapshot","sid":"1","seq":"2","msg":null}',
  `${'['.repeat(200)}${']'.repeat(200)}`,
]
