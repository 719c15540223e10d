import type { ExchangeTimers } from '../exchange-clock.ts'
import { faultDelays, faultRates } from '../faults.ts'
import type { Faults } from '../faults.ts'
import type { SimMarket } from '../sim-market.ts'
import { malformedFrames } from './malformed-frames.ts'
import type { Publication } from './market-publisher.ts'

/** While one market of a connection is held back, at most so many of its frames wait. */
const heldFramesMax = 500

/** What a connection can do: the socket behind it. */
export type LineEnd = {
  send(bytes: Buffer): void
  /** Cuts the connection without a word. */
  cut(): void
}

/** What is between the exchange and one of its clients, and what goes wrong there. */
export class MarketLine {
  readonly #end: LineEnd
  readonly #faults: Faults
  readonly #timers: ExchangeTimers
  readonly #stops: (() => void)[] = []
  readonly #held = new Map<SimMarket, Buffer[]>()
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
    this.#held.clear()
  }

  /** A reply to a ping or to a request: it comes even through a line that has fallen silent. */
  reply(bytes: Buffer): void {
    this.#end.send(bytes)
  }

  /** Which of the books of a dump are sent at all. */
  keepsOfDump(): boolean {
    return !this.#faults.strikes('dropped-snapshot', faultRates.droppedSnapshot)
  }

  /** Whether an older change comes after the book it is already in. */
  repeatsAfterDump(): boolean {
    return this.#faults.strikes('stale-delta', faultRates.staleDelta)
  }

  dump(bytes: Buffer): void {
    if (!this.#isSilent) this.#end.send(bytes)
  }

  publish(publication: Publication, bytes: Buffer): void {
    if (this.#isSilent) return
    const { market } = publication
    const held = this.#held.get(market)
    if (held !== undefined) {
      held.push(bytes)
      if (held.length > heldFramesMax) this.#release(market)
      return
    }
    this.#transmit(publication, bytes)
  }

  #transmit(publication: Publication, bytes: Buffer): void {
    const faults = this.#faults
    const { market, kind, followed } = publication
    const isChange = kind === 'price_change'
    if (isChange && followed && faults.strikes('corrupt-level', faultRates.lostChange)) return

    this.#end.send(bytes)
    if (faults.strikes('duplicate-frame', faultRates.duplicate)) this.#end.send(bytes)
    if (faults.strikes('malformed-frame', faultRates.malformed)) {
      this.#end.send(Buffer.from(faults.pick(malformedFrames(market))))
    }
    if (publication.opensSweep && faults.strikes('crossed-sweep', faultRates.crossedSweep)) {
      this.#held.set(market, [])
      this.#later(faults.delayMs(faultDelays.crossedSweep), () => this.#release(market))
    }
  }

  /** Lets out what was held back, in its order. */
  #release(market: SimMarket): void {
    const held = this.#held.get(market) ?? []
    this.#held.delete(market)
    for (const bytes of held) this.#end.send(bytes)
  }

  #later(delayMs: number, run: () => void): void {
    this.#stops.push(this.#timers.after(delayMs, run))
  }
}
