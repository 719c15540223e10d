import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { BacktestResult } from '../backtest/backtest-result.ts'
import { loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'

/** Keeps a result and its page where the dashboard looks for them. */
export async function keepBacktest(
  { environment, folder }: Machine,
  name: string,
  result: BacktestResult,
  page: string,
): Promise<void> {
  const { config } = loadConfig({ file: undefined, folder, environment, overrides: [] })
  const kept = path.resolve(folder, config.data.folder, backtestsFolder)
  await mkdir(kept, { recursive: true })
  await writeFile(path.join(kept, `${name}.json`), JSON.stringify(result))
  await writeFile(path.join(kept, `${name}.html`), page)
}

/** Within the data folder. */
export const backtestsFolder = 'backtests'
