import { z } from 'zod'
import type { OrderPurpose } from './basket.ts'
import { orderPurpose } from './basket.ts'
import type { MarketName, Outcome, Side } from './scalars.ts'
import { count, instantMs, marketName, outcome, price, side, size, usd } from './scalars.ts'

export type Fill = {
  readonly id: string
  readonly atMs: number
  readonly strategy: string
  readonly basket: string
  readonly purpose: OrderPurpose
  readonly market: MarketName
  readonly outcome: Outcome
  readonly side: Side
  readonly price: string
  readonly size: string
  readonly fee: string
}
export const fill: z.ZodType<Fill> = z
  .object({
    id: z.string(),
    atMs: instantMs,
    strategy: z.string(),
    basket: z.string(),
    purpose: orderPurpose,
    market: marketName,
    outcome,
    side,
    price,
    size,
    fee: usd,
  })
  .meta({ id: 'Fill' })

export type Position = {
  readonly market: MarketName
  readonly outcome: Outcome
  readonly strategy: string
  readonly size: string
  readonly cost: string
  /** What it would bring if it were sold into the bids now, fees paid. */
  readonly value: string
  readonly unrealised: string
}
export const position: z.ZodType<Position> = z
  .object({
    market: marketName,
    outcome,
    strategy: z.string(),
    size,
    cost: usd,
    value: usd,
    unrealised: usd,
  })
  .meta({ id: 'Position' })

export type LedgerEntry = {
  readonly number: number
  readonly atMs: number
  readonly memo: string
  readonly postings: readonly { readonly account: string; readonly amount: string }[]
}
export const ledgerEntry: z.ZodType<LedgerEntry> = z
  .object({
    number: count,
    atMs: instantMs,
    memo: z.string(),
    postings: z.array(z.object({ account: z.string(), amount: usd })),
  })
  .meta({ id: 'LedgerEntry', description: 'Its postings sum to zero; a debit is positive.' })
