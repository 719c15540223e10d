import type { Strategy } from '../ports/strategy.ts'
import type { Parameter } from './parameter.ts'

export type Parameters = Readonly<Record<string, Parameter>>

/** The parameters as a strategy reads them: `settings.size` is a number of micro-shares. */
export type Settings<Given extends Parameters> = {
  readonly [Name in keyof Given]: Given[Name]['fallback']
}

/** What a strategy does. Only `evaluate` is a must. */
export type StrategyBody = Pick<Strategy, 'evaluate' | 'watches'> &
  Partial<Pick<Strategy, 'onCatalogue'>>

/** A strategy of the user's own: what its file exports as `strategy`. */
export type StrategyDefinition<Given extends Parameters = Parameters> = {
  /** Its name in signals, metrics and settings: lower case, with dashes. */
  readonly name: string
  /** One sentence: when it trades, and what must be true for it to earn. */
  readonly about: string
  readonly parameters: Given
  /** Makes the strategy anew, with settings that are read and checked. Keep all state in it. */
  create(settings: Settings<Given>): StrategyBody
}

/** Gives the definition back, with the types of its settings inferred from its parameters. */
export function defineStrategy<const Given extends Parameters>(
  definition: StrategyDefinition<Given>,
): StrategyDefinition<Given> {
  return definition
}

/** The settings when nobody says otherwise, with some replaced. */
export function settingsOf<const Given extends Parameters>(
  { parameters }: StrategyDefinition<Given>,
  over: Partial<Settings<Given>> = {},
): Settings<Given> {
  const fallbacks = Object.entries(parameters).map(([name, { fallback }]) => [name, fallback])
  // Each name of the parameters is there, with a value of its own kind.
  return { ...Object.fromEntries(fallbacks), ...over } as Settings<Given>
}
