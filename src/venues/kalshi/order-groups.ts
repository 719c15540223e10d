import type { MicroShares } from '../../core/units.ts'
import { VenueError } from '../venue-error.ts'
import { MadeGroup } from './account-wire.ts'
import type { TradingAnswer, TradingCall, TradingClient } from './trading-client.ts'

/** docs/venues/kalshi.md, 4.3: whole contracts, up to a million. */
const contractsMax = 1_000_000
const contract = 1_000_000
const path = '/portfolio/order_groups'
const patienceMs = 5_000
const cost = 10

/**
 * Groups of orders with a limit of what may match in 15 seconds. Beyond it the venue cancels every
 * order of the group and takes no more for it until it is reset. docs/venues/kalshi.md, 4.3.
 *
 * The guard stands at the venue: it holds when we do not, and it needs no word from us.
 */
export class OrderGroups {
  readonly #client: TradingClient

  constructor(client: TradingClient) {
    this.#client = client
  }

  /** The venue's name of a new group. `limit` is in whole contracts; a fraction is let go. */
  async create(limit: MicroShares): Promise<string> {
    const body = JSON.stringify({ contracts_limit: wholeContracts(limit) })
    const call = { method: 'POST', path: `${path}/create`, body, cost, patienceMs } as const
    const made = MadeGroup.safeParse(await this.#done(call))
    if (made.success) return made.data.order_group_id
    throw failure(call, 'MALFORMED', undefined, 'a group without a name')
  }

  /** Takes orders again after the limit was met. */
  async reset(group: string): Promise<void> {
    await this.#done({
      method: 'PUT',
      path: `${path}/${group}/reset`,
      body: '{}',
      cost,
      patienceMs,
    })
  }

  async setLimit(group: string, limit: MicroShares): Promise<void> {
    const body = JSON.stringify({ contracts_limit: wholeContracts(limit) })
    await this.#done({ method: 'PUT', path: `${path}/${group}/limit`, body, cost, patienceMs })
  }

  /** Ends the group, and with it every order that is in it. */
  async remove(group: string): Promise<void> {
    await this.#done({ method: 'DELETE', path: `${path}/${group}`, body: '', cost, patienceMs })
  }

  async #done(call: TradingCall): Promise<unknown> {
    const { status, body }: TradingAnswer = await this.#client.send(call)
    if (status >= 200 && status < 300) return body
    const code = status === 429 ? 'RATE_LIMITED' : status >= 500 ? 'DOWN' : 'REFUSED'
    throw failure(call, code, status, `HTTP ${status}`)
  }
}

function wholeContracts(limit: MicroShares): number {
  const whole: number = limit - (limit % contract)
  return Math.min(contractsMax, Math.max(1, whole / contract))
}

function failure(
  { method, path: of }: TradingCall,
  code: VenueError['code'],
  status: number | undefined,
  detail: string,
): VenueError {
  const landed = code === 'DOWN' ? 'unknown' : 'no'
  return new VenueError({ venue: 'kalshi', call: `${method} ${of}`, code, landed, status, detail })
}
