/** Settings of strategies that may be changed while they run. Values are exact decimal text. */
export interface StrategyParameters {
  /** What may be changed of a strategy, and how it stands. Empty when nothing may. */
  of(strategy: string): Readonly<Record<string, string>>
  /** Why the values do not fit. Undefined when they do. */
  refusal(strategy: string, values: Readonly<Record<string, string>>): string | undefined
  /** Takes the values. What does not fit changes nothing. */
  set(strategy: string, values: Readonly<Record<string, string>>): void
}
