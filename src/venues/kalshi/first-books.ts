import type { MarketId } from '../../core/market.ts'

/**
 * The markets that were subscribed and whose first book has not come.
 *
 * A snapshot that is lost leaves a gap, but the gap does not say of which market. And a market of
 * which nobody trades sends nothing else.
 */
export class FirstBooks {
  readonly #timeoutMs: number
  readonly #since: Map<string, number> = new Map()

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs
  }

  get count(): number {
    return this.#since.size
  }

  expect(markets: readonly MarketId[], nowMs: number): void {
    for (const market of markets) this.#since.set(market, nowMs)
  }

  forget(markets: readonly MarketId[]): void {
    for (const market of markets) this.#since.delete(market)
  }

  clear(): void {
    this.#since.clear()
  }

  /** Looks at a frame: one that is a snapshot ends the wait for its market. */
  look(frame: Buffer): void {
    const text = frame.toString('latin1', 0, headLength)
    if (!text.includes('"orderbook_snapshot"')) return
    const ticker = /"market_ticker":\s*"([^"\\]+)"/.exec(text)?.[1]
    if (ticker !== undefined) this.#since.delete(ticker)
  }

  /** The markets whose book is overdue. They are given so long again. */
  overdue(nowMs: number): readonly MarketId[] {
    const late = [...this.#since].filter(([, since]) => nowMs - since >= this.#timeoutMs)
    for (const [market] of late) this.#since.set(market, nowMs)
    return late.map(([market]) => market as MarketId)
  }
}

/** Type and ticker stand within so many bytes of a snapshot's beginning. */
const headLength = 300
