import { z } from 'zod'
import type { LimitName, RunStatus } from './run-status.ts'
import { runStatus, limitName } from './run-status.ts'
import { usd } from './scalars.ts'

/** Typed by a person, so that no stray click ends the trading. */
export const killWord = 'KILL'
export const killRequest: z.ZodType<{ readonly confirm: typeof killWord }> = z
  .strictObject({ confirm: z.literal(killWord) })
  .meta({ id: 'KillRequest' })

export type LimitsRequest = { readonly limits: Partial<Record<LimitName, string>> }
export const limitsRequest: z.ZodType<LimitsRequest> = z
  .strictObject({ limits: z.partialRecord(limitName, usd) })
  .meta({ id: 'LimitsRequest', description: 'Those that are left out stay as they are.' })

export type StrategyRequest = {
  readonly enabled?: boolean | undefined
  readonly parameters?: Readonly<Record<string, string>> | undefined
}
export const strategyRequest: z.ZodType<StrategyRequest> = z
  .strictObject({
    enabled: z.boolean().optional(),
    parameters: z.record(z.string().max(64), z.string().max(64)).optional(),
  })
  .meta({ id: 'StrategyRequest' })

export type ControlResult = { readonly message: string; readonly status: RunStatus }
export const controlResult: z.ZodType<ControlResult> = z
  .object({ message: z.string(), status: runStatus })
  .meta({ id: 'ControlResult', description: 'What was done, and where the run stands after it.' })

export type Refusal = { readonly error: string; readonly message: string }
export const refusal: z.ZodType<Refusal> = z
  .object({ error: z.string(), message: z.string() })
  .meta({ id: 'Refusal', description: 'A stable code, and a sentence for people.' })

export type Session = { readonly scope: 'read' | 'control' | 'none' }
export const session: z.ZodType<Session> = z
  .object({ scope: z.enum(['read', 'control', 'none']) })
  .meta({ id: 'Session' })

export type LoginRequest = { readonly token: string }
export const loginRequest: z.ZodType<LoginRequest> = z
  .strictObject({ token: z.string().min(1).max(200) })
  .meta({ id: 'LoginRequest' })

export type LoginLink = { readonly url: string }
export const loginLink: z.ZodType<LoginLink> = z
  .object({ url: z.string() })
  .meta({ id: 'LoginLink', description: 'Good for one use, and not for long.' })
