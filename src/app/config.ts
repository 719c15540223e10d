import type { MicroShares, MicroUsd } from '../core/units.ts'

/** Everything that can be set. What each key means stands in config-schema.ts, beside its default. */
export type Config = {
  readonly mode: 'paper'
  readonly server: { readonly host: string; readonly port: number }
  readonly log: { readonly level: string }
  readonly engine: { readonly timerMs: number; readonly catalogueRefreshS: number }
  readonly venues: { readonly polymarket: PolymarketSettings }
  readonly strategies: {
    readonly crossOutcome: StrategySettings
    readonly outcomeBasket: StrategySettings
  }
  readonly risk: RiskSettings
  readonly paper: { readonly latencyMs: number }
}

export type PolymarketSettings = {
  readonly enabled: boolean
  readonly gammaUrl: string
  readonly clobUrl: string
  readonly marketSocketUrl: string
  readonly volume24hMin: MicroUsd
  readonly liquidityMin: MicroUsd
  readonly tags: readonly string[]
  readonly slugs: readonly string[]
  readonly closesWithinDays?: number | undefined
  readonly marketsMax: number
  readonly separateBooksTag?: string | undefined
}

export type StrategySettings = {
  readonly enabled: boolean
  /** The least edge by share. */
  readonly edgeMin: MicroUsd
  readonly size: MicroShares
}

export type RiskSettings = {
  readonly orderNotionalMax: MicroUsd
  readonly marketNotionalMax: MicroUsd
  readonly totalNotionalMax: MicroUsd
  readonly staleAfterMs: number
}
