import {
  cost,
  defineStrategy,
  floorToLot,
  fraction,
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
  trade,
} from 'prediction-engine/strategy'
import type {
  BookEntry,
  Decision,
  EvalContext,
  MicroShares,
  MicroUsd,
  Nanos,
  Outcome,
  StrategyDefinition,
} from 'prediction-engine/strategy'

const name = 'imbalance-taker'
const balanced = pass('balanced')
const oneSided = pass('one-sided')
const wide = pass('wide')
const resting = pass('waiting')
const small = pass('too-small')
const dear = pass('fee-eats-it')
const unsure = pass('not-proven')

/**
 * Takes the side that the weight of the book leans to: many bids and few asks for YES, and it buys
 * YES; the other way round, NO.
 *
 * It is an opinion, not a proof: it earns only where the price follows the weight of the book more
 * often than the spread and the fee cost. The edge it claims is `moveExpected`, less the fee.
 */
export const strategy: StrategyDefinition = defineStrategy({
  name,
  about: 'Takes the side that the weight of the best prices leans to, where the spread is narrow.',
  parameters: {
    leanMin: fraction('0.8', 'Least share of the size at the best prices that is on one side.'),
    spreadMax: price('0.02', 'Widest spread that is still crossed.'),
    moveExpected: price('0.03', 'By how much the price is thought to follow, in dollars a share.'),
    size: shares('10', 'Shares of one order at the most.'),
    pauseMs: milliseconds(30_000, 'A market that was signalled is left alone for so long.'),
  },
  create(settings) {
    const signalledAt = new Map<number, Nanos>()

    return {
      evaluate(context): Decision {
        const { entry, now } = context
        const { yes, market } = entry
        // Cheap tests on best prices first: nearly every look ends here.
        if (yes.bestBid === noBid || yes.bestAsk === noAsk) return oneSided
        if (yes.bestAsk - yes.bestBid > settings.spreadMax) return wide
        const outcome = leaning(entry, settings.leanMin)
        if (outcome === undefined) return balanced
        const before = signalledAt.get(entry.index)
        if (before !== undefined && now - before < settings.pauseMs * 1_000_000) return resting

        const book = entry[outcome]
        const size = floorToLot(min(settings.size, book.bestAskSize), market.lot)
        if (size < market.sizeMin) return small
        const edge = edgeOf(context, outcome, size, settings.moveExpected)
        if (edge === undefined || edge <= 0) return dear
        // A proof costs microseconds: last of all.
        if (!context.fresh(entry) || !context.prove(book.book)) return unsure

        signalledAt.set(entry.index, now)
        const limit = book.bestAsk
        const leg = legOf(market, { outcome, side: 'buy', limit, size })
        return trade(context, { strategy: name, legs: [leg], edge })
      },
    }
  },
})

/** The outcome that the best prices lean to; undefined when they lean too little. */
function leaning({ yes }: BookEntry, leanMin: number): Outcome | undefined {
  const all = yes.bestBidSize + yes.bestAskSize
  const share = (yes.bestBidSize / all) * 1_000_000
  if (share >= leanMin) return 'yes'
  return 1_000_000 - share >= leanMin ? 'no' : undefined
}

/** What it earns if the price moves as it is thought to, and is sold there: less both fees. */
function edgeOf(
  { entry }: EvalContext,
  outcome: Outcome,
  size: MicroShares,
  move: number,
): MicroUsd | undefined {
  const limit = entry[outcome].bestAsk
  const target = Math.min(limit + move, noAsk) as typeof limit
  const paid = takerFeeMax(entry.market.fee, limit, size)
  const later = takerFeeMax(entry.market.fee, target, size)
  if (paid === undefined || later === undefined) return undefined
  const gain = subtract(proceeds(target, size), cost(limit, size))
  return subtract(subtract(gain, paid), later)
}
