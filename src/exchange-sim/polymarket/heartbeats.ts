import { createHash } from 'node:crypto'
import type { ExchangeClock, ExchangeTimers } from '../exchange-clock.ts'
import { uuidOf } from './api-keys.ts'

/** Silence after which an account's orders are cancelled. docs/venues/polymarket.md, 1.4. */
export const heartbeatMsMax = 10_000

type Pulse = { id: string; stop: () => void }

/** The dead man's switch: once started it must be fed, or all open orders of the key go. */
export class Heartbeats {
  readonly #clock: ExchangeClock
  readonly #timers: ExchangeTimers
  readonly #onSilence: (owner: string) => void
  readonly #silenceMs: number
  readonly #pulses = new Map<string, Pulse>()
  #count = 0

  constructor(
    machine: { readonly clock: ExchangeClock; readonly timers: ExchangeTimers },
    onSilence: (owner: string) => void,
    silenceMs: number = heartbeatMsMax,
  ) {
    this.#clock = machine.clock
    this.#timers = machine.timers
    this.#onSilence = onSilence
    this.#silenceMs = silenceMs
  }

  /** The next id, or the one that should have been sent. */
  beat(owner: string, id: string): { readonly kind: 'beaten' | 'wrong'; readonly id: string } {
    const pulse = this.#pulses.get(owner)
    if (pulse !== undefined && pulse.id !== id) return { kind: 'wrong', id: pulse.id }

    this.feed(owner)
    return { kind: 'beaten', id: this.#pulses.get(owner)?.id ?? '' }
  }

  /** The same without an id, as the older path has it. */
  feed(owner: string): void {
    this.#pulses.get(owner)?.stop()
    this.#count += 1
    const name = `${owner}:${this.#count}:${this.#clock.epochMs()}`
    this.#pulses.set(owner, {
      id: uuidOf(createHash('sha256').update(name).digest()),
      stop: this.#timers.after(this.#silenceMs, () => {
        this.#pulses.delete(owner)
        this.#onSilence(owner)
      }),
    })
  }

  stop(): void {
    for (const { stop } of this.#pulses.values()) stop()
    this.#pulses.clear()
  }
}
