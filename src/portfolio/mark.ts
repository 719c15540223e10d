import type { FeeSchedule } from '../core/fee.ts'
import { takerFee } from '../core/fee.ts'
import { bidSide } from '../core/order-book.ts'
import type { OutcomeBook } from '../core/outcome-book.ts'
import type { MicroShares, MicroUsd } from '../core/units.ts'
import { add, min, noBid, proceeds, subtract, zeroUsd } from '../core/units.ts'

/**
 * What `size` shares would bring if they were sold into the bids now, fees paid.
 *
 * What the bids do not cover is worth nothing. Undefined when the book may not be believed: a mark
 * from a broken book would be a guess that looks like a number.
 */
export function liquidationValue(
  book: OutcomeBook,
  fee: FeeSchedule,
  size: MicroShares,
): MicroUsd | undefined {
  if (book.state !== 'proven' || book.book.torn) return undefined
  let left = size
  let value = zeroUsd
  for (let price = book.bestBid; price !== noBid && left > 0; price = book.nextBid(price)) {
    const part = min(left, book.sizeAt(bidSide, price))
    const kept = subtract(proceeds(price, part), takerFee(fee, price, part) ?? zeroUsd)
    value = add(value, kept)
    left = subtract(left, part)
  }
  return value
}
