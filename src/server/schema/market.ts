import { z } from 'zod'
import type { BookState, Level, Outcome } from './scalars.ts'
import {
  bookState,
  count,
  instantMs,
  level,
  outcome,
  price,
  size,
  usd,
  venueId,
} from './scalars.ts'

export type MarketRow = {
  readonly venue: string
  readonly id: string
  readonly question: string
  readonly label: string
  readonly setId: string | null
  readonly status: string
  readonly state: BookState
  /** Of YES. Null on an empty side. */
  readonly bid: string | null
  readonly bidSize: string
  readonly ask: string | null
  readonly askSize: string
  readonly volume24h: string | null
  readonly liquidity: string | null
  readonly closesAtMs: number | null
  /** When a best price last moved; null before the first. */
  readonly changedMs: number | null
}
const rowShape = {
  venue: venueId,
  id: z.string(),
  question: z.string(),
  label: z.string(),
  setId: z.string().nullable(),
  status: z.string(),
  state: bookState,
  bid: price.nullable(),
  bidSize: size,
  ask: price.nullable(),
  askSize: size,
  volume24h: usd.nullable(),
  liquidity: usd.nullable(),
  closesAtMs: instantMs.nullable(),
  changedMs: instantMs.nullable(),
}
export const marketRow: z.ZodType<MarketRow> = z.object(rowShape).meta({ id: 'MarketRow' })

export type MarketList = {
  readonly markets: readonly MarketRow[]
  readonly found: number
  readonly listed: number
}
export const marketList: z.ZodType<MarketList> = z
  .object({ markets: z.array(marketRow), found: count, listed: count })
  .meta({ id: 'MarketList' })

/** One book, read from one outcome. */
export type Ladder = {
  readonly outcome: Outcome
  readonly state: BookState
  /** A sweep is applied in part. */
  readonly torn: boolean
  readonly bids: readonly Level[]
  readonly asks: readonly Level[]
}
const ladder: z.ZodType<Ladder> = z
  .object({
    outcome,
    state: bookState,
    torn: z.boolean(),
    bids: z.array(level),
    asks: z.array(level),
  })
  .meta({ id: 'Ladder' })

/** The books of a market: one where the venue mirrors NO from YES, two where it does not. */
export type MarketBooks = {
  readonly venue: string
  readonly id: string
  readonly atMs: number
  readonly ladders: readonly Ladder[]
}
export const marketBooks: z.ZodType<MarketBooks> = z
  .object({ venue: venueId, id: z.string(), atMs: instantMs, ladders: z.array(ladder) })
  .meta({ id: 'MarketBooks' })

export type PricePoint = {
  readonly atMs: number
  readonly bid: string | null
  readonly ask: string | null
}
const pricePoint: z.ZodType<PricePoint> = z
  .object({ atMs: instantMs, bid: price.nullable(), ask: price.nullable() })
  .meta({ id: 'PricePoint' })

export type MarketDetail = MarketRow & {
  readonly slug: string
  readonly bookKind: 'mirrored' | 'separate'
  readonly yesLabel: string
  readonly noLabel: string
  readonly tags: readonly string[]
  readonly rules: string
  readonly resolutionSource: string
  readonly step: string
  readonly lot: string
  readonly sizeMin: string
  readonly fee: string
  readonly takerDelayMs: number
  readonly negRisk: boolean
  /** The value of a YES share; null until it is resolved. */
  readonly resolvedYes: string | null
  readonly setTitle: string | null
  readonly history: readonly PricePoint[]
}
export const marketDetail: z.ZodType<MarketDetail> = z
  .object({
    ...rowShape,
    slug: z.string(),
    bookKind: z.enum(['mirrored', 'separate']),
    yesLabel: z.string(),
    noLabel: z.string(),
    tags: z.array(z.string()),
    rules: z.string(),
    resolutionSource: z.string(),
    step: price,
    lot: size,
    sizeMin: size,
    fee: z.string(),
    takerDelayMs: count,
    negRisk: z.boolean(),
    resolvedYes: usd.nullable(),
    setTitle: z.string().nullable(),
    history: z.array(pricePoint),
  })
  .meta({ id: 'MarketDetail' })

export type Claim = {
  readonly holds: 'proven' | 'assumed' | 'unknown' | 'refuted'
  readonly evidence: string
}
const claim: z.ZodType<Claim> = z
  .object({ holds: z.enum(['proven', 'assumed', 'unknown', 'refuted']), evidence: z.string() })
  .meta({ id: 'Claim' })

/** An outcome set, with the sums of the best prices of its members. */
export type SetRow = {
  readonly venue: string
  readonly id: string
  readonly title: string
  readonly memberCount: number
  /** Members with an order on that side; a sum is of all, or it is null. */
  readonly askCount: number
  readonly bidCount: number
  /** What all YES cost. Below a dollar it is an edge, when one of them must win. */
  readonly yesAskSum: string | null
  /** What all YES bring. Above a dollar all NO together cost less than they pay. */
  readonly yesBidSum: string | null
  readonly exclusive: Claim
  readonly exhaustive: Claim
  readonly converts: boolean
}
const setShape = {
  venue: venueId,
  id: z.string(),
  title: z.string(),
  memberCount: count,
  askCount: count,
  bidCount: count,
  yesAskSum: usd.nullable(),
  yesBidSum: usd.nullable(),
  exclusive: claim,
  exhaustive: claim,
  converts: z.boolean(),
}
export const setRow: z.ZodType<SetRow> = z.object(setShape).meta({ id: 'SetRow' })

export type SetMember = MarketRow & { readonly role: string; readonly tradable: boolean }
export type SetDetail = SetRow & { readonly members: readonly SetMember[] }
export const setDetail: z.ZodType<SetDetail> = z
  .object({
    ...setShape,
    members: z.array(z.object({ ...rowShape, role: z.string(), tradable: z.boolean() })),
  })
  .meta({ id: 'SetDetail' })
