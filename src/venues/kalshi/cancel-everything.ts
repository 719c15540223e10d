import type { VenueOrderId } from '../../core/order.ts'
import type { EpochMs } from '../../core/units.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { CancelAllResult } from '../../ports/venue-gateway.ts'
import { VenueError } from '../venue-error.ts'
import type { AccountReads } from './account-reads.ts'
import type { VenueOrder } from './account-wire.ts'
import { encodeCancels } from './encode.ts'
import type { TradingCall, TradingClient } from './trading-client.ts'
import { batchPath, ordersPath } from './trading-client.ts'

export type CancelEverythingParts = {
  readonly client: TradingClient
  readonly reads: AccountReads
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** How far the venue's clock may be ahead of ours. */
  readonly skewMs: number
  /** Between two reads. */
  readonly roundMs: number
}

/** In tokens. docs/venues/kalshi.md, 1.3. */
const cost = 2
const patienceMs = 5_000
const roundsMax = 40

/**
 * Cancels every order of the account, ours or not, and reads until nothing rests.
 *
 * The one call that cancels all comes first. What still rests a round later is cancelled by its
 * name; what fails is tried again. An empty list counts when the reads are younger than the last
 * order that can have been on its way: they trail the engine. docs/venues/kalshi.md, 1.4 and 4.2.
 *
 * Rejects with a `VenueError` when nothing can be read at all.
 */
export async function cancelEverything(parts: CancelEverythingParts): Promise<CancelAllResult> {
  const { clock, reads, roundMs, timers } = parts
  const sentAt = clock.epochMs()
  const seen = new Set<string>()
  let open = await reads.restingOrders()
  for (const { id } of open) seen.add(id)
  let isAllTaken = await isDone(parts, allCall)
  for (let round = 1; round < roundsMax; round++) {
    open = await reads.restingOrders()
    for (const { id } of open) seen.add(id)
    if (isAllTaken && open.length === 0 && (await areYounger(parts, sentAt))) break
    if (!isAllTaken) isAllTaken = await isDone(parts, allCall)
    else await cancelEach(parts, open)
    await new Promise<void>((resolve) => void timers.after(roundMs, resolve))
  }
  return {
    cancelled: seen.size - open.length,
    stillOpen: open.map(({ id }) => id as VenueOrderId),
  }
}

const allCall: TradingCall = { method: 'DELETE', path: ordersPath, body: '', cost, patienceMs }

async function cancelEach(
  parts: CancelEverythingParts,
  open: readonly VenueOrder[],
): Promise<void> {
  const most = parts.client.batchMax(cost)
  for (let first = 0; first < open.length; first += most) {
    const batch = open.slice(first, first + most).map(({ id, ticker: market }) => ({
      venueOrder: id as VenueOrderId,
      market,
    }))
    const body = encodeCancels(batch)
    const call = { method: 'DELETE', path: batchPath, body, patienceMs } as const
    await isDone(parts, { ...call, cost: cost * batch.length })
  }
}

/** Whether a call was taken. What has no answer is read back like everything else. */
async function isDone({ client, log }: CancelEverythingParts, call: TradingCall): Promise<boolean> {
  try {
    const { status } = await client.send(call)
    if (status >= 200 && status < 300) return true
    log.warn('a cancel of everything was refused', { status })
  } catch (error) {
    if (!(error instanceof VenueError)) throw error
    log.warn('a cancel of everything had no answer', { error })
  }
  return false
}

async function areYounger(
  { reads, skewMs }: CancelEverythingParts,
  sentAt: EpochMs,
): Promise<boolean> {
  const asOf = await reads.asOf()
  return asOf !== undefined && asOf > sentAt + skewMs
}
