import {
  defineStrategy,
  legOf,
  milliseconds,
  noAsk,
  noBid,
  pass,
  shares,
  trade,
  usd,
} from 'prediction-engine/strategy'
import type { Decision, Nanos, StrategyDefinition } from 'prediction-engine/strategy'

const name = 'known-loser'
const oneSided = pass('one-sided')
const waiting = pass('waiting')

/**
 * Buys at the ask and sells at the bid, over and over: it pays the spread and both fees each time.
 *
 * A negative control: a backtest in which this does not lose cannot be believed at all.
 */
export const strategy: StrategyDefinition = defineStrategy({
  name,
  about: 'Buys at the ask and sells at the bid, over and over: it must lose.',
  parameters: {
    size: shares('10', 'Shares of one order.'),
    claimed: usd('0.10', 'What it claims to earn, so that risk lets it through.'),
    pauseMs: milliseconds(500, 'Between two orders in a market.'),
  },
  create(settings) {
    const tradedAt = new Map<number, Nanos>()

    return {
      evaluate(context): Decision {
        const { entry, now } = context
        const { market, yes } = entry
        if (yes.bestBid === noBid || yes.bestAsk === noAsk) return oneSided
        const before = tradedAt.get(entry.index)
        if (before !== undefined && now - before < settings.pauseMs * 1_000_000) return waiting

        tradedAt.set(entry.index, now)
        const { size, claimed: edge } = settings
        const isHeld = context.held({ venue: market.venue, instrument: market.yes.id }) >= size
        const leg = isHeld
          ? legOf(market, { outcome: 'yes', side: 'sell', limit: yes.bestBid, size })
          : legOf(market, { outcome: 'yes', side: 'buy', limit: yes.bestAsk, size })
        return trade(context, { strategy: name, legs: [leg], edge })
      },
    }
  },
})
