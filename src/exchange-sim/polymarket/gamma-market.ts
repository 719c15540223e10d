import { formatPrice, formatUsd } from '../../core/decimal.ts'
import type { Ticks } from '../../core/units.ts'
import { add, cost, noAsk, noBid, ticksPerUsd, zeroUsd } from '../../core/units.ts'
import type { SimMarket } from '../sim-market.ts'
import { feeScheduleWire } from './fee-schedule-wire.ts'
import { takerDelayOf } from './taker-delay.ts'

/** A market as Gamma lists it. docs/venues/polymarket.md, 2.2. Undefined members are left out. */
export function gammaMarket(market: SimMarket): Readonly<Record<string, unknown>> {
  return { ...describe(market), ...state(market), ...trading(market), ...prices(market) }
}

/** The same, with the set it belongs to, as the market listings send it. */
export function gammaMarketWithEvent(market: SimMarket): Readonly<Record<string, unknown>> {
  const { set } = market
  const event = {
    id: set.id,
    ticker: set.slug,
    slug: set.slug,
    title: set.title,
    negRisk: set.negRiskId !== undefined,
    enableNegRisk: set.negRiskId !== undefined,
    negRiskAugmented: isAugmented(market),
    ...(set.negRiskId === undefined ? {} : { negRiskMarketID: set.negRiskId }),
  }
  return { ...gammaMarket(market), events: [event] }
}

export function isAugmented({ set }: SimMarket): boolean {
  return set.structure.kind === 'outright' && set.structure.list === 'growing'
}

function describe(market: SimMarket): Readonly<Record<string, unknown>> {
  const { listing, set } = market
  return {
    id: listing.id,
    version: 'v1',
    question: listing.question,
    conditionId: listing.conditionId,
    questionID: listing.questionId,
    slug: listing.slug,
    resolutionSource: set.source,
    description: set.rules,
    outcomes: JSON.stringify(listing.outcomes),
    clobTokenIds: JSON.stringify([listing.tokens.yes, listing.tokens.no]),
    groupItemTitle: listing.label === '' ? undefined : listing.label,
    groupItemThreshold: String(set.markets.indexOf(market)),
    marketMakerAddress: '',
    startDate: isoOf(listing.listedAt),
    endDate: isoOf(listing.endsAt),
    startDateIso: isoOf(listing.listedAt).slice(0, 10),
    endDateIso: isoOf(listing.endsAt).slice(0, 10),
    createdAt: isoOf(listing.listedAt),
    image: '',
    icon: '',
    new: false,
    featured: false,
    restricted: true,
    resolvedBy: '0x2F5e3684cb1F318ec51b00Edba38d79Ac2c0aA9d',
  }
}

function state(market: SimMarket): Readonly<Record<string, unknown>> {
  const { status, closedAt } = market
  const delay = takerDelayOf(market)
  const isOver = status === 'closed' || status === 'resolved'
  return {
    active: status !== 'inactive',
    closed: status === 'resolved',
    archived: false,
    acceptingOrders: !isOver,
    acceptingOrdersTimestamp: isoOf(market.listing.listedAt),
    enableOrderBook: true,
    ready: false,
    funded: false,
    approved: true,
    automaticallyActive: true,
    clearBookOnStart: true,
    secondsDelay: delay.kind === 'queued' ? delay.ms / 1000 : undefined,
    manualActivation: market.listing.isReserved,
    closedTime: closedAt === undefined ? undefined : closedTimeText(closedAt),
    umaResolutionStatus: status === 'resolved' ? 'resolved' : undefined,
    umaResolutionStatuses: status === 'resolved' ? '["proposed"]' : '[]',
    umaBond: '500',
    umaReward: '5',
    customLiveness: 0,
  }
}

function trading(market: SimMarket): Readonly<Record<string, unknown>> {
  const { listing, set } = market
  const isNegRisk = set.negRiskId !== undefined
  return {
    orderPriceMinTickSize: Number(formatPrice(market.tick)),
    orderMinSize: 5,
    negRisk: isNegRisk,
    negRiskMarketID: set.negRiskId,
    negRiskRequestID: isNegRisk ? listing.questionId : '',
    negRiskOther: listing.role === 'other',
    makerBaseFee: 1000,
    takerBaseFee: 1000,
    feesEnabled: listing.fee.kind !== 'free',
    feeType: listing.fee.kind === 'free' ? null : listing.fee.feeType,
    feeSchedule: feeScheduleWire(listing.fee),
    rewardsMinSize: 50,
    rewardsMaxSpread: 4.5,
    rfqEnabled: false,
    holdingRewardsEnabled: false,
    comboStatus: 'disabled',
  }
}

function prices(market: SimMarket): Readonly<Record<string, unknown>> {
  const bid = market.engine.bestBid('yes')
  const ask = market.engine.bestAsk('yes')
  const volume = formatUsd(market.volume)
  const volumeNum = Number(volume)
  const liquidityNum = liquidityUsd(market)
  return {
    outcomePrices: JSON.stringify(outcomePrices(market)),
    bestBid: bid === noBid ? undefined : Number(formatPrice(bid)),
    bestAsk: ask === noAsk ? undefined : Number(formatPrice(ask)),
    spread: Number(formatPrice((ask - bid) as Ticks)),
    lastTradePrice: lastYesPrice(market),
    volume,
    volumeNum,
    volumeClob: volumeNum,
    volume24hr: volumeNum,
    volume24hrClob: volumeNum,
    volume1wk: volumeNum,
    volume1mo: volumeNum,
    volume1yr: volumeNum,
    liquidity: String(liquidityNum),
    liquidityNum,
    liquidityClob: liquidityNum,
  }
}

function outcomePrices({ engine, winner }: SimMarket): readonly [string, string] {
  if (winner !== undefined) return winner === 'yes' ? ['1', '0'] : ['0', '1']
  // The middle of the spread, which may have half a tick more than a price has.
  const middle = (engine.bestBid('yes') + engine.bestAsk('yes')) / 2 / ticksPerUsd
  return [String(middle), String(Number((1 - middle).toFixed(5)))]
}

function lastYesPrice({ lastTrade }: SimMarket): number | undefined {
  if (lastTrade === undefined) return undefined
  const price = Number(formatPrice(lastTrade.price))
  return lastTrade.outcome === 'yes' ? price : Number((1 - price).toFixed(4))
}

/** What rests in the books, in dollars: a rough number, as Gamma's is. */
export function liquidityUsd({ engine }: SimMarket): number {
  let total = zeroUsd
  for (const outcome of engine.kind === 'separate'
    ? (['yes', 'no'] as const)
    : (['yes'] as const)) {
    for (const { price, remaining } of engine.book(outcome).orders()) {
      total = add(total, cost(price, remaining))
    }
  }
  return Math.round(Number(formatUsd(total)) * 100) / 100
}

export function isoOf(epochMs: number): string {
  return new Date(epochMs).toISOString()
}

/** "2026-03-19 23:20:15+00": a form of its own. docs/venues/polymarket.md, 2.2. */
function closedTimeText(epochMs: number): string {
  return `${isoOf(epochMs).slice(0, 19).replace('T', ' ')}+00`
}
