import { assert } from '../core/assert.ts'
import type { Market, VenueId } from '../core/market.ts'
import type { Side } from '../core/order.ts'
import { oppositeSide } from '../core/order.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, max, zeroUsd } from '../core/units.ts'
import type { Basket, BasketLeg, LegGap, LegQuote } from '../execution/basket.ts'
import { sayableQuote } from '../execution/sayable-quote.ts'
import type { Portfolio } from '../portfolio/portfolio.ts'
import type { DepthQuote, OrderGateway } from '../ports/order-gateway.ts'

export type QuoteFacts = {
  readonly gateway: OrderGateway
  readonly portfolio: Portfolio
  readonly marketOf: (leg: { venue: VenueId; market: Market['id'] }) => Market | undefined
}

/**
 * What it takes now to bring a leg up to the others, or down to them. What our cash does not reach
 * is no way out.
 */
export function legQuote(basket: Basket, gap: LegGap, facts: QuoteFacts): LegQuote {
  const { excess, leg, missing } = gap
  const planned = basket.legs[leg]
  assert(planned !== undefined, `a gap is of a leg of the basket: ${leg}`)
  const up = quoteOf(planned, planned.side, missing, facts)
  const down = quoteOf(planned, oppositeSide(planned.side), excess, facts)
  const cash = facts.portfolio.cashOf(planned.venue)
  return {
    leg,
    complete: up === undefined || up.paid > cash ? undefined : { ...up, size: missing },
    unwind: down === undefined || down.paid > cash ? undefined : { ...down, size: excess },
  }
}

/** A price that the venue can be told for just this size, and the most that is paid at it. */
function quoteOf(
  leg: BasketLeg,
  side: Side,
  size: MicroShares,
  { gateway, marketOf }: QuoteFacts,
): DepthQuote | undefined {
  const market = marketOf(leg)
  if (size === 0 || market === undefined) return undefined
  const quote = gateway.quote(leg, side, size)
  return quote === undefined ? undefined : sayableQuote(market, side, size, quote)
}

/** What would put more at stake than is allowed is none, be it to complete or to unwind. */
export function withinHeadroom(
  headroom: MicroUsd,
  quotes: readonly LegQuote[],
): readonly LegQuote[] {
  const isAllowed = (kind: 'complete' | 'unwind'): boolean =>
    quotes.reduce((sum, quote) => add(sum, max(quote[kind]?.paid ?? zeroUsd, zeroUsd)), zeroUsd) <=
    headroom
  const complete = isAllowed('complete')
  const unwind = isAllowed('unwind')
  return quotes.map((quote) => ({
    leg: quote.leg,
    complete: complete ? quote.complete : undefined,
    unwind: unwind ? quote.unwind : undefined,
  }))
}
