import type { MicroUsd } from '../core/units.ts'
import type { RiskLimits } from '../risk/risk-limits.ts'
import type { CombinatorialConfig } from '../strategies/combinatorial/combinatorial.ts'
import type { ConversionConfig } from '../strategies/conversion/conversion.ts'
import type { CrossOutcomeConfig } from '../strategies/cross-outcome/cross-outcome.ts'
import type { CrossVenueConfig } from '../strategies/cross-venue/cross-venue.ts'
import type { LadderConfig } from '../strategies/ladder/ladder.ts'
import type { OutcomeBasketConfig } from '../strategies/outcome-basket/outcome-basket.ts'
import type { PaperBand } from '../venues/paper/index.ts'
import type { AlertSettings } from './alert-settings.ts'
import type { LiveSettings } from './live-settings.ts'

/** Everything that can be set. What a key means stands in config-schema.ts, beside its default. */
export type Config = {
  readonly mode: 'paper' | 'live'
  readonly server: {
    readonly host: string
    readonly port: number
    readonly allowedHosts: readonly string[]
  }
  readonly data: { readonly folder: string }
  readonly log: { readonly level: string }
  readonly alerts: AlertSettings
  readonly engine: { readonly timerMs: number; readonly catalogueRefreshS: number }
  readonly venues: { readonly polymarket: PolymarketSettings; readonly kalshi: KalshiSettings }
  readonly relations: { readonly file?: string | undefined }
  readonly propositions: { readonly file?: string | undefined }
  readonly strategies: {
    readonly crossOutcome: CrossOutcomeConfig & Switch
    readonly outcomeBasket: OutcomeBasketConfig & Switch
    readonly conversion: ConversionConfig & Switch
    readonly ladder: LadderConfig & Switch
    readonly combinatorial: CombinatorialConfig & Switch
    readonly crossVenue: CrossVenueConfig & Switch
    /** Strategies of the user's own: the paths of their files. */
    readonly files: readonly string[]
    /** What the settings say of those, by their names in code. */
    readonly own: Readonly<Record<string, OwnSettings>>
    /** One look of theirs may take so long; three that take longer, and it is switched off. */
    readonly lookBudgetMs: number
    /** A look that has not ended after so long never will. */
    readonly stallAfterMs: number
  }
  readonly risk: RiskSettings
  readonly paper: PaperSettings
  readonly live: LiveSettings
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
  readonly exhaustiveSets: readonly string[]
  readonly separateBooksTag?: string | undefined
}

export type KalshiSettings = {
  readonly enabled: boolean
  readonly restUrl: string
  readonly socketUrl: string
  readonly keyId?: string | undefined
  readonly privateKeyFile?: string | undefined
  readonly volume24hMin: MicroUsd
  readonly series: readonly string[]
  readonly categories: readonly string[]
  readonly events: readonly string[]
  readonly closesWithinDays?: number | undefined
  readonly marketsMax: number
  readonly exhaustiveEvents: readonly string[]
}

export type PaperSettings = {
  readonly capital: MicroUsd
  readonly band: PaperBand
  readonly rivals: boolean
  readonly amounts: 'any' | 'as-the-venue'
  readonly latencyMs: number
  readonly cancelLatencyMs?: number | undefined
  readonly operationMs: number
  readonly latency: { readonly polymarket: LatencySettings; readonly kalshi: LatencySettings }
}

/** What `doctor` has measured, in milliseconds. */
export type LatencySettings = {
  readonly p50Ms?: number | undefined
  readonly p90Ms?: number | undefined
  readonly p99Ms?: number | undefined
}

/** Settings of a strategy of the user's own, as written: only its file knows what they mean. */
export type OwnSettings = Readonly<Record<string, string | number | boolean | readonly string[]>>

type Switch = { readonly enabled: boolean }

/** The limits that a user may want to move, and how long silence is believed. */
export type RiskSettings = Pick<
  RiskLimits,
  | 'orderNotionalMax'
  | 'marketExposureMax'
  | 'totalExposureMax'
  | 'setExposureMax'
  | 'venueExposureMax'
  | 'strategyExposureMax'
  | 'unresolvedExposureMax'
  | 'dailyLossMax'
  | 'collarMax'
  | 'openBasketsMax'
  | 'ordersPerSecondMax'
  | 'ordersPerMinuteMax'
  | 'closingMarginMs'
> & { readonly staleAfterMs: number }
