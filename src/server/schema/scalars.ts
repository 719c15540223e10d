import { z } from 'zod'

/** Money, prices and sizes travel as exact decimal text: a reader may count without losing one. */
const decimalPattern = /^-?\d{1,15}(\.\d{1,6})?$/

export const usd: z.ZodType<string> = z
  .string()
  .regex(decimalPattern)
  .meta({ description: 'Dollars, exact to the micro-dollar.', example: '12.5' })

export const price: z.ZodType<string> = z
  .string()
  .regex(/^[01](\.\d{1,4})?$/)
  .meta({ description: 'Dollars by share, from 0 to 1.', example: '0.82' })

export const size: z.ZodType<string> = z
  .string()
  .regex(decimalPattern)
  .meta({ description: 'Shares, exact to the millionth.', example: '102.2' })

export const ppm: z.ZodType<number> = z
  .int()
  .meta({ description: 'A rate in millionths: 20000 is 2 %.', example: 20_000 })

export const instantMs: z.ZodType<number> = z
  .int()
  .min(0)
  .meta({ description: 'Milliseconds since 1970.', example: 1_796_000_000_000 })

export const count: z.ZodType<number> = z.int().min(0)

export const venueId: z.ZodType<string> = z.string().min(1).max(32).meta({ example: 'polymarket' })

export type Side = 'buy' | 'sell'
export const side: z.ZodType<Side> = z.enum(['buy', 'sell'])

export type Outcome = 'yes' | 'no'
export const outcome: z.ZodType<Outcome> = z.enum(['yes', 'no'])

export type BookState = 'proven' | 'unproven' | 'broken'
export const bookState: z.ZodType<BookState> = z.enum(['proven', 'unproven', 'broken']).meta({
  description: 'Whether our copy of a book may be believed.',
})

/** A market, as far as it takes to name it. */
export type MarketName = {
  readonly venue: string
  readonly id: string
  readonly question: string
  /** Its name within its set; empty when it has none. */
  readonly label: string
}
export const marketName: z.ZodType<MarketName> = z
  .object({ venue: venueId, id: z.string(), question: z.string(), label: z.string() })
  .meta({ id: 'MarketName' })

export type Level = { readonly price: string; readonly size: string }
export const level: z.ZodType<Level> = z.object({ price, size }).meta({ id: 'Level' })
