import { parseArgs } from 'node:util'
import { tuneCompiler } from '../src/app/tune-compiler.ts'
import type { BenchCase, BenchResult } from './bench-case.ts'
import { backtestCases } from './backtest.ts'
import { bookCases } from './books.ts'
import { decodeCases } from './decode.ts'
import { detectCases } from './detect.ts'
import { basketCases } from './baskets.ts'
import { executionCases } from './execution.ts'
import { journalCases } from './journal.ts'
import { kalshiCases } from './kalshi.ts'
import { kalshiOrderCases } from './kalshi-orders.ts'
import { pipelineCases } from './pipeline.ts'
import { replayCases } from './replay.ts'
import { serverCases } from './server.ts'

// As the program itself does at its start.
tuneCompiler()

const cases: readonly BenchCase[] = [
  ...decodeCases,
  ...kalshiCases,
  ...bookCases,
  ...detectCases,
  ...pipelineCases,
  ...journalCases,
  ...replayCases,
  ...backtestCases,
  ...serverCases,
  ...kalshiOrderCases,
  ...executionCases,
  ...basketCases,
]

const { values } = parseArgs({
  options: { json: { type: 'boolean', default: false }, only: { type: 'string' } },
})

/** `journal,replay`: some groups; all when it is not given. */
const groups = values.only?.split(',')

for (const one of cases) {
  if (groups !== undefined && !groups.includes(one.group)) continue
  const result = await one.run()
  console.log(values.json ? jsonLine(one, result) : textLine(one, result))
}

function jsonLine({ name, group, baseline }: BenchCase, result: BenchResult): string {
  return JSON.stringify({
    name,
    group,
    ns_per_op: round(result.nsPerOp),
    baseline,
    baseline_ns_per_op: round(result.baselineNsPerOp),
    ratio: round(result.ratio),
    rounds: result.rounds,
    ...result.more,
  })
}

function textLine({ name, baseline }: BenchCase, result: BenchResult): string {
  const { nsPerOp, ratio } = result
  return `${name.padEnd(32)} ${round(nsPerOp)} ns, ${round(ratio)} times as fast as ${baseline}`
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
