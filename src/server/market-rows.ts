import { formatPrice, formatSize, formatUsd } from '../core/decimal.ts'
import type { FeeSchedule } from '../core/fee.ts'
import type { Market } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import type { MicroShares, MicroUsd, Ticks } from '../core/units.ts'
import { cost, microPerShare, microShares, noAsk, noBid, worth, zeroShares } from '../core/units.ts'
import type { ListedMarket } from './digest.ts'
import type { Replica } from './replica.ts'
import { askText, bidText } from './replica-books.ts'
import type { MarketDetail, MarketRow, SetDetail, SetRow } from './schema/market.ts'

export function marketRowOf({ index, market }: ListedMarket, { books }: Replica): MarketRow {
  const top = books.top(index)
  const { volume24h, liquidity, closesAt } = market
  return {
    venue: market.venue,
    id: market.id,
    question: market.question,
    label: market.label,
    setId: market.set ?? null,
    status: top?.status ?? market.status,
    state: top?.state ?? 'unproven',
    bid: bidText(top?.bid ?? noBid),
    bidSize: formatSize(top?.bidSize ?? zeroShares),
    ask: askText(top?.ask ?? noAsk),
    askSize: formatSize(top?.askSize ?? zeroShares),
    volume24h: volume24h === undefined ? null : formatUsd(volume24h),
    liquidity: liquidity === undefined ? null : formatUsd(liquidity),
    closesAtMs: closesAt ?? null,
    changedMs: top?.changedMs ?? null,
  }
}

export function marketDetailOf(listed: ListedMarket, replica: Replica): MarketDetail {
  const { market } = listed
  return {
    ...marketRowOf(listed, replica),
    slug: market.slug,
    bookKind: market.bookKind,
    yesLabel: market.yes.label,
    noLabel: market.no.label,
    tags: market.tags,
    rules: market.rules,
    resolutionSource: market.resolutionSource,
    step: formatPrice(market.grid.resolution),
    lot: formatSize(market.lot),
    sizeMin: formatSize(market.sizeMin),
    fee: describeFee(market.fee),
    takerDelayMs: market.takerDelayMs,
    negRisk: market.negRisk,
    resolvedYes: resolvedOf(market),
    setTitle: replica.catalogue.setOf(market)?.title ?? null,
    history: replica.books.history(listed.index),
  }
}

export function setRowOf(set: OutcomeSet, replica: Replica): SetRow {
  const tops = set.members.map(({ market }) => {
    const listed = replica.catalogue.find(set.venue, market)
    return listed === undefined ? undefined : replica.books.top(listed.index)
  })
  const asks = tops.flatMap((top) => (top === undefined || top.ask === noAsk ? [] : [top.ask]))
  const bids = tops.flatMap((top) => (top === undefined || top.bid === noBid ? [] : [top.bid]))
  return {
    venue: set.venue,
    id: set.id,
    title: set.title,
    memberCount: set.members.length,
    askCount: asks.length,
    bidCount: bids.length,
    yesAskSum: asks.length === set.members.length ? sumText(asks) : null,
    yesBidSum: bids.length === 0 ? null : sumText(bids),
    exclusive: set.exclusive,
    exhaustive: set.exhaustive,
    converts: set.conversion !== undefined,
  }
}

export function setDetailOf(set: OutcomeSet, replica: Replica): SetDetail {
  const members = set.members.flatMap(({ market, role, tradable }) => {
    const listed = replica.catalogue.find(set.venue, market)
    return listed === undefined ? [] : [{ ...marketRowOf(listed, replica), role, tradable }]
  })
  return { ...setRowOf(set, replica), members }
}

/** What one share of each costs: prices meet a size only in the core. */
function sumText(prices: readonly Ticks[]): string {
  const one: MicroShares = microShares(microPerShare)
  const total = prices.reduce((sum, price) => sum + cost(price, one), 0)
  return formatUsd(total as MicroUsd)
}

function resolvedOf({ resolution }: Market): string | null {
  if (resolution === undefined) return null
  return formatUsd(worth(resolution.yesValue, microShares(microPerShare)))
}

function describeFee(fee: FeeSchedule): string {
  if (fee.kind === 'unknown') return `not known: ${fee.reason}`
  const { rate, exponent } = fee.taker
  if (rate === 0) return 'none'
  const curve = exponent === 1 ? 'p(1 − p)' : '(p(1 − p))²'
  const perShare: number = rate
  return `${perShare / 1e4} % of ${curve} by share`
}
