import {
  cost,
  defineStrategy,
  floorToLot,
  legOf,
  max,
  milliseconds,
  noAsk,
  noBid,
  pass,
  price,
  shares,
  stepAt,
  trade,
} from 'prediction-engine/strategy'
import type {
  Decision,
  Market,
  MicroShares,
  MicroUsd,
  Nanos,
  Outcome,
  OutcomeBook,
  StrategyDefinition,
  Ticks,
} from 'prediction-engine/strategy'

const name = 'passive-maker'
const oneSided = pass('one-sided')
const narrow = pass('narrow')
const quoted = pass('quoted')
const closing = pass('closing-soon')
const unsure = pass('not-proven')

type Quoted = { readonly outcome: Outcome; readonly until: Nanos }

/**
 * Rests a bid inside a wide spread, now for YES and now for NO, and waits to be hit.
 *
 * A NO bid at q is a YES ask at 1 - q: whoever hits both sides has sold us a dollar for less than
 * one, which merges at once. Whoever hits only one side has sold us an opinion: that is what it may
 * lose. The orders are post-only, so that none ever crosses, and end by themselves.
 */
export const strategy: StrategyDefinition = defineStrategy({
  name,
  about: 'Rests a bid inside a wide spread, for each outcome in turn, and waits to be hit.',
  parameters: {
    spreadMin: price('0.04', 'Spreads narrower than this are not worth it.'),
    inside: price('0.01', 'How far inside the spread its bid rests.'),
    size: shares('20', 'Shares of one order.'),
    restMs: milliseconds(20_000, 'An order that nobody has hit ends after so long.'),
    closeMarginMs: milliseconds(3_600_000, 'No order this close to the close of its market.'),
  },
  create(settings) {
    const quotes = new Map<number, Quoted>()

    return {
      evaluate(context): Decision {
        const { entry, now, nowMs } = context
        const { market, yes } = entry
        if (yes.bestBid === noBid || yes.bestAsk === noAsk) return oneSided
        if (yes.bestAsk - yes.bestBid < settings.spreadMin) return narrow
        const last = quotes.get(entry.index)
        if (last !== undefined && now < last.until) return quoted
        if (market.closesAt !== undefined && market.closesAt - nowMs < settings.closeMarginMs) {
          return closing
        }
        if (!context.fresh(entry) || !context.prove(yes.book)) return unsure

        const outcome = last?.outcome === 'yes' ? 'no' : 'yes'
        const limit = insideOf(entry[outcome], market, settings.inside)
        if (limit === undefined) return narrow
        const size = max(floorToLot(settings.size, market.lot), market.sizeMin)
        const until = (now + settings.restMs * 1_000_000) as Nanos
        quotes.set(entry.index, { outcome, until })
        const rest = { forMs: settings.restMs, postOnly: true }
        const leg = legOf(market, { outcome, side: 'buy', limit, size, rest })
        return trade(context, { strategy: name, legs: [leg], edge: edgeOf(yes, size) })
      },
    }
  },
})

/** Where the bid rests: so far above the best, on the grid, and below every ask. */
function insideOf(book: OutcomeBook, market: Market, inside: Ticks): Ticks | undefined {
  const step = stepAt(market.grid, book.bestBid)
  const steps = Math.max(1, Math.floor(inside / step))
  const limit = (book.bestBid + steps * step) as Ticks
  return limit < book.bestAsk ? limit : undefined
}

/** Half the spread on each share: what it would earn if it could be out again at the middle. */
function edgeOf(yes: OutcomeBook, size: MicroShares): MicroUsd {
  return cost(Math.max(1, Math.floor((yes.bestAsk - yes.bestBid) / 2)) as Ticks, size)
}
