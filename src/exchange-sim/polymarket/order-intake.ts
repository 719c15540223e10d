import { formatDecimal, formatSize, formatUsd } from '../../core/decimal.ts'
import { takerFee } from '../../core/fee.ts'
import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { add, ticksPerUsd, zeroShares, zeroUsd } from '../../core/units.ts'
import type { Approvals } from '../chain/approvals.ts'
import { contracts, sameCase } from '../chain/contracts.ts'
import type { Wallets } from '../chain/wallets.ts'
import { walletKinds } from '../chain/wallets.ts'
import type { ExchangeTimers } from '../exchange-clock.ts'
import { chargedFee } from '../fee-terms.ts'
import type { SimMarket } from '../sim-market.ts'
import type { World } from '../world.ts'
import type { ApiKey } from './api-keys.ts'
import type { DeskOrder } from './desk-order.ts'
import { deskOrder, isMarketOrder } from './desk-order.ts'
import type { OrderDesk, Placement } from './order-desk.ts'
import { remainingCost, remainingOf } from './order-desk.ts'
import type { OrderMessage } from './order-message.ts'
import { parseOrderMessage } from './order-message.ts'
import { expirationMarginMs, isExpirationLawful, marketableMin, readTerms } from './order-rules.ts'
import type { Purses } from './purses.ts'
import { takerDelayOf } from './taker-delay.ts'
import type { TradingStatus } from './trading-status.ts'
import { postOnlyWords } from './trading-status.ts'
import { isOrderSigned, orderIdOf } from './verify-order.ts'

/** The answer to one order. docs/venues/polymarket.md, 3.4. */
export type IntakeAnswer =
  | { readonly kind: 'taken'; readonly body: unknown }
  | { readonly kind: 'refused'; readonly error: string }

export type OrderIntakeParts = {
  readonly world: World
  readonly wallets: Wallets
  readonly approvals: Approvals
  readonly purses: Purses
  readonly desk: OrderDesk
  readonly status: TradingStatus
  readonly timers: ExchangeTimers
}

/** Longer than any run: such an end needs no timer. */
const expiryMsMax = 24 * 60 * 60 * 1000

const noBalance = 'not enough balance / allowance'

/** Where orders come in: every rule of the venue, in the sequence it applies them. 3.9. */
export class OrderIntake {
  readonly #parts: OrderIntakeParts

  constructor(parts: OrderIntakeParts) {
    this.#parts = parts
  }

  async submit(key: ApiKey, value: unknown): Promise<IntakeAnswer> {
    const message = parseOrderMessage(value)
    if ('error' in message) return refuse(message.error)
    const order = await this.#admit(key, message)
    if ('error' in order) return refuse(order.error)

    const delay = this.#isMarketable(order) ? takerDelayOf(order.market) : { kind: 'none' as const }
    switch (delay.kind) {
      case 'none':
        return this.#place(order)
      case 'held':
        await new Promise<void>((resolve) => {
          this.#parts.timers.after(delay.ms, resolve)
        })
        return this.#covers(order) ? this.#place(order) : refuse(noBalance)
      case 'queued':
        this.#parts.desk.hold(order)
        this.#parts.timers.after(delay.ms, () => this.#release(order))
        return { kind: 'taken', body: replyBody(order, 'delayed') }
    }
  }

  /** Takes out open orders that their wallet can no longer pay for. 3.8. */
  invalidate(wallet: string): void {
    const { desk, purses } = this.#parts
    for (const order of desk.openOf(wallet)) {
      const isCovered =
        order.side === 'buy'
          ? remainingCost(order) <= purses.usd(wallet)
          : remainingOf(order) <= purses.tokens(wallet, order.token)
      if (!isCovered) desk.cancel(order.id, 'INVALID')
    }
  }

  async #admit(
    key: ApiKey,
    message: OrderMessage,
  ): Promise<DeskOrder | { readonly error: string }> {
    const { world, wallets, desk } = this.#parts
    const stranger = this.#stranger(key, message)
    if (stranger !== undefined) return { error: stranger }
    const place = world.byToken(message.order.tokenId)
    if (place === undefined || place.market.set.venue !== 'polymarket') {
      return { error: 'Invalid order payload' }
    }

    const isNegRisk = place.market.set.negRiskId === undefined ? 'no' : 'yes'
    const id = orderIdOf(message.order, isNegRisk)
    if (!(await isOrderSigned(message.order, isNegRisk, wallets))) {
      return { error: 'invalid signature' }
    }
    if (desk.order(id) !== undefined) return { error: `order ${id} is invalid. Duplicated.` }
    return this.#judge(message, id, place)
  }

  /** Why the sender may not send this order, if it may not. */
  #stranger(key: ApiKey, { order, owner }: OrderMessage): string | undefined {
    if (owner !== key.id) return 'the order owner has to be the owner of the API KEY'
    const kind = walletKinds[order.signatureType]
    const [maker, signer] = [sameCase(order.maker), sameCase(order.signer)]
    if (signer !== (kind === 'deposit' ? maker : key.address)) {
      return 'the order signer address has to be the address of the API KEY'
    }
    if (kind === 'eoa') return maker === signer ? undefined : 'Invalid order payload'
    const wallet = this.#parts.wallets.at(maker)
    const isOwn = wallet !== undefined && wallet.kind === kind && wallet.owner === key.address
    if (isOwn) return undefined
    return 'maker address not allowed, please use the deposit wallet flow'
  }

  #judge(
    message: OrderMessage,
    id: string,
    place: { readonly market: SimMarket; readonly outcome: DeskOrder['outcome'] },
  ): DeskOrder | { readonly error: string } {
    const { world, status } = this.#parts
    const { market } = place
    if (!market.isOpen) return { error: 'the market is not yet ready to process new orders' }
    const terms = readTerms(message, id, market.tick)
    if ('error' in terms) return terms
    const now = world.now()
    if (!isExpirationLawful(message, now)) return { error: 'invalid expiration' }
    const order = deskOrder(id, message, terms, { ...place, at: now })
    if (message.postOnly && isMarketOrder(order)) return { error: 'Invalid order payload' }
    if (status.isPostOnly && !message.postOnly) return { error: postOnlyWords }

    const worth = order.side === 'buy' ? order.money : marketableMin
    if (worth < marketableMin && this.#isMarketable(order)) {
      const text = formatUsd(worth)
      return { error: `invalid amount for a marketable BUY order ($${text}), min size: $1` }
    }
    return this.#covers(order) ? order : { error: noBalance }
  }

  #place(order: DeskOrder): IntakeAnswer {
    const placement = this.#parts.desk.place(order)
    if (placement.kind === 'refused') return refuse(placement.error)
    this.#expire(order)
    return { kind: 'taken', body: replyBody(order, statusWord(placement)) }
  }

  /** The delay is over: the order meets the books as they are now. */
  #release(order: DeskOrder): void {
    const { desk } = this.#parts
    if (this.#covers(order)) desk.place(order)
    else desk.drop(order)
  }

  #expire(order: DeskOrder): void {
    if (order.orderType !== 'GTD' || order.status !== 'LIVE') return
    const { timers, world, desk } = this.#parts
    const leftMs = Number(order.expiration) * 1000 - expirationMarginMs - world.now()
    if (leftMs > expiryMsMax) return
    timers.after(Math.max(0, leftMs), () => void desk.cancel(order.id, 'CANCELED'))
  }

  #isMarketable({ market, outcome, side, price }: DeskOrder): boolean {
    const { engine } = market
    return side === 'buy' ? engine.bestAsk(outcome) <= price : engine.bestBid(outcome) >= price
  }

  /** Whether the wallet has what this and its other open orders in the market may take. 3.8. */
  #covers(order: DeskOrder): boolean {
    const { desk, purses, approvals } = this.#parts
    const { market, wallet, token } = order
    const spender =
      market.set.negRiskId === undefined ? contracts.exchange : contracts.negRiskExchange
    const open = desk.openOf(wallet).filter((other) => other !== order && other.side === order.side)
    if (order.side === 'sell') {
      if (!approvals.isApprovedForAll(wallet, spender)) return false
      const promised = open
        .filter((other) => other.token === token)
        .reduce((sum, other) => add(sum, remainingOf(other)), zeroShares)
      return add(promised, order.size) <= purses.tokens(wallet, token)
    }
    const promised = open
      .filter((other) => other.market === market)
      .reduce((sum, other) => add(sum, remainingCost(other)), zeroUsd)
    const needed = add(add(promised, order.money), this.#feeMax(order))
    return needed <= purses.usd(wallet) && BigInt(needed) <= approvals.allowance(wallet, spender)
  }

  /** The most its fee can be: dearest by the dollar where it trades lowest. */
  #feeMax(order: DeskOrder): MicroUsd {
    if (!this.#isMarketable(order)) return zeroUsd
    const { market, outcome, money } = order
    const ask = market.engine.bestAsk(outcome)
    const shares = (BigInt(money) * BigInt(ticksPerUsd)) / BigInt(ask)
    const schedule = chargedFee(market.listing.fee, market.set.category)
    return takerFee(schedule, ask, Number(shares) as MicroShares) ?? zeroUsd
  }
}

function refuse(error: string): IntakeAnswer {
  return { kind: 'refused', error }
}

/** A partly filled order that rests says "matched" as well. */
function statusWord(placement: Placement & { readonly kind: 'placed' }): 'live' | 'matched' {
  return placement.order.matched > 0 ? 'matched' : 'live'
}

function replyBody(order: DeskOrder, status: 'live' | 'matched' | 'delayed'): unknown {
  const base = { success: true, errorMsg: '', orderID: order.id, status }
  if (order.matched === 0) return { ...base, takingAmount: '', makingAmount: '' }
  const [shares, money] = [formatSize(order.matched), formatDecimal(order.turnover, 6)]
  return {
    ...base,
    takingAmount: order.side === 'buy' ? shares : money,
    makingAmount: order.side === 'buy' ? money : shares,
    transactionsHashes: [],
    tradeIDs: [...order.trades],
  }
}
