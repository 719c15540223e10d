import { formatDecimal, formatPrice } from '../../core/decimal.ts'
import type { Side } from '../../core/order.ts'
import type { EpochMs, MicroShares, MicroUsd, Ticks } from '../../core/units.ts'
import { ticksPerUsd } from '../../core/units.ts'
import { orderSizeMin } from '../sim-market.ts'
import type { OrderMessage, OrderType } from './order-message.ts'

/** What an order asks for, once its amounts have been understood. */
export type OrderTerms = {
  readonly side: Side
  /** The worst price, in ticks: of a market order the one its amounts imply, in its favour. */
  readonly price: Ticks
  readonly size: MicroShares
  /** What a buyer offers, or a seller asks. */
  readonly money: MicroUsd
  readonly orderType: OrderType
}

/** A GTD order dies this long before it says. docs/venues/polymarket.md, 3.4. */
export const expirationMarginMs = 60_000

/** The least worth of a purchase that trades at once. 7.5. */
export const marketableMin: MicroUsd = 1_000_000 as MicroUsd

/** Decimals of the dollar side of a limit order, by the market's step. 7.4. */
const moneyDecimals: ReadonlyMap<number, number> = new Map([
  [1000, 3],
  [100, 4],
  [50, 5],
  [25, 6],
  [10, 5],
  [1, 6],
])

/** The terms of an order, or the venue's words why it has none. 3.9 and 7.5. */
export function readTerms(
  message: OrderMessage,
  id: string,
  tick: Ticks,
): OrderTerms | { readonly error: string } {
  const { order, orderType } = message
  const side: Side = order.side === 'BUY' ? 'buy' : 'sell'
  const [money, size] =
    side === 'buy'
      ? [Number(order.makerAmount), Number(order.takerAmount)]
      : [Number(order.takerAmount), Number(order.makerAmount)]
  if (money <= 0 || size <= 0) return { error: 'Invalid order payload' }

  const isMarket = orderType === 'FOK' || orderType === 'FAK'
  const isPrecise = isMarket
    ? marketPrecision(side, money, size)
    : limitPrecision(side, money, size, tick)
  if (isPrecise !== undefined) return { error: isPrecise }

  const price = isMarket ? impliedPrice(side, money, size) : exactPrice(money, size)
  const priceText = formatPriceOf(money, size)
  if (price === undefined || price < tick || price > ticksPerUsd - tick) {
    return { error: tickError(id, priceText, tick) }
  }
  if (!isMarket && price % tick !== 0) return { error: tickError(id, priceText, tick) }
  if (!isMarket && size < orderSizeMin) {
    const [have, least] = [formatDecimal(size, 6), formatDecimal(orderSizeMin, 6)]
    return { error: `order ${id} is invalid. Size (${have}) lower than the minimum: ${least}` }
  }
  return {
    side,
    price: price as Ticks,
    size: size as MicroShares,
    money: money as MicroUsd,
    orderType,
  }
}

/** Whether an order's end is one the venue takes: only GTD has one, and not too near. */
export function isExpirationLawful({ order, orderType }: OrderMessage, now: EpochMs): boolean {
  const endsMs = Number(order.expiration) * 1000
  if (orderType !== 'GTD') return endsMs === 0
  return endsMs >= now + expirationMarginMs
}

function tickError(id: string, price: string, tick: Ticks): string {
  return `order ${id} is invalid. Price (${price}) breaks minimum tick size rule: ${formatPrice(tick)}`
}

function marketPrecision(side: Side, money: number, size: number): string | undefined {
  if (side === 'sell') return sellPrecision(money, size, 4)
  if (hasDecimals(money, 2) && hasDecimals(size, 4)) return undefined
  return (
    'invalid amounts, the market buy orders maker amount supports a max accuracy of 2 decimals, ' +
    'taker amount a max of 4 decimals'
  )
}

function limitPrecision(side: Side, money: number, size: number, tick: Ticks): string | undefined {
  const decimals = moneyDecimals.get(tick) ?? 6
  if (side === 'sell') return sellPrecision(money, size, decimals)
  if (hasDecimals(money, decimals) && hasDecimals(size, 2)) return undefined
  return (
    `invalid amounts, the buy orders maker amount supports a max accuracy of ${decimals} ` +
    'decimals, taker amount a max of 2 decimals'
  )
}

function sellPrecision(money: number, size: number, decimals: number): string | undefined {
  if (hasDecimals(size, 2) && hasDecimals(money, decimals)) return undefined
  return (
    'invalid amounts, the sell orders maker amount supports a max accuracy of 2 decimals, ' +
    `taker amount a max of ${decimals} decimals`
  )
}

/** Whether millionths have no digit beyond so many decimals. */
function hasDecimals(value: number, decimals: number): boolean {
  return value % 10 ** (6 - decimals) === 0
}

/** The price of a limit order: its amounts must say one exactly. */
function exactPrice(money: number, size: number): number | undefined {
  const product = BigInt(money) * BigInt(ticksPerUsd)
  return product % BigInt(size) === 0n ? Number(product / BigInt(size)) : undefined
}

/** The worst price in whole ticks that a market order's amounts allow. */
function impliedPrice(side: Side, money: number, size: number): number {
  const product = BigInt(money) * BigInt(ticksPerUsd)
  const floor = product / BigInt(size)
  const isExact = floor * BigInt(size) === product
  return Number(side === 'buy' || isExact ? floor : floor + 1n)
}

function formatPriceOf(money: number, size: number): string {
  const millionths = (BigInt(money) * 1_000_000n) / BigInt(size)
  return formatDecimal(Number(millionths), 6)
}
