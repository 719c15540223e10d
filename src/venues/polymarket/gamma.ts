import { z } from 'zod'

/**
 * What Gamma, the venue's catalogue, answers: the fields that matter, and room for any others.
 *
 * docs/venues/polymarket.md, 2.2. Lists come as JSON within a string.
 */

/** A list of strings that travels as the JSON text of one. */
const stringList: z.ZodType<readonly string[]> = z.string().transform((text, context) => {
  try {
    const list = z.array(z.string()).safeParse(JSON.parse(text))
    if (list.success) return list.data
  } catch (error) {
    context.issues.push({ code: 'custom', message: `not JSON: ${String(error)}`, input: text })
    return z.NEVER
  }
  context.issues.push({ code: 'custom', message: 'expected a list of strings', input: text })
  return z.NEVER
})

export type GammaFeeSchedule = {
  readonly rate: number
  readonly exponent: number
  readonly takerOnly?: boolean | undefined
}

export type GammaTag = { readonly slug: string }

/** One market as Gamma tells it. `null` and missing are the same: not told. */
export type GammaMarket = {
  readonly conditionId: string
  readonly slug: string
  readonly question: string
  readonly version?: string | null | undefined
  readonly description?: string | null | undefined
  readonly resolutionSource?: string | null | undefined
  readonly outcomes?: readonly string[] | null | undefined
  readonly outcomePrices?: readonly string[] | null | undefined
  readonly clobTokenIds?: readonly string[] | null | undefined
  readonly active?: boolean | null | undefined
  readonly closed?: boolean | null | undefined
  readonly acceptingOrders?: boolean | null | undefined
  readonly enableOrderBook?: boolean | null | undefined
  readonly orderPriceMinTickSize?: number | null | undefined
  readonly orderMinSize?: number | null | undefined
  readonly secondsDelay?: number | null | undefined
  readonly negRisk?: boolean | null | undefined
  readonly negRiskOther?: boolean | null | undefined
  readonly groupItemTitle?: string | null | undefined
  readonly endDate?: string | null | undefined
  readonly umaResolutionStatus?: string | null | undefined
  readonly feesEnabled?: boolean | null | undefined
  readonly feeSchedule?: GammaFeeSchedule | null | undefined
  readonly volume24hr?: number | null | undefined
  readonly liquidityNum?: number | null | undefined
}

export const gammaMarket: z.ZodType<GammaMarket> = z.object({
  conditionId: z.string(),
  slug: z.string(),
  question: z.string(),
  version: z.string().nullish(),
  description: z.string().nullish(),
  resolutionSource: z.string().nullish(),
  outcomes: stringList.nullish(),
  outcomePrices: stringList.nullish(),
  clobTokenIds: stringList.nullish(),
  active: z.boolean().nullish(),
  closed: z.boolean().nullish(),
  acceptingOrders: z.boolean().nullish(),
  enableOrderBook: z.boolean().nullish(),
  orderPriceMinTickSize: z.number().nullish(),
  orderMinSize: z.number().nullish(),
  secondsDelay: z.number().nullish(),
  negRisk: z.boolean().nullish(),
  negRiskOther: z.boolean().nullish(),
  groupItemTitle: z.string().nullish(),
  endDate: z.string().nullish(),
  umaResolutionStatus: z.string().nullish(),
  feesEnabled: z.boolean().nullish(),
  feeSchedule: z
    .object({ rate: z.number(), exponent: z.number(), takerOnly: z.boolean().optional() })
    .nullish(),
  volume24hr: z.number().nullish(),
  liquidityNum: z.number().nullish(),
})

/** An event: one question with its markets, each to be read on its own, so that one may fail. */
export type GammaEvent = {
  readonly id: string
  readonly slug: string
  readonly title: string
  readonly negRisk?: boolean | null | undefined
  readonly enableNegRisk?: boolean | null | undefined
  readonly negRiskAugmented?: boolean | null | undefined
  readonly negRiskMarketID?: string | null | undefined
  readonly negRiskFeeBips?: number | null | undefined
  readonly markets?: readonly unknown[] | null | undefined
  readonly tags?: readonly GammaTag[] | null | undefined
}

export const gammaEvent: z.ZodType<GammaEvent> = z.object({
  id: z.string(),
  slug: z.string(),
  title: z.string(),
  negRisk: z.boolean().nullish(),
  enableNegRisk: z.boolean().nullish(),
  negRiskAugmented: z.boolean().nullish(),
  negRiskMarketID: z.string().nullish(),
  negRiskFeeBips: z.number().nullish(),
  markets: z.array(z.unknown()).nullish(),
  tags: z.array(z.object({ slug: z.string() })).nullish(),
})

/** A page: `next_cursor` is missing on the last one. docs/venues/polymarket.md, 2.1. */
export type EventsPage = {
  readonly events: readonly unknown[]
  readonly next_cursor?: string | null | undefined
}
export const eventsPage: z.ZodType<EventsPage> = z.object({
  events: z.array(z.unknown()),
  next_cursor: z.string().nullish(),
})

export type MarketsPage = {
  readonly markets: readonly unknown[]
  readonly next_cursor?: string | null | undefined
}
export const marketsPage: z.ZodType<MarketsPage> = z.object({
  markets: z.array(z.unknown()),
  next_cursor: z.string().nullish(),
})
