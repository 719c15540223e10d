import { readdir, readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { z } from 'zod'
import type { Backtest, BacktestDetail, BacktestList } from './schema/backtest.ts'

/** A file that a person put there by mistake must not fill the memory. */
const fileBytesMax = 64 * 1024 * 1024
/** More points than a screen has columns say nothing more. */
const pointsMax = 2_000
const namePattern = /^[\w][\w.-]{0,99}$/

/** The results of backtests, as `backtest --json` writes them, and the pages beside them. */
export class BacktestFolder {
  readonly #folder: string

  constructor(folder: string) {
    this.#folder = folder
  }

  /** The latest first. */
  async list(): Promise<BacktestList> {
    const names = await this.#names()
    const backtests: Backtest[] = []
    const refused: string[] = []
    for (const name of names.filter((each) => each.endsWith('.json'))) {
      const id = name.slice(0, -'.json'.length)
      const read = await this.#read(id, names)
      if (typeof read === 'string') refused.push(`${name}: ${read}`)
      else {
        const { equity: _equity, byStrategy: _by, refusals: _refusals, ...row } = read
        backtests.push(row)
      }
    }
    backtests.sort((a, b) => b.madeAtMs - a.madeAtMs)
    return { folder: this.#folder, backtests, refused }
  }

  async detail(id: string): Promise<BacktestDetail | undefined> {
    const names = await this.#names()
    if (!names.includes(`${id}.json`)) return undefined
    const read = await this.#read(id, names)
    return typeof read === 'string' ? undefined : read
  }

  /** The page of a backtest, as it was written. */
  async report(id: string): Promise<string | undefined> {
    const names = await this.#names()
    if (!names.includes(`${id}.html`)) return undefined
    return readFile(path.join(this.#folder, `${id}.html`), 'utf8')
  }

  /** Only names of files that are there, so that no path of a request leaves the folder. */
  async #names(): Promise<readonly string[]> {
    try {
      return (await readdir(this.#folder)).filter((name) => namePattern.test(name))
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return []
      throw error
    }
  }

  async #read(id: string, names: readonly string[]): Promise<BacktestDetail | string> {
    const file = path.join(this.#folder, `${id}.json`)
    const { mtimeMs, size } = await stat(file)
    if (size > fileBytesMax) return 'is too large to be a result'
    const parsed = Result.safeParse(parseJson(await readFile(file, 'utf8')))
    if (!parsed.success) return 'is not what `backtest --json` writes'
    return detailOf(parsed.data, id, Math.floor(mtimeMs), names.includes(`${id}.html`))
  }
}

/** What we need of a result; there is more in it, for others. */
const Result = z.object({
  recording: z.object({ directory: z.string(), fromMs: z.number(), untilMs: z.number() }),
  strategies: z.array(z.string()),
  latencyMs: z.number(),
  seed: z.number(),
  capitalUsd: z.string(),
  realizedPnlUsd: z.string(),
  unrealizedPnlUsd: z.string(),
  feesUsd: z.string(),
  maxDrawdownUsd: z.string(),
  ledgerBalanced: z.boolean(),
  signals: z.int(),
  baskets: z.int(),
  fills: z.int(),
  rejections: z.int(),
  phantoms: z.int(),
  refusals: z.record(z.string(), z.number()),
  byStrategy: z.record(
    z.string(),
    z.object({
      realizedUsd: z.string(),
      feesUsd: z.string(),
      episodes: z.int(),
      taken: z.int(),
      captureRate: z.number().nullable(),
    }),
  ),
  equity: z.array(z.object({ atMs: z.number(), equityUsd: z.number() })),
})

function detailOf(
  result: z.infer<typeof Result>,
  id: string,
  madeAtMs: number,
  hasReport: boolean,
): BacktestDetail {
  const { recording, byStrategy, equity } = result
  const every = Math.max(1, Math.ceil(equity.length / pointsMax))
  return {
    id,
    madeAtMs,
    hasReport,
    recording: path.basename(recording.directory),
    fromMs: Math.floor(recording.fromMs),
    untilMs: Math.floor(recording.untilMs),
    strategies: result.strategies,
    latencyMs: result.latencyMs,
    seed: result.seed,
    capital: result.capitalUsd,
    realised: result.realizedPnlUsd,
    unrealised: result.unrealizedPnlUsd,
    fees: result.feesUsd,
    drawdownMax: result.maxDrawdownUsd,
    ledgerBalanced: result.ledgerBalanced,
    signals: result.signals,
    baskets: result.baskets,
    fills: result.fills,
    rejections: result.rejections,
    phantoms: result.phantoms,
    refusals: result.refusals,
    equity: equity
      .filter((_, index) => index % every === 0 || index === equity.length - 1)
      .map(({ atMs, equityUsd }) => ({ atMs: Math.floor(atMs), equityUsd })),
    byStrategy: Object.entries(byStrategy).map(([name, of]) => ({
      name,
      realised: of.realizedUsd,
      fees: of.feesUsd,
      episodes: of.episodes,
      taken: of.taken,
      captureRate: of.captureRate,
    })),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
