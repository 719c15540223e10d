import type { z } from 'zod'
import type { MarketId } from '../../core/market.ts'
import type { VenueOrderId } from '../../core/order.ts'
import type { EpochMs } from '../../core/units.ts'
import { VenueError } from '../venue-error.ts'
import type { Cash, NetPosition, Page, Payout, VenueFillRow, VenueOrder } from './account-wire.ts'
import {
  Balance,
  FillPage,
  MarketState,
  OneOrder,
  OrderPage,
  PayoutPage,
  PositionPage,
  ReadTime,
} from './account-wire.ts'
import { ExchangeStatus } from './exchange-hours.ts'
import type { Query, RestClient } from './rest-client.ts'

/** Rows of a page: the most the venue gives. docs/venues/kalshi.md, 4. */
const pageRows = 1_000
/** Pages of one list. Beyond it something is wrong with the cursor. */
const pagesMax = 200

/** What an account consists of. The reads trail the engine. docs/venues/kalshi.md, 1.4 and 4.4. */
export class AccountReads {
  readonly #rest: RestClient

  constructor(rest: RestClient) {
    this.#rest = rest
  }

  /** Goes by the budget the venue says this account has. */
  adoptLimits(): Promise<void> {
    return this.#rest.adoptLimits()
  }

  /** Cash that no resting order holds, in all and by shard. */
  cash(): Promise<Cash> {
    return this.#rest.json('/portfolio/balance', {}, Balance)
  }

  restingOrders(): Promise<readonly VenueOrder[]> {
    return this.#list('/portfolio/orders', { status: 'resting' }, OrderPage)
  }

  /** Orders that were placed since, whatever has become of them. */
  orders(since: EpochMs, market?: MarketId): Promise<readonly VenueOrder[]> {
    const of: Query = market === undefined ? {} : { ticker: market }
    return this.#list('/portfolio/orders', { ...of, min_ts: seconds(since) }, OrderPage)
  }

  /** Undefined when the reads do not know it: it may be younger than they are. */
  async order(id: VenueOrderId): Promise<VenueOrder | undefined> {
    try {
      return (await this.#rest.json(`/portfolio/orders/${id}`, {}, OneOrder)).order
    } catch (error) {
      if (error instanceof VenueError && error.status === 404) return undefined
      throw error
    }
  }

  fills(since: EpochMs): Promise<readonly VenueFillRow[]> {
    return this.#list('/portfolio/fills', { min_ts: seconds(since) }, FillPage)
  }

  fillsOf(order: string): Promise<readonly VenueFillRow[]> {
    return this.#list('/portfolio/fills', { order_id: order }, FillPage)
  }

  positions(market?: MarketId): Promise<readonly NetPosition[]> {
    const of: Query = market === undefined ? {} : { ticker: market }
    return this.#list('/portfolio/positions', of, PositionPage)
  }

  /** What a market has paid. Undefined when it has not, or the reads do not know yet. */
  async payout(market: MarketId): Promise<Payout | undefined> {
    const rows = await this.#list('/portfolio/settlements', { ticker: market }, PayoutPage)
    return rows.find(({ ticker }) => ticker === market)
  }

  market(id: MarketId): Promise<MarketState> {
    return this.#rest.json(`/markets/${id}`, {}, MarketState)
  }

  /** As of when the other reads tell the truth. */
  async asOf(): Promise<EpochMs | undefined> {
    return (await this.#rest.json('/exchange/user_data_timestamp', {}, ReadTime)).as_of_time
  }

  status(): Promise<ExchangeStatus> {
    return this.#rest.json('/exchange/status', {}, ExchangeStatus)
  }

  close(): Promise<void> {
    return this.#rest.close()
  }

  async #list<Row>(
    path: string,
    query: Query,
    shape: z.ZodType<Page<Row>>,
  ): Promise<readonly Row[]> {
    const all: Row[] = []
    let cursor = ''
    for (let pageIndex = 0; pageIndex < pagesMax; pageIndex++) {
      const at: Query = cursor === '' ? {} : { cursor }
      const page = await this.#rest.json(path, { ...query, limit: pageRows, ...at }, shape)
      all.push(...page.rows)
      // A cursor that comes again leads in a circle. docs/venues/kalshi.md, 11.
      if (page.cursor === '' || page.cursor === cursor) return all
      cursor = page.cursor
    }
    throw this.#rest.malformed(path, `more than ${pagesMax} pages`)
  }
}

/** Queries take whole seconds. docs/venues/kalshi.md, 4. */
function seconds(at: EpochMs): number {
  return Math.max(0, Math.floor(at / 1000))
}
