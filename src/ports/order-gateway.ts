import type { ClientOrderId } from '../core/order.ts'
import type { OrderBook } from '../core/order-book.ts'
import type { ExecutionIntent, ExecutionReport, SignalLeg } from '../core/signal.ts'
import type { MicroShares, Nanos } from '../core/units.ts'

/** Carries approved baskets to where they trade. The answer comes as an `ExecutionReport`. */
export interface OrderGateway {
  /** The name under which fills and rejections are counted: `paper`, `live`. */
  readonly executor: string
  place(intent: ExecutionIntent): void
  cancel(order: ClientOrderId): void
}

/**
 * A gateway that is part of the deterministic kernel: it trades against the books of the engine.
 *
 * The engine moves its time before each event, so an order meets the book as it stood on arrival.
 */
export interface SimulatedGateway extends OrderGateway {
  /** Lets everything happen that is due by `now`, in order of time. */
  advance(now: Nanos, report: (report: ExecutionReport) => void): void
  /** When something is due next. */
  nextDue(): Nanos | undefined
  /** Told of each change, so that it can tell new liquidity from what it has already taken. */
  bookChanged(book: OrderBook): void
  /** How much of a leg the books would give within its limit, less what was already taken. */
  fillable(leg: SignalLeg): MicroShares
}
