import type { EpochMs, MicroShares, Ticks } from '../../core/units.ts'
import { add, zeroShares } from '../../core/units.ts'
import type { SimMarket } from '../sim-market.ts'
import type { TapeTrade } from './trade-tape.ts'

const minuteMs = 60_000
/** A day of minutes. */
const barsMax = 1440

export type Span = { open: Ticks; low: Ticks; high: Ticks; close: Ticks }

/** What one minute, or more of them together, has seen. */
export type Bar = {
  /** The end, which is part of it. */
  readonly endMs: number
  bid: Span
  ask: Span
  price: Span | undefined
  volume: MicroShares
}

/** The quotes and trades of Kalshi's markets by the minute. */
export class MinuteBars {
  readonly #bars = new Map<SimMarket, Bar[]>()

  note(market: SimMarket, trades: readonly TapeTrade[], at: EpochMs): void {
    const { engine } = market
    const bar = this.#barAt(market, at)
    widen(bar.bid, engine.bestBid('yes'))
    widen(bar.ask, engine.bestAsk('yes'))
    for (const { yesPrice, size } of trades) {
      if (bar.price === undefined) bar.price = spanAt(yesPrice)
      else widen(bar.price, yesPrice)
      bar.volume = add(bar.volume, size)
    }
  }

  /** Bars of so many minutes that end between two instants. */
  between(market: SimMarket, fromMs: number, untilMs: number, minutes: number): readonly Bar[] {
    const joined = new Map<number, Bar>()
    for (const bar of this.#bars.get(market) ?? []) {
      const endMs = endOf(bar.endMs - 1, minutes * minuteMs)
      const before = joined.get(endMs)
      joined.set(endMs, before === undefined ? copied(bar, endMs) : merged(before, bar))
    }
    return [...joined.values()].filter(({ endMs }) => endMs >= fromMs && endMs <= untilMs)
  }

  #barAt(market: SimMarket, at: EpochMs): Bar {
    const bars = this.#bars.get(market) ?? []
    this.#bars.set(market, bars)
    const endMs = endOf(at, minuteMs)
    const last = bars.at(-1)
    if (last?.endMs === endMs) return last

    const { engine } = market
    const bid = spanAt(engine.bestBid('yes'))
    const ask = spanAt(engine.bestAsk('yes'))
    const bar: Bar = { endMs, bid, ask, price: undefined, volume: zeroShares }
    bars.push(bar)
    if (bars.length > barsMax) bars.shift()
    return bar
  }
}

function endOf(at: number, spanMs: number): number {
  return (Math.floor(at / spanMs) + 1) * spanMs
}

function spanAt(price: Ticks): Span {
  return { open: price, low: price, high: price, close: price }
}

function widen(span: Span, price: Ticks): void {
  if (price < span.low) span.low = price
  if (price > span.high) span.high = price
  span.close = price
}

function copied({ bid, ask, price, volume }: Bar, endMs: number): Bar {
  return { endMs, bid: { ...bid }, ask: { ...ask }, price: price && { ...price }, volume }
}

function merged(bar: Bar, next: Bar): Bar {
  for (const key of ['low', 'high', 'close'] as const) {
    widen(bar.bid, next.bid[key])
    widen(bar.ask, next.ask[key])
  }
  if (bar.price === undefined) bar.price = next.price && { ...next.price }
  else if (next.price !== undefined) {
    for (const key of ['low', 'high', 'close'] as const) widen(bar.price, next.price[key])
  }
  bar.volume = add(bar.volume, next.volume)
  return bar
}
