import { ticksPerUsd } from '../../core/units.ts'
import type { EventBatch } from './event-batch.ts'
import { untold } from './event-batch.ts'

/**
 * Whether a price change of a mirrored market tells the same for both tokens.
 *
 * As many entries for either token, each with its mirror; or entries for one token only.
 * docs/venues/polymarket.md, 4.5 and 9.
 */
export function pairsAgree(batch: EventBatch, event: number): boolean {
  const start = batch.rowStart[event] as number
  const end = batch.rowEnd[event] as number
  const token = batch.rowToken[start] as number
  if (end - start === 2 && batch.rowToken[start + 1] !== token) {
    return isMirror(batch, start, start + 1)
  }

  const unpaired: number[] = []
  let pairCount = 0
  for (let row = start; row < end; row++) {
    if (batch.rowToken[row] === token) unpaired.push(row)
  }
  for (let row = start; row < end; row++) {
    if (batch.rowToken[row] === token) continue
    const index = unpaired.findIndex((other) => isMirror(batch, other, row))
    if (index < 0) return false
    unpaired.splice(index, 1)
    pairCount++
  }
  return pairCount === 0 || unpaired.length === 0
}

/** Whether two entries tell one change: at p for one token and 1 − p for the other. 9. */
function isMirror(batch: EventBatch, row: number, other: number): boolean {
  return (
    batch.rowPrice[other] === ticksPerUsd - (batch.rowPrice[row] as number) &&
    batch.rowSide[other] === 1 - (batch.rowSide[row] as number) &&
    batch.rowSize[other] === batch.rowSize[row] &&
    isMirroredTop(batch.rowBestBid[row] as number, batch.rowBestAsk[other] as number) &&
    isMirroredTop(batch.rowBestAsk[row] as number, batch.rowBestBid[other] as number)
  )
}

function isMirroredTop(price: number, other: number): boolean {
  return price === untold || other === untold || other === ticksPerUsd - price
}
