/**
 * How likely it is that a result is more than the best of many tries without any merit.
 *
 * Bailey and López de Prado, "The Deflated Sharpe Ratio" (2014): the Sharpe ratio of the best trial
 * is held against the one that the best of so many trials of no merit would show. Floats: these are
 * statistics for a report, and nothing is traded by them.
 */
export function deflatedSharpe(evidence: {
  /** Returns of the best trial, one for each period. */
  readonly returns: readonly number[]
  /** Sharpe ratios by period of all trials, the best one's among them. */
  readonly sharpes: readonly number[]
}): number | undefined {
  const { returns, sharpes } = evidence
  const sharpe = sharpeOf(returns)
  if (sharpe === undefined || returns.length < periodsMin) return undefined

  const deviation = Math.sqrt(moment(returns, 2))
  const skew = moment(returns, 3) / deviation ** 3
  const kurtosis = moment(returns, 4) / deviation ** 4
  const spread = 1 - skew * sharpe + ((kurtosis - 1) / 4) * sharpe ** 2
  if (!(spread > 0)) return undefined
  const above = (sharpe - expectedBest(sharpes)) * Math.sqrt(returns.length - 1)
  return normalBelow(above / Math.sqrt(spread))
}

/** Mean by deviation, by period. Undefined where nothing varies. */
export function sharpeOf(returns: readonly number[]): number | undefined {
  const deviation = Math.sqrt(moment(returns, 2))
  return deviation > 0 ? mean(returns) / deviation : undefined
}

/** Fewer periods say nothing about a deviation. */
const periodsMin = 10
/** Euler and Mascheroni's. */
const gamma = 0.577_215_664_901_532_9

/** The best Sharpe ratio to be expected of so many trials whose true one is zero. */
function expectedBest(sharpes: readonly number[]): number {
  const count = sharpes.length
  if (count < 2) return 0
  const deviation = Math.sqrt(moment(sharpes, 2))
  const one = normalQuantile(1 - 1 / count)
  const other = normalQuantile(1 - 1 / (count * Math.E))
  return deviation * ((1 - gamma) * one + gamma * other)
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length
}

function moment(values: readonly number[], power: number): number {
  const middle = mean(values)
  return mean(values.map((value) => (value - middle) ** power))
}

/** Abramowitz and Stegun, 7.1.26: within 2 in ten millions. */
export function normalBelow(value: number): number {
  const x = Math.abs(value) / Math.SQRT2
  const t = 1 / (1 + 0.327_591_1 * x)
  const factors = [1.061_405_429, -1.453_152_027, 1.421_413_741, -0.284_496_736, 0.254_829_592]
  const sum = factors.reduce((inside, factor) => inside * t + factor, 0) * t
  const error = 1 - sum * Math.exp(-x * x)
  return (1 + Math.sign(value) * error) / 2
}

/** By halving: it is asked twice a report. */
function normalQuantile(probability: number): number {
  let low = -10
  let high = 10
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (normalBelow(middle) < probability) low = middle
    else high = middle
  }
  return (low + high) / 2
}
