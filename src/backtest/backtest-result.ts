/**
 * What a backtest found. Plain data: it is the `--json` of the command, and what threads send.
 *
 * Money is decimal text in dollars, exact to the micro-dollar; statistics are plain numbers.
 */
export type BacktestResult = {
  readonly recording: RecordingFacts
  readonly strategies: readonly string[]
  readonly latencyMs: number
  readonly seed: number
  /** A negative control, in which nothing may be earned; null for a backtest proper. */
  readonly control: 'shuffled' | null
  /** At all venues together. */
  readonly capitalUsd: string
  readonly realizedPnlUsd: string
  readonly unrealizedPnlUsd: string
  readonly feesUsd: string
  readonly finalEquityUsd: string
  readonly maxDrawdownUsd: string
  readonly ledgerBalanced: boolean
  /** Positions whose market had not been resolved when the recording ended, marked at its bids. */
  readonly openPositions: number
  readonly signals: number
  readonly baskets: number
  readonly fills: number
  readonly rejections: number
  readonly phantoms: number
  readonly stopped: readonly { readonly strategy: string; readonly reason: string }[]
  readonly refusals: Readonly<Record<string, number>>
  readonly byStrategy: Readonly<Record<string, StrategyResult>>
  readonly legFill: readonly LegFillPoint[]
  readonly equity: readonly EquityPoint[]
  readonly trades: readonly TradeRow[]
  readonly episodes: readonly EpisodeRow[]
}

export type RecordingFacts = {
  readonly directory: string
  readonly parts: number
  readonly fromMs: number
  readonly untilMs: number
  readonly events: number
  readonly frames: number
  readonly faults: readonly string[]
}

export type StrategyResult = {
  /** Less fees. */
  readonly realizedUsd: string
  readonly feesUsd: string
  readonly episodes: number
  readonly taken: number
  readonly missed: Readonly<Record<string, number>>
  /** The best edge of each episode, summed: what there was to be had. */
  readonly edgeSeenUsd: string
  /** The edge that its complete baskets claimed. */
  readonly edgeTakenUsd: string
  /** Edge taken by edge seen; null when nothing was seen. */
  readonly captureRate: number | null
}

/** Legs sent with a size up to this, and how much of them was filled. */
export type LegFillPoint = {
  readonly sizeMaxShares: number
  readonly legs: number
  readonly filledWhole: number
  readonly filledPart: number
}

export type EquityPoint = { readonly atMs: number; readonly equityUsd: number }

export type TradeRow = {
  readonly atMs: number
  readonly strategy: string
  readonly basket: string
  readonly market: string
  readonly outcome: string
  readonly side: string
  readonly price: string
  readonly size: string
  readonly feeUsd: string
}

export type EpisodeRow = {
  readonly fromMs: number
  readonly lastedMs: number
  readonly strategy: string
  readonly markets: readonly string[]
  readonly peakEdgeUsd: string
  readonly attempts: number
  /** `taken`, or why not. */
  readonly fate: string
}
