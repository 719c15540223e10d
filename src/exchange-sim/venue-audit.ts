/** What a venue knows of one account, for comparison with what the account believes. */
export type VenueAudit = {
  readonly venue: 'polymarket' | 'kalshi'
  readonly account: string
  /** Every order the venue took, in the sequence it took them. */
  readonly orders: readonly AuditedOrder[]
  readonly fills: readonly AuditedFill[]
  /** Dollars, as decimal text. */
  readonly cash: string
  readonly positions: readonly { readonly instrument: string; readonly size: string }[]
  /** Intents that more than one order was taken for: must be empty. */
  readonly doubledOrders: readonly string[]
  /** Fills that are matched and neither settled nor failed yet: balances still lack them. */
  readonly pendingFills: number
}

export type AuditedOrder = {
  readonly venueOrder: string
  /** What the client marked the order with, or undefined where it did not. */
  readonly intent: string | undefined
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly status: string
  readonly size: string
  readonly filled: string
}

export type AuditedFill = {
  readonly trade: string
  readonly venueOrder: string
  readonly instrument: string
  readonly side: 'buy' | 'sell'
  readonly liquidity: 'maker' | 'taker'
  readonly price: string
  readonly size: string
  readonly fee: string
  readonly status: string
}

/** The intents that several orders carry. An unmarked order is nobody's double. */
export function doubledIntents(orders: readonly AuditedOrder[]): readonly string[] {
  const counts = new Map<string, number>()
  for (const { intent } of orders) {
    if (intent !== undefined) counts.set(intent, (counts.get(intent) ?? 0) + 1)
  }
  return [...counts].filter(([, count]) => count > 1).map(([intent]) => intent)
}
