import {
  cost,
  defineStrategy,
  floorToLot,
  legOf,
  milliseconds,
  min,
  noAsk,
  noBid,
  pass,
  price,
  proceeds,
  shares,
  subtract,
  takerFeeMax,
  texts,
  trade,
} from 'prediction-engine/strategy'
import type {
  Decision,
  EpochMs,
  Market,
  MicroShares,
  MicroUsd,
  StrategyDefinition,
  Ticks,
} from 'prediction-engine/strategy'

const name = 'news-filter'
const oneSided = pass('one-sided')
const news = pass('news-window')
const fair = pass('fair')
const small = pass('too-small')
const held = pass('held-already')
const dear = pass('fee-eats-it')
const unsure = pass('not-proven')

/**
 * Buys what fell far below its own average, but never around a scheduled time.
 *
 * A sudden fall is nearly always undone, unless somebody knows something: that is the opinion it
 * trades on, and the reason why it looks away in a window around each of `times`. The average
 * forgets over `memoryMs`, by the time of the events alone, so a replay has the same one.
 */
export const strategy: StrategyDefinition = defineStrategy({
  name,
  about: 'Buys what fell far below its own average, but never around a scheduled time.',
  parameters: {
    times: texts([], 'Scheduled times, as ISO dates: 2026-11-03T20:00:00Z.'),
    beforeMs: milliseconds(600_000, 'It looks away so long before each of them…'),
    afterMs: milliseconds(1_800_000, '…and so long after.'),
    fallMin: price('0.06', 'How far below its average an ask must be.'),
    memoryMs: milliseconds(300_000, 'Over what time the average forgets.'),
    size: shares('10', 'Shares of one order at the most.'),
  },
  create(settings) {
    const windows = settings.times.map((text) => windowOf(text, settings))
    const averages = new Map<number, Average>()
    const bought = new Set<number>()

    return {
      evaluate(context): Decision {
        const { entry, nowMs } = context
        const { market, yes } = entry
        if (yes.bestBid === noBid || yes.bestAsk === noAsk) return oneSided
        const average = averages.get(entry.index) ?? new Average(settings.memoryMs)
        averages.set(entry.index, average)
        const before = average.learn((yes.bestBid + yes.bestAsk) / 2, nowMs)
        // The average goes on through a window: only trading waits.
        if (windows.some(({ from, until }) => nowMs >= from && nowMs < until)) return news
        if (bought.has(entry.index)) return held
        if (before - yes.bestAsk < settings.fallMin) return fair

        const size = floorToLot(min(settings.size, yes.bestAskSize), market.lot)
        if (size < market.sizeMin) return small
        const target = Math.floor((before + yes.bestAsk) / 2) as Ticks
        const edge = edgeOf(market, yes.bestAsk, target, size)
        if (edge === undefined || edge <= 0) return dear
        if (!context.fresh(entry) || !context.prove(yes.book)) return unsure

        bought.add(entry.index)
        const leg = legOf(market, { outcome: 'yes', side: 'buy', limit: yes.bestAsk, size })
        return trade(context, { strategy: name, legs: [leg], edge })
      },
    }
  },
})

/** A time that reads as none is a mistake that must be seen before the first trade. */
function windowOf(
  text: string,
  { beforeMs, afterMs }: { readonly beforeMs: number; readonly afterMs: number },
): { readonly from: number; readonly until: number } {
  const at = Date.parse(text)
  if (Number.isNaN(at)) throw new TypeError(`times: "${text}" is no ISO date`)
  return { from: at - beforeMs, until: at + afterMs }
}

/** A mean that forgets: after `memoryMs` some 37 % of an old price is left in it. */
class Average {
  readonly #memoryMs: number
  #value: number | undefined
  #at: number = 0

  constructor(memoryMs: number) {
    this.#memoryMs = memoryMs
  }

  /** Takes in a price, and gives the mean as it was before. */
  learn(given: number, nowMs: EpochMs): number {
    const before = this.#value ?? given
    const kept = Math.exp(-(nowMs - this.#at) / this.#memoryMs)
    this.#value = this.#value === undefined ? given : given + (before - given) * kept
    this.#at = nowMs
    return before
  }
}

/** What it earns if half of the fall is undone, and it is sold there: less both fees. */
function edgeOf(
  market: Market,
  limit: Ticks,
  target: Ticks,
  size: MicroShares,
): MicroUsd | undefined {
  const paid = takerFeeMax(market.fee, limit, size)
  const later = takerFeeMax(market.fee, target, size)
  if (paid === undefined || later === undefined) return undefined
  return subtract(subtract(subtract(proceeds(target, size), cost(limit, size)), paid), later)
}
