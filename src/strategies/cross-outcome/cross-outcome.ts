import type { BookDoubt } from '../../arbitrage/book-doubt.ts'
import { doubtOfBook, doubtPass } from '../../arbitrage/book-doubt.ts'
import type { Side } from '../../core/order.ts'
import type { Decision, Pass, TradeSignal } from '../../core/signal.ts'
import { pass } from '../../core/signal.ts'
import type { MicroShares, Ppm } from '../../core/units.ts'
import { max, par, ratio, ticksPerUsd } from '../../core/units.ts'
import type { EvalContext, Strategy } from '../../ports/strategy.ts'
import { certifyPair, pairLegs } from './certify-pair.ts'
import type { Pair } from './walk-pair.ts'
import { walkPair } from './walk-pair.ts'

export type CrossOutcomeConfig = {
  /** The least that a share of both outcomes must earn, fees in, in ppm of a dollar. */
  readonly edgeMin: Ppm
  readonly sizeMin: MicroShares
  readonly sizeMax: MicroShares
}

export const crossOutcomeDefaults: CrossOutcomeConfig = {
  edgeMin: 10_000 as Ppm,
  sizeMin: 5_000_000 as MicroShares,
  sizeMax: 100_000_000 as MicroShares,
}

const noEdge = pass('no-edge')

/**
 * Buys YES and NO of one market when both together cost less than the dollar one of them pays, and
 * sells both when they bring more than the dollar they can be split from.
 *
 * Where the venue mirrors NO from YES, such a sum is a crossed book, and a crossed book is nearly
 * always an error of the feed or of ours: there it acts only on a book that is proven at that very
 * moment, and what cannot be proven is counted as a phantom.
 */
export class CrossOutcome implements Strategy {
  readonly name = 'cross-outcome'
  readonly #config: CrossOutcomeConfig

  constructor(config: CrossOutcomeConfig) {
    this.#config = config
  }

  onCatalogue(): void {}

  evaluate(context: EvalContext): Decision {
    const { entry } = context
    const { yes, no } = entry
    if (yes.bestAsk + no.bestAsk < ticksPerUsd) return this.#take(context, 'buy')
    if (yes.bestBid + no.bestBid > ticksPerUsd) return this.#take(context, 'sell')
    return noEdge
  }

  #take(context: EvalContext, side: Side): Decision {
    const { entry } = context
    const doubt = doubtOf(context)
    if (doubt !== undefined) return phantom(context, doubt)

    const { market, yes, no } = entry
    const { edgeMin, sizeMin, sizeMax } = this.#config
    const least = max(sizeMin, market.sizeMin)
    const pair = walkPair({ market, yes, no, side, edgeMin, sizeMin: least, sizeMax })
    return pair.kind === 'none' ? pass(pair.reason) : signalOf(context, pair)
  }
}

/**
 * Why the books of this market may not be believed now. The proof costs the most and comes last.
 */
function doubtOf(context: EvalContext): BookDoubt | undefined {
  const { yes, no } = context.entry
  const doubt = doubtOfBook(yes.book) ?? doubtOfBook(no.book)
  if (doubt !== undefined) return doubt
  if (!context.fresh(context.entry)) return 'STALE'

  // One book for both outcomes: the sum is out of line because the book is crossed.
  if (yes.book === no.book) return context.prove(yes.book) ? undefined : 'CROSSED'
  if (yes.book.crossed || no.book.crossed) return 'CROSSED'
  return context.prove(yes.book) && context.prove(no.book) ? undefined : 'UNPROVEN'
}

function phantom(context: EvalContext, doubt: BookDoubt): Pass {
  context.phantom(doubt)
  return doubtPass[doubt]
}

function signalOf({ now, receivedAt }: EvalContext, pair: Pair): TradeSignal {
  const certificate = certifyPair(pair)
  return {
    kind: 'signal',
    strategy: 'cross-outcome',
    venue: pair.market.venue,
    legs: pairLegs(pair),
    edge: certificate.edge,
    edgeRate: ratio(certificate.edge, par(pair.size)) ?? (0 as Ppm),
    certificate,
    realisation: pair.side === 'buy' ? 'merge' : 'split',
    generatedAt: now,
    receivedAt,
  }
}
