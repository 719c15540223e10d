import type { Curves } from '../backtest/report-page.ts'
import { formatDecimal } from '../core/decimal.ts'
import { readParameter } from '../strategy-kit/parameter.ts'
import type { BacktestRequest } from './backtest.ts'
import { headerOfRecording, runBacktest } from './backtest.ts'
import type { ConfigChange } from './config-change.ts'
import { valueAt } from './config-change.ts'
import { triedStrategies } from './recorded-strategies.ts'
import { keyOf } from './user-strategies.ts'

const latenciesMs = [0, 25, 100, 250, 500, 1_000]
const sizeFactors = [0.25, 0.5, 1, 2, 4]

/** The settings that say how much a basket may be, in shares or in dollars. */
const sizeSettings: readonly (readonly string[])[] = [
  ['strategies', 'crossOutcome', 'sizeMax'],
  ['strategies', 'outcomeBasket', 'spendMax'],
  ['strategies', 'conversion', 'spendMax'],
  ['strategies', 'ladder', 'spendMax'],
  ['strategies', 'combinatorial', 'spendMax'],
]

/** Runs the recording again for each latency and size: how far a result hangs on either. */
export async function curvesOf(request: BacktestRequest, config: object): Promise<Curves> {
  const latency: { latencyMs: number; equityUsd: number }[] = []
  for (const latencyMs of latenciesMs) {
    const change = { path: ['paper', 'latencyMs'], text: String(latencyMs) }
    latency.push({ latencyMs, equityUsd: await equityWith(request, [change]) })
  }
  const size: { factor: number; equityUsd: number }[] = []
  for (const factor of sizeFactors) {
    const changes = [
      ...sizeSettings.flatMap((path) => scaled(config, path, factor)),
      ...(await scaledOwn(request, factor)),
    ]
    size.push({ factor, equityUsd: await equityWith(request, changes) })
  }
  return { latency, size }
}

async function equityWith(
  request: BacktestRequest,
  more: readonly ConfigChange[],
): Promise<number> {
  const changes = [...request.changes, ...more]
  return Number((await runBacktest({ ...request, changes })).finalEquityUsd)
}

/** Shares and dollars alike are kept in millionths. */
function scaled(config: object, path: readonly string[], factor: number): readonly ConfigChange[] {
  const found = valueAt(config, path)
  if (typeof found !== 'number') return []
  return [{ path, text: formatDecimal(Math.round(found * factor), 6) }]
}

/** Shares and dollars that a strategy of the user's own goes by. */
async function scaledOwn(
  { directory, strategyFiles = [], changes }: BacktestRequest,
  factor: number,
): Promise<readonly ConfigChange[]> {
  const header = await headerOfRecording(directory)
  const { strategies } = await triedStrategies(directory, header, { files: strategyFiles, changes })
  return strategies.flatMap(({ source: { definition }, given }) =>
    Object.entries(definition.parameters).flatMap(([name, { kind, fallback }]) => {
      if (kind !== 'shares') return []
      const set = readParameter(kind, given[name]) ?? fallback
      const size = Math.round(Number(set) * factor)
      const path = ['strategies', keyOf(definition), name]
      return [{ path, text: formatDecimal(size, 6) }]
    }),
  )
}
