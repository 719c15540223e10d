import type { Ladder, MarketBooks } from '../../../src/server/schema/market.ts'
import type { Level, Outcome } from '../../../src/server/schema/scalars.ts'

/**
 * The book of an outcome. Where the venue mirrors there is one book, in YES: a bid for YES at 60
 * cents is an ask for NO at 40, the very same order.
 */
export function readLadder({ ladders }: MarketBooks, outcome: Outcome): Ladder | undefined {
  const own = ladders.find((ladder) => ladder.outcome === outcome)
  if (own !== undefined) return own
  const other = ladders[0]
  if (other === undefined) return undefined
  return { ...other, outcome, bids: other.asks.map(mirror), asks: other.bids.map(mirror) }
}

function mirror({ price, size }: Level): Level {
  return { price: complement(price), size }
}

/** 1 − p, digit by digit: a ladder is compared by its texts. */
function complement(price: string): string {
  const ticks = 10_000 - Math.round(Number(price) * 10_000)
  return String(ticks / 10_000)
}
