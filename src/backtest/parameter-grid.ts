import { Random } from '../core/random.ts'

/** One parameter and the values it takes, as a configuration file would have them. */
export type Axis = { readonly name: string; readonly values: readonly string[] }

/** A choice of a value for each parameter. */
export type Trial = Readonly<Record<string, string>>

const decimals = 6
/** More trials than this are a mistake in the grid. */
export const trialsMax = 100_000

/**
 * `cross-outcome.edgeMin=0.002..0.02/4` is four values from the one to the other, both included;
 * `paper.latencyMs=25,100,400` is those three. Undefined when the text is neither.
 */
export function parseAxis(text: string): Axis | undefined {
  const at = text.indexOf('=')
  const name = text.slice(0, at).trim()
  const range = /^(-?[\d.]+)\.\.(-?[\d.]+)\/(\d+)$/.exec(text.slice(at + 1))
  if (at < 1) return undefined
  if (range === null) {
    const values = text
      .slice(at + 1)
      .split(',')
      .map((value) => value.trim())
    return values.includes('') ? undefined : { name, values }
  }
  const [low, high, count] = range.slice(1).map(Number)
  if (low === undefined || high === undefined || count === undefined) return undefined
  if (!(low <= high) || count < 1 || count > trialsMax) return undefined
  const step = count === 1 ? 0 : (high - low) / (count - 1)
  const values = Array.from({ length: count }, (_, index) => shortest(low + index * step))
  return { name, values }
}

/** Every choice of the axes' values, the last axis changing fastest. */
export function gridOf(axes: readonly Axis[]): readonly Trial[] {
  return axes.reduce<readonly Trial[]>(
    (trials, { name, values }) =>
      trials.flatMap((trial) => values.map((value) => ({ ...trial, [name]: value }))),
    [{}],
  )
}

/** So many different choices of a grid, by chance; the seed gives the same again. */
export function randomTrials(axes: readonly Axis[], count: number, seed: number): readonly Trial[] {
  const left = [...gridOf(axes)]
  const random = new Random(seed)
  const chosen: Trial[] = []
  while (chosen.length < count && left.length > 0) {
    chosen.push(...left.splice(random.integer(0, left.length - 1), 1))
  }
  return chosen
}

/** Six decimals at most, as every amount in a configuration. */
function shortest(value: number): string {
  return String(Number(value.toFixed(decimals)))
}
