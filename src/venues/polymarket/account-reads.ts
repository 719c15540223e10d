import { z } from 'zod'

import type { InstrumentId } from '../../core/market.ts'
import type { EpochMs } from '../../core/units.ts'
import { VenueError } from '../venue-error.ts'
import type { Page, UserOrder, UserTrade } from './account-wire.ts'
import { lastCursor, pageOf, userOrder, userTrade } from './account-wire.ts'
import type { ApiCredentials, AuthHeaders } from './auth.ts'
import { keyHeaders, walletHeaders } from './auth.ts'
import type { TradingAnswer, TradingCall, TradingClient } from './trading-client.ts'
import { expectOk } from './trading-client.ts'
import type { DigestSigner } from './wallet.ts'

/** Pages of one list. Beyond it something is wrong with the cursor. */
const pagesMax = 200

export type AccountKeys = {
  readonly address: string
  readonly credentials: ApiCredentials
  readonly signatureType: number
  readonly nowSeconds: () => number
}

/** Calls under our API key, and what an account consists of. docs/venues/polymarket.md, 3.7. */
export class AccountReads {
  readonly #client: TradingClient
  readonly #keys: AccountKeys

  constructor(client: TradingClient, keys: AccountKeys) {
    this.#client = client
    this.#keys = keys
  }

  send(call: TradingCall): Promise<TradingAnswer> {
    return this.#client.send(call, this.#headers(call))
  }

  openOrders(): Promise<readonly UserOrder[]> {
    return this.#list('/data/orders', {}, pageOf(userOrder))
  }

  trades(after: EpochMs): Promise<readonly UserTrade[]> {
    const seconds = String(Math.floor(after / 1000))
    return this.#list('/data/trades', { after: seconds }, pageOf(userTrade))
  }

  /** An order while it is open. Undefined when the venue lists it no more. */
  async openOrder(id: string): Promise<UserOrder | undefined> {
    const call = { method: 'GET', path: `/data/order/${id}`, body: '' } as const
    const answer = await this.send(call)
    if (answer.status === 404) return undefined
    const body = expectOk(call, answer)
    return body === null || body === '' ? undefined : fit(call, userOrder, body)
  }

  /**
   * Has the venue look at the chain again: it admits orders by a cache of its own, which knows
   * nothing of splits, merges and deposits. docs/venues/polymarket.md, 3.8.
   */
  async refreshBalance(token: InstrumentId | undefined): Promise<void> {
    const asset =
      token === undefined
        ? { asset_type: 'COLLATERAL' }
        : { asset_type: 'CONDITIONAL', token_id: token }
    const query = { ...asset, signature_type: String(this.#keys.signatureType) }
    const call = { method: 'GET', path: '/balance-allowance/update', query, body: '' } as const
    expectOk(call, await this.send(call))
  }

  async #list<Row>(
    path: string,
    query: Readonly<Record<string, string>>,
    shape: z.ZodType<Page<Row>>,
  ): Promise<readonly Row[]> {
    const rows: Row[] = []
    let cursor: string | undefined
    for (let page = 0; page < pagesMax; page++) {
      const cursorQuery = cursor === undefined ? query : { ...query, next_cursor: cursor }
      const call = { method: 'GET', path, query: cursorQuery, body: '' } as const
      const { data, next_cursor: next } = fit(call, shape, expectOk(call, await this.send(call)))
      rows.push(...data)
      if (next === lastCursor || next === '') return rows
      cursor = next
    }
    throw malformed(`GET ${path}`, `more than ${pagesMax} pages`)
  }

  /** The headers of a call that is not made. See `OrderWriter.rehearse`. */
  rehearse(body: string): AuthHeaders {
    return this.#headers({ method: 'POST', path: '/order', body })
  }

  #headers({ method, path, body }: TradingCall): AuthHeaders {
    const { address, credentials, nowSeconds } = this.#keys
    return keyHeaders(address, credentials, { method, path, body }, nowSeconds())
  }
}

const keyShape = z.object({ apiKey: z.string(), secret: z.string(), passphrase: z.string() })

/** Creates an API key for a wallet, or derives the one it has. docs/venues/polymarket.md, 6.1. */
export async function deriveCredentials(
  client: TradingClient,
  signer: DigestSigner,
  chainId: number,
  nowSeconds: number,
): Promise<{ readonly key: string; readonly secret: string; readonly passphrase: string }> {
  const headers = walletHeaders(signer, chainId, nowSeconds, 0)
  const create = { method: 'POST', path: '/auth/api-key', body: '' } as const
  const created = keyShape.safeParse((await client.send(create, headers)).body)
  if (created.success) return keyOf(created.data)

  const derive = { method: 'GET', path: '/auth/derive-api-key', body: '' } as const
  const body = expectOk(derive, await client.send(derive, headers))
  return keyOf(fit(derive, keyShape, body))
}

function keyOf({ apiKey: key, secret, passphrase }: z.infer<typeof keyShape>): {
  readonly key: string
  readonly secret: string
  readonly passphrase: string
} {
  return { key, secret, passphrase }
}

function fit<T>({ method, path }: TradingCall, shape: z.ZodType<T>, body: unknown): T {
  const result = shape.safeParse(body)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  // The place and what was expected, never the value: an answer may hold a secret.
  throw malformed(`${method} ${path}`, `${issue?.path.join('.')}: ${issue?.code}`)
}

function malformed(call: string, detail: string): VenueError {
  return new VenueError({ venue: 'polymarket', call, code: 'MALFORMED', landed: 'no', detail })
}
