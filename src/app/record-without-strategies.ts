import type { Config } from './config.ts'

/** Nothing trades while it is recorded: no strategy is there to ask for it. */
export function withoutStrategies(config: Config): Config {
  const { crossOutcome, outcomeBasket, conversion, ladder, combinatorial, crossVenue } =
    config.strategies
  return {
    ...config,
    strategies: {
      ...config.strategies,
      files: [],
      crossOutcome: { ...crossOutcome, enabled: false },
      outcomeBasket: { ...outcomeBasket, enabled: false },
      conversion: { ...conversion, enabled: false },
      ladder: { ...ladder, enabled: false },
      combinatorial: { ...combinatorial, enabled: false },
      crossVenue: { ...crossVenue, enabled: false },
    },
  }
}
