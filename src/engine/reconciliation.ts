import type { InstrumentId, Market, MarketId, VenueId } from '../core/market.ts'
import type { ClientOrderId } from '../core/order.ts'
import type { MicroShares, Nanos } from '../core/units.ts'
import { zeroShares } from '../core/units.ts'
import type { Holding, Portfolio } from '../portfolio/portfolio.ts'
import type { AccountSnapshot, VenueFill } from '../ports/venue-gateway.ts'
import type { AccountDifference } from './account-difference.ts'
import type { Effect } from './event.ts'
import type { MarketCache } from './market-cache.ts'
import type { TradingDesk, VenueRefusal } from './trading-desk.ts'

const nanosPerSecond = 1_000_000_000
/** How often an account is read when all is well, and when something does not agree. */
const calmNanos = 30 * nanosPerSecond
const doubtfulNanos = 2 * nanosPerSecond
/** What differs in so many readings, one after another, is no matter of timing any more. */
const readingsMax = 2

export type ReconciliationOptions = {
  /** The venues that have an account of ours. */
  readonly venues: readonly VenueId[]
  readonly cache: MarketCache
  readonly desk: TradingDesk
  readonly portfolio: Portfolio
  readonly obey: (effect: Effect) => void
}

type Account = {
  open: boolean
  /** Whether its gateway was told of the orders of an earlier life. */
  adopted: boolean
  /** Whether it has been read since the start. */
  read: boolean
  /** When it is to be read next. */
  due: number
  /** In how many readings, one after another, something has differed; by market, and of the cash. */
  readonly differs: Map<MarketId, number>
  cashDiffers: number
  /** Orders that are open to us and that the last reading did not list. */
  missing: ReadonlySet<ClientOrderId>
}

/**
 * Compares what the venues say we have with our books: before the first order, and ever after.
 *
 * An account and our books are never read at one instant. So nothing is compared in which something
 * is under way, and what differs must differ twice before it counts. What counts stops trading: in
 * the market whose shares differ, at the venue whose cash does.
 */
export class Reconciliation {
  readonly #options: ReconciliationOptions
  readonly #accounts: ReadonlyMap<VenueId, Account>
  #resumed = false

  constructor(options: ReconciliationOptions) {
    this.#options = options
    this.#accounts = new Map(options.venues.map((venue) => [venue, newAccount()]))
  }

  /** Why nothing may be traded in a market; undefined when it may. */
  closedBecause({ venue, id }: Market): VenueRefusal | undefined {
    const account = this.#accounts.get(venue)
    if (account === undefined) return undefined
    if (!account.open) return 'venue-closed'
    if (!account.read || account.cashDiffers >= readingsMax) return 'not-reconciled'
    return (account.differs.get(id) ?? 0) >= readingsMax ? 'not-reconciled' : undefined
  }

  /** Venues whose account has been read and agrees with our books. */
  agrees(venue: VenueId): boolean {
    const account = this.#accounts.get(venue)
    return account === undefined || (account.read && !isDoubtful(account))
  }

  onStatus(venue: VenueId, status: 'open' | 'closed'): void {
    const account = this.#accounts.get(venue)
    if (account !== undefined) account.open = status === 'open'
  }

  /** Something was heard that our books do not explain: the account is read soon. */
  ask(venue: VenueId): void {
    const account = this.#accounts.get(venue)
    if (account !== undefined) account.due = 0
  }

  /** Shares of a market are not what we think: it is not traded until a reading agrees. */
  doubt(venue: VenueId, market: MarketId): void {
    this.#accounts.get(venue)?.differs.set(market, readingsMax)
    this.ask(venue)
  }

  onTimer(now: Nanos): void {
    for (const [venue, account] of this.#accounts) {
      if (now < account.due) continue
      // Read again only when this reading has come, or has had its time.
      account.due = now + calmNanos
      if (!account.adopted) this.#adopt(venue, account)
      this.#options.obey({ kind: 'read-account', venue })
    }
  }

  /** A gateway has to know the orders of an earlier life before it is asked what became of them. */
  #adopt(venue: VenueId, account: Account): void {
    account.adopted = true
    const orders = this.#options.desk.baskets.adoptedOrders(venue)
    if (orders.length > 0) this.#options.obey({ kind: 'adopt-orders', venue, orders })
  }

  onAccount(snapshot: AccountSnapshot, at: Nanos): void {
    const account = this.#accounts.get(snapshot.venue)
    if (account === undefined) return
    if (!account.read) this.#open(snapshot, at)
    account.read = true
    for (const fill of snapshot.fills) this.#takeFill(snapshot.venue, fill, at)
    const { settlements } = this.#options.desk
    settlements.decideAdopted(snapshot.venue, (token) => theirsOf(snapshot, token), at)
    this.#compareOrders(account, snapshot, at)
    this.#compareShares(account, snapshot, at)
    this.#compareCash(account, snapshot, at)
    account.due = at + (isDoubtful(account) ? doubtfulNanos : calmNanos)
    this.#resumeOnce()
  }

  /** Books that have never seen this account begin with what is in it. */
  #open(snapshot: AccountSnapshot, at: Nanos): void {
    const { cache, portfolio } = this.#options
    const { cash, positions, venue } = snapshot
    if (portfolio.knows(venue)) return
    const shares = positions.flatMap(({ instrument, size }): Holding[] => {
      const found = cache.byInstrument(venue, instrument)
      if (found === undefined) return []
      const { entry } = found
      const outcome = instrument === entry.market.yes.id ? 'yes' : 'no'
      return [{ venue, market: entry.market.id, instrument, outcome, size }]
    })
    portfolio.open(venue, cash, shares, at)
    this.#note(venue, { kind: 'opening', cash, positions: shares.length }, at)
  }

  #takeFill(venue: VenueId, { order, fill }: VenueFill, at: Nanos): void {
    const { desk } = this.#options
    if (order === undefined || !desk.baskets.has(order)) return
    if (desk.baskets.knowsTrade(order, fill.venueTradeId)) return
    this.#note(venue, { kind: 'fill-missed', order, tradeId: fill.venueTradeId }, at)
    desk.onOrder({ kind: 'filled', order, fill: { ...fill, order, at } }, at)
  }

  #compareOrders(account: Account, { openOrders, venue }: AccountSnapshot, at: Nanos): void {
    const { baskets } = this.#options.desk
    for (const { market, order, venueOrder } of openOrders) {
      if (order !== undefined && baskets.has(order)) continue
      if (!account.differs.has(market)) {
        this.#note(venue, { kind: 'order-unknown', venueOrder, market }, at)
      }
      account.differs.set(market, readingsMax)
    }
    const listed = new Set(openOrders.map(({ order }) => order))
    const missing = new Set<ClientOrderId>()
    for (const { order } of baskets.liveOrders(venue)) {
      if (listed.has(order.id)) continue
      missing.add(order.id)
      if (!account.missing.has(order.id)) continue
      this.#note(venue, { kind: 'order-gone', order: order.id, market: order.market }, at)
      baskets.onUpdate({ kind: 'unknown', order: order.id, reason: 'not-listed' }, at)
    }
    account.missing = missing
  }

  #compareShares(account: Account, snapshot: AccountSnapshot, at: Nanos): void {
    const { cache, desk, portfolio } = this.#options
    const { openOrders, positions, venue } = snapshot
    const strange = new Set(
      openOrders
        .filter(({ order }) => order === undefined || !desk.baskets.has(order))
        .map(({ market }) => market),
    )
    const tokens = new Set(positions.map(({ instrument }) => instrument))
    for (const position of portfolio.positions()) {
      if (position.venue === venue) tokens.add(position.instrument)
    }
    const differing = new Set<MarketId>(strange)
    for (const instrument of tokens) {
      const market = cache.byInstrument(venue, instrument)?.entry.market
      // Shares of markets that we do not follow are none of our business.
      if (market === undefined || desk.isInMotion(instrument)) continue
      const ours = portfolio.sizeOf(venue, instrument)
      const theirs = theirsOf(snapshot, instrument)
      if (ours === theirs) continue
      differing.add(market.id)
      const readings = (account.differs.get(market.id) ?? 0) + 1
      account.differs.set(market.id, readings)
      if (readings === readingsMax) {
        this.#note(venue, { kind: 'shares', market: market.id, instrument, ours, theirs }, at)
      }
    }
    for (const market of account.differs.keys()) {
      if (!differing.has(market)) account.differs.delete(market)
    }
  }

  #compareCash(account: Account, { cash: theirs, venue }: AccountSnapshot, at: Nanos): void {
    const { desk, portfolio } = this.#options
    if (desk.isBusyAt(venue)) return
    const ours = portfolio.cashOf(venue)
    account.cashDiffers = ours === theirs ? 0 : account.cashDiffers + 1
    if (account.cashDiffers === readingsMax) this.#note(venue, { kind: 'cash', ours, theirs }, at)
  }

  /** Baskets of an earlier life go on once every account has been read. */
  #resumeOnce(): void {
    if (this.#resumed || [...this.#accounts.values()].some(({ read }) => !read)) return
    this.#resumed = true
    this.#options.desk.baskets.resume()
  }

  #note(venue: VenueId, difference: AccountDifference, at: Nanos): void {
    this.#options.obey({ kind: 'note-difference', venue, difference, at })
  }
}

function newAccount(): Account {
  return {
    open: true,
    adopted: false,
    read: false,
    due: 0,
    differs: new Map(),
    cashDiffers: 0,
    missing: new Set(),
  }
}

function isDoubtful({ cashDiffers, differs }: Account): boolean {
  return cashDiffers > 0 || differs.size > 0
}

function theirsOf({ positions }: AccountSnapshot, instrument: InstrumentId): MicroShares {
  return positions.find((each) => each.instrument === instrument)?.size ?? zeroShares
}
