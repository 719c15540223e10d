import { z } from 'zod'

import type { InstrumentId, Market, MarketId } from '../../core/market.ts'
import type { MicroShares, MicroUsd } from '../../core/units.ts'
import {
  add,
  complementPpm,
  negate,
  par,
  subtract,
  times,
  worth,
  zeroShares,
} from '../../core/units.ts'
import type { SettlementOperation } from '../../ports/settlement.ts'
import type { ChainClient } from './chain-client.ts'
import type { ConditionRef, ContractCall } from './contract-calls.ts'
import { convertCall, pairCall, redeemCall } from './contract-calls.ts'
import type { Bytes32 } from './order-hash.ts'
import type { TradingClient } from './trading-client.ts'
import { expectOk } from './trading-client.ts'

/** A settlement as a call of a contract, and what it must do to our balances. */
export type OperationPlan = {
  readonly call: ContractCall
  readonly cashIn: MicroUsd
  /** Whose balances it changes. */
  readonly tokens: readonly InstrumentId[]
  /** Whether the balances now are those of before with the operation done, or without it. */
  compare(): Promise<'happened' | 'did-not-happen' | 'neither'>
}

export type PlannerParts = {
  readonly chain: ChainClient
  readonly clob: TradingClient
  readonly marketOf: (id: MarketId) => Market | undefined
}

/** What the operation does to each token we hold of it. */
type TokenChanges = ReadonlyMap<InstrumentId, MicroShares>

const marketShape = z.object({ question_id: z.string().regex(/^0x[0-9a-f]{64}$/i) })
/** Two hexadecimal digits: a set has at most 256 questions. */
const indexDigits = 2

/** Writes operations as calls. Rejects with a `PlanRefusal`, or with a `VenueError`. */
export class OperationPlanner {
  readonly #parts: PlannerParts

  constructor(parts: PlannerParts) {
    this.#parts = parts
  }

  plan(what: SettlementOperation): Promise<OperationPlan> {
    switch (what.kind) {
      case 'split':
      case 'merge':
        return this.#pair(what.kind, this.#market(what.market), what.size)
      case 'redeem':
        return this.#redeem(this.#market(what.market))
      case 'convert':
        return this.#convert(what)
    }
  }

  #pair(kind: 'split' | 'merge', market: Market, size: MicroShares): Promise<OperationPlan> {
    const tokens = kind === 'split' ? size : negate(size)
    const cashIn = kind === 'split' ? negate(par(size)) : par(size)
    const changes: TokenChanges = new Map([
      [market.yes.id, tokens],
      [market.no.id, tokens],
    ])
    return this.#planned(pairCall(kind, conditionOf(market), size), cashIn, changes)
  }

  /** All that we hold of both outcomes, at what the chain says they are worth. 10.6. */
  async #redeem(market: Market): Promise<OperationPlan> {
    const { id, yes, no } = market
    const yesValue = await this.#parts.chain.yesValue(`0x${id.slice(2)}`)
    if (yesValue === undefined) throw new PlanRefusal('not-resolved')
    const [ofYes = zeroShares, ofNo = zeroShares] = await this.#parts.chain.shares([yes.id, no.id])
    if (ofYes === 0 && ofNo === 0) throw new PlanRefusal('nothing-to-redeem')
    const cashIn = add(worth(yesValue, ofYes), worth(complementPpm(yesValue), ofNo))
    const changes: TokenChanges = new Map([
      [yes.id, negate(ofYes)],
      [no.id, negate(ofNo)],
    ])
    return this.#planned(redeemCall(conditionOf(market)), cashIn, changes)
  }

  /** k NO of a set to k − 1 dollars and a YES of each other question, less the set's fee. 10.4. */
  async #convert({
    set,
    markets,
    size,
  }: Extract<SettlementOperation, { kind: 'convert' }>): Promise<OperationPlan> {
    const places = await Promise.all(markets.map((id) => this.#place(id)))
    const [first] = places
    if (first === undefined) throw new PlanRefusal('no-markets')
    const isOneSet = places.every((place) => place.set === first.set)
    if (!isOneSet || set.toLowerCase() !== first.set) throw new PlanRefusal('not-one-set')

    const bips = await this.#parts.chain.conversionFeeBips(first.set)
    // The contract rounds its fee down, in base units. 10.4.
    const fee = Number((BigInt(size) * BigInt(bips)) / 10_000n) as MicroShares
    const out = subtract(size, fee)
    const cashIn = times(par(out), places.length - 1)
    const changes: TokenChanges = new Map(
      places.map(({ market }) => [market.no.id, negate(size)] as const),
    )
    const indexes = places.map(({ index }) => index)
    return this.#planned(convertCall(first.set, indexes, size), cashIn, changes)
  }

  async #planned(
    call: ContractCall,
    cashIn: MicroUsd,
    changes: TokenChanges,
  ): Promise<OperationPlan> {
    const { chain } = this.#parts
    const tokens = [...changes.keys()]
    const before = await chain.shares(tokens)
    return {
      call,
      cashIn,
      tokens,
      async compare() {
        const now = await chain.shares(tokens)
        const isAt = (times: 0 | 1): boolean =>
          tokens.every((token, at) => {
            const change = times === 1 ? (changes.get(token) ?? zeroShares) : zeroShares
            return now[at] === add(before[at] ?? zeroShares, change)
          })
        if (isAt(1)) return 'happened'
        return isAt(0) ? 'did-not-happen' : 'neither'
      },
    }
  }

  /** Which question of which set a market is: the last byte of its question's id. 10.2. */
  async #place(id: MarketId): Promise<{ market: Market; set: Bytes32; index: number }> {
    const market = this.#market(id)
    if (!market.negRisk) throw new PlanRefusal('not-neg-risk')
    const call = { method: 'GET', path: `/markets/${id}`, body: '' } as const
    const parsed = marketShape.safeParse(expectOk(call, await this.#parts.clob.send(call, {})))
    if (!parsed.success) throw new PlanRefusal('no-question-id')
    const question = parsed.data.question_id.toLowerCase()
    const setDigits = question.slice(2, -indexDigits)
    const index = Number.parseInt(question.slice(-indexDigits), 16)
    return { market, set: `0x${setDigits}${'0'.repeat(indexDigits)}`, index }
  }

  #market(id: MarketId): Market {
    const market = this.#parts.marketOf(id)
    if (market === undefined) throw new PlanRefusal('unknown-market')
    return market
  }
}

function conditionOf({ id, negRisk }: Market): ConditionRef {
  return { id: `0x${id.slice(2)}`, negRisk }
}

/** An operation that cannot be asked for; nothing was sent. */
export class PlanRefusal extends Error {
  override readonly name = 'PlanRefusal'
  /** A metric label. */
  readonly reason: string

  constructor(reason: string) {
    super(`a settlement cannot be asked for: ${reason}`)
    this.reason = reason
  }
}
