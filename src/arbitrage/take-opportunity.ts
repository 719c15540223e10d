import type { Market } from '../core/market.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { Decision, TradeSignal } from '../core/signal.ts'
import { pass } from '../core/signal.ts'
import type { MicroShares, Nanos, Ppm } from '../core/units.ts'
import { doubtOfBook, doubtPass, type BookDoubt } from './book-doubt.ts'
import type { Opportunity } from './opportunity.ts'

/** A market with its books, as a strategy sees it. */
export type Sighted = {
  readonly market: Market
  readonly yes: OutcomeBook
  readonly no: OutcomeBook
}

/** What is needed to believe what one sees, and to say when it was seen. */
export type Sight = {
  readonly receivedAt: Nanos
  readonly now: Nanos
  fresh(entry: Sighted): boolean
  prove(book: OrderBook): boolean
  phantom(cause: string): void
}

/** What an opportunity must come to, to be worth a basket. */
export type Worthwhile = {
  /** By dollar of payout, fees in, in ppm. */
  readonly edgeMin: Ppm
  readonly sizeMin: MicroShares
}

const noEdge = pass('no-edge')
const thinEdge = pass('thin-edge')
const tooSmall = pass('too-small')
const bookMissing = pass('book-missing')

/**
 * A signal for what a detector has found, once every book it takes from is believed.
 *
 * Books that are torn, broken, crossed or silent make no signal: what they showed is counted as a
 * phantom, by its cause. The proof of the books costs the most and comes last.
 */
export function takeOpportunity(
  strategy: string,
  found: Opportunity | undefined,
  entryOf: (leg: Opportunity['legs'][number]) => Sighted | undefined,
  { sight, worthwhile }: { readonly sight: Sight; readonly worthwhile: Worthwhile },
): Decision {
  if (found === undefined) return noEdge

  const entries: Sighted[] = []
  for (const leg of found.legs) {
    const entry = entryOf(leg)
    if (entry === undefined) return bookMissing
    const doubt = doubtOf(entry, leg.outcome, sight)
    if (doubt !== undefined) {
      sight.phantom(doubt)
      return doubtPass[doubt]
    }
    entries.push(entry)
  }
  if (found.edgeRate < worthwhile.edgeMin) return thinEdge
  if (found.size < worthwhile.sizeMin) return tooSmall

  const isProven = found.legs.every((leg, index) => {
    const entry = entries[index]
    return entry !== undefined && sight.prove(entry[leg.outcome].book)
  })
  if (!isProven) {
    sight.phantom('UNPROVEN')
    return doubtPass.UNPROVEN
  }
  return signalOf(strategy, found, sight)
}

function doubtOf(entry: Sighted, outcome: 'yes' | 'no', sight: Sight): BookDoubt | undefined {
  const { book } = entry[outcome]
  const doubt = doubtOfBook(book)
  if (doubt !== undefined) return doubt
  if (book.crossed) return 'CROSSED'
  return sight.fresh(entry) ? undefined : 'STALE'
}

function signalOf(strategy: string, found: Opportunity, { now, receivedAt }: Sight): Decision {
  const [first] = found.legs
  if (first === undefined) return noEdge
  const signal: TradeSignal = {
    kind: 'signal',
    strategy,
    venue: first.venue,
    legs: found.legs,
    edge: found.edge,
    edgeRate: found.edgeRate,
    certificate: found.certificate,
    realisation: found.realisation.by,
    generatedAt: now,
    receivedAt,
  }
  return signal
}
