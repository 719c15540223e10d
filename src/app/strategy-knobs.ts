import { formatDecimal, parseDecimal } from '../core/decimal.ts'
import type { StrategyParameters } from '../ports/strategy-parameters.ts'

type Knobs = { [name: string]: unknown }

/** Rates, sizes and money are whole millionths; these are plain numbers. */
const plainNumbers: readonly string[] = ['statesMax']

/**
 * The settings of the strategies, as objects that the strategies read at each look and an operator
 * may change.
 *
 * A change is a command, so it has its place among the events and a replay makes it at the same
 * one.
 */
export class StrategyKnobs implements StrategyParameters {
  readonly #knobs: Map<string, Knobs> = new Map()

  /**
   * The settings of a strategy to be built with: a copy, so that the configuration stays as it was.
   */
  keep<Config extends object>(strategy: string, config: Config): Config {
    const kept = { ...config }
    this.#knobs.set(strategy, kept as Knobs)
    return kept
  }

  of(strategy: string): Readonly<Record<string, string>> {
    const found = Object.entries(this.#knobs.get(strategy) ?? {}).flatMap(([name, value]) =>
      typeof value === 'number' ? [[name, formatDecimal(value, decimalsOf(name))] as const] : [],
    )
    return Object.fromEntries(found)
  }

  refusal(strategy: string, values: Readonly<Record<string, string>>): string | undefined {
    const known = this.of(strategy)
    for (const [name, text] of Object.entries(values)) {
      if (known[name] === undefined) return `${strategy} has no ${name}`
      const value = parseDecimal(text, decimalsOf(name))
      if (value === undefined) return `${name}: expected a number with ${decimalsOf(name)} decimals`
      if (value < 0) return `${name}: expected a number that is not below zero`
    }
    const { sizeMin, sizeMax } = { ...known, ...values }
    const isUpsideDown = Number(sizeMin ?? 0) > Number(sizeMax ?? Number.POSITIVE_INFINITY)
    return isUpsideDown ? 'sizeMin is above sizeMax' : undefined
  }

  set(strategy: string, values: Readonly<Record<string, string>>): void {
    const knobs = this.#knobs.get(strategy)
    if (knobs === undefined || this.refusal(strategy, values) !== undefined) return
    for (const [name, text] of Object.entries(values)) {
      knobs[name] = parseDecimal(text, decimalsOf(name))
    }
  }
}

function decimalsOf(name: string): number {
  return plainNumbers.includes(name) ? 0 : 6
}
