import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { Worker } from 'node:worker_threads'

import { z } from 'zod'

import { deflatedSharpe, sharpeOf } from '../backtest/deflated-sharpe.ts'
import type { Trial } from '../backtest/parameter-grid.ts'
import { headerOfRecording, runBacktest } from './backtest.ts'
import type { ConfigChange } from './config-change.ts'
import { pathOfSetting, withChange } from './config-change.ts'
import { tradingConfig } from './journal-header.ts'
import { triedStrategies } from './recorded-strategies.ts'
import type { SweepPlan, TrialResult, TrialTask } from './run-trial.ts'
import type { WalkForward } from './walk-forward.ts'
import { walkForward } from './walk-forward.ts'

export type SweepRequest = {
  readonly directory: string
  readonly trials: readonly Trial[]
  readonly proofs: 'recorded' | 'candidates'
  /** The share of the recording by which parameters are chosen; the rest tries the choice. */
  readonly split: number
  /** Steps of a walk forward: at each the best so far is tried on what follows. None when zero. */
  readonly folds?: number | undefined
  /** Files of strategies of the user's own. */
  readonly strategyFiles?: readonly string[] | undefined
  readonly threads: number
  /** Where finished trials are kept, one a line: a sweep that was stopped goes on from there. */
  readonly stateFile?: string | undefined
  readonly onProgress: (done: number, of: number) => void
}

export type SweepResult = {
  readonly trials: number
  /** The best on the part by which parameters are chosen, first. */
  readonly results: readonly TrialResult[]
  readonly best: TrialResult | null
  /** How likely the best is more than luck, given how many were tried; null when nobody can say. */
  readonly deflatedSharpe: number | null
  /** What somebody would have earned who always went on with the best so far; null without folds. */
  readonly walkForward: WalkForward | null
  readonly warning: string
}

/** Believed when the odds are twenty to one. */
const believed = 0.95

/** Tries parameters on a recording, several at once, and says how far the best may be believed. */
export async function runSweep(request: SweepRequest): Promise<SweepResult> {
  const { trials, stateFile, threads, onProgress } = request
  await refuseWrong(request)
  const plan = await planOf(request)
  const key = JSON.stringify(plan)
  const done = stateFile === undefined ? [] : readState(stateFile, key, trials)
  const left = trials
    .map((trial, number) => ({ number, trial }))
    .filter(({ number }) => !done.some((one) => one.number === number))

  const results = [...done]
  onProgress(results.length, trials.length)
  const take = (): TrialTask | undefined => left.shift()
  const finish = (result: TrialResult): void => {
    results.push(result)
    if (stateFile !== undefined) appendFileSync(stateFile, `${JSON.stringify({ key, result })}\n`)
    onProgress(results.length, trials.length)
  }
  const count = Math.min(threads, left.length)
  await Promise.all(Array.from({ length: count }, () => work(plan, take, finish)))
  return judged(results)
}

/** A parameter that is none should be said before an hour has passed. */
async function refuseWrong({ directory, trials, strategyFiles = [] }: SweepRequest): Promise<void> {
  const header = await headerOfRecording(directory)
  for (const trial of trials) {
    const changes = Object.entries(trial).map(([name, text]) => ({
      path: pathOfSetting(name),
      text,
    }))
    const tried = await triedStrategies(directory, header, { files: strategyFiles, changes })
    tried.changes.reduce(withChange, tradingConfig(header))
  }
}

async function planOf({
  directory,
  proofs,
  split,
  folds = 0,
  strategyFiles = [],
}: SweepRequest): Promise<SweepPlan> {
  const changes: readonly ConfigChange[] = []
  const header = await headerOfRecording(directory)
  const tried = await triedStrategies(directory, header, { files: strategyFiles, changes })
  const { recording } = await runBacktest({
    directory,
    changes,
    strategyFiles,
    proofs: 'candidates',
  })
  const { fromMs, untilMs } = recording
  const at = (share: number): number => Math.round(fromMs + share * (untilMs - fromMs))
  const pieces = folds === 0 ? 0 : folds + 1
  return {
    directory,
    proofs,
    strategyFiles,
    versions: tried.strategies.map(({ source }) => source.version),
    fromMs,
    splitMs: at(split),
    untilMs,
    cutsMs: Array.from({ length: pieces }, (_, index) => at(index / pieces)),
  }
}

/** One thread, until there is nothing left to take. */
function work(
  plan: SweepPlan,
  take: () => TrialTask | undefined,
  finish: (result: TrialResult) => void,
): Promise<void> {
  const file = import.meta.url.endsWith('.ts') ? './sweep-worker.ts' : './sweep-worker.js'
  const worker = new Worker(new URL(file, import.meta.url), { workerData: plan })
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('exit', () => resolve())
    worker.on('message', (message: TrialResult | 'ready' | { readonly failed: string }) => {
      if (typeof message === 'object' && 'failed' in message) {
        reject(new Error(`a trial failed: ${message.failed}`))
        return
      }
      if (message !== 'ready') finish(message)
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has none
      worker.postMessage(take() ?? 'end')
    })
  })
}

function judged(all: readonly TrialResult[]): SweepResult {
  const results = all.toSorted(
    (a, b) => b.chosen.profitUsd - a.chosen.profitUsd || a.number - b.number,
  )
  const best = results[0] ?? null
  const sharpes = results.flatMap(({ chosen }) => sharpeOf(chosen.gains) ?? [])
  const odds = best === null ? undefined : deflatedSharpe({ returns: best.chosen.gains, sharpes })
  return {
    trials: results.length,
    results,
    best,
    deflatedSharpe: odds === undefined ? null : Math.round(odds * 10_000) / 10_000,
    walkForward: walkForward(results),
    warning: warningOf(results.length, odds),
  }
}

function warningOf(trials: number, odds: number | undefined): string {
  const tried = `${trials} trials: the best of many looks good by chance.`
  if (odds === undefined) return `${tried} Too little happened to say how far it may be believed.`
  const percent = (odds * 100).toFixed(1)
  return odds >= believed
    ? `${tried} With that counted in, it is more than luck with ${percent} %.`
    : `${tried} With that counted in, it is more than luck with only ${percent} %: do not trade it.`
}

const outcomeShape = z.object({
  profitUsd: z.number(),
  baskets: z.number(),
  maxDrawdownUsd: z.number(),
  gains: z.array(z.number()),
})
const lineShape = z.object({
  key: z.string(),
  result: z.object({
    number: z.int(),
    trial: z.record(z.string(), z.string()),
    chosen: outcomeShape,
    held: outcomeShape,
    pieces: z.array(outcomeShape),
  }),
})

/** Trials of this very sweep. A line that a crash has cut off is tried again. */
function readState(file: string, key: string, trials: readonly Trial[]): readonly TrialResult[] {
  if (!existsSync(file)) return []
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.flatMap((line) => {
    const { data } = lineShape.safeParse(parsed(line))
    if (data === undefined || data.key !== key) return []
    const { number, trial } = data.result
    return JSON.stringify(trials[number]) === JSON.stringify(trial) ? [data.result] : []
  })
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    // Half a line is none.
    return undefined
  }
}
