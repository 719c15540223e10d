import { writeFile } from 'node:fs/promises'
import { resolve } from 'node:path'

import { Command, InvalidArgumentError, Option } from 'commander'

import type { BacktestResult } from '../../backtest/backtest-result.ts'
import type { CommandContext } from '../command-context.ts'
import { stalledEnd } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { seedOption } from '../option-parsers.ts'
import type { StrategyOptions } from '../strategy-options.ts'
import { withStrategyOptions } from '../strategy-options.ts'

type BacktestOptions = {
  readonly recording: string
  readonly control?: 'shuffled'
  readonly seed?: number
  readonly report?: string
  readonly keep?: string
  readonly fast?: true
  readonly json?: true
} & StrategyOptions

export function backtestCommand(context: CommandContext): Command {
  const command = new Command('backtest')
    .summary('trade a recording on paper, through the same engine')
    .description(
      'Feeds a recording to the kernel that trades on paper: its fills, fees, latency and ' +
        'settlement by the recorded resolutions. With the recorded settings it decides what was ' +
        'decided then.',
    )
    .requiredOption('--recording <directory>', 'a journal, or a directory of recorded parts')
    .option('--seed <number>', 'of chance in the fills', seedOption)
    .option('--report <file>', 'write a page of HTML, with curves by latency and size')
    .option('--keep <name>', 'keep the result and its page for the dashboard', keptName)
    .option('--fast', 'prove books only when a strategy asks: faster, and not quite the same')
    .addOption(
      new Option(
        '--control <kind>',
        'a market in which nothing may be earned; exits with 1 when something is',
      ).choices(['shuffled']),
    )
    .option('--json', 'the result as one JSON object')
  return withStrategyOptions(command, 'a setting that replaces the recorded one').action(
    async (options: BacktestOptions) => context.end(await backtest(options, context)),
  )
}

async function backtest(
  options: BacktestOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { headerOfRecording, runBacktest } = await import('../../app/backtest.ts')
  const { ChangeError, readChange } = await import('../../app/config-change.ts')
  const { LookWatch } = await import('../../app/look-watch.ts')
  const { JournalError } = await import('../../journal/journal-reader.ts')
  const directory = resolve(machine.folder, options.recording)
  const watch = new LookWatch({
    clock: machine.clock,
    // Nobody waits for a backtest: only what never ends is too slow.
    budgetMs: Number.POSITIVE_INFINITY,
    stallAfterMs,
    onSlow: () => {},
    ...stalledEnd(io),
  })
  const stopWatch = watch.start()
  try {
    const request = {
      directory,
      changes: options.set.map(readChange),
      strategyFiles: options.strategy.map((file) => resolve(machine.folder, file)),
      control: options.control,
      guard: watch,
      seed: options.seed,
      proofs: options.fast === true ? ('candidates' as const) : ('recorded' as const),
    }
    const startedAt = machine.clock.nanos()
    const result = await runBacktest(request)
    const seconds = (machine.clock.nanos() - startedAt) / 1e9
    const eventsPerSecond = Math.round(result.recording.events / seconds)
    if (options.report !== undefined || options.keep !== undefined) {
      const { curvesOf } = await import('../../app/backtest-curves.ts')
      const { tradingConfig } = await import('../../app/journal-header.ts')
      const { keepBacktest } = await import('../../app/keep-backtest.ts')
      const { reportPage } = await import('../../backtest/report-page.ts')
      const config = tradingConfig(await headerOfRecording(directory))
      const page = reportPage(result, await curvesOf(request, config))
      if (options.report !== undefined) {
        await writeFile(resolve(machine.folder, options.report), page)
      }
      if (options.keep !== undefined) await keepBacktest(machine, options.keep, result, page)
    }
    if (options.json === true) io.print(JSON.stringify({ ...result, eventsPerSecond }))
    else for (const line of describe(result, eventsPerSecond)) io.print(line)
    const isEmpty = result.control === null || earnedNothing(result)
    const isSound = result.ledgerBalanced && result.recording.faults.length === 0 && isEmpty
    return isSound ? exitCode.ok : exitCode.failure
  } catch (error) {
    if (!(error instanceof JournalError) && !(error instanceof ChangeError)) throw error
    io.complain(error.message)
    return exitCode.failure
  } finally {
    stopWatch()
  }
}

/** A look that has not ended after so long never will. */
const stallAfterMs = 5_000

function describe(result: BacktestResult, eventsPerSecond: number): readonly string[] {
  const { recording, byStrategy, refusals, stopped } = result
  return [
    `${recording.events} events (${eventsPerSecond} a second), ${result.signals} signals, ` +
      `${result.baskets} baskets, ${result.fills} legs filled, ${result.rejections} rejected`,
    `realised $${result.realizedPnlUsd}, unrealised $${result.unrealizedPnlUsd}, ` +
      `fees $${result.feesUsd}, deepest fall $${result.maxDrawdownUsd}`,
    ...Object.entries(byStrategy).map(
      ([name, one]) =>
        `  ${name}: $${one.realizedUsd}, ${one.taken} of ${one.episodes} episodes taken`,
    ),
    ...Object.entries(refusals).map(([reason, count]) => `  refused ${reason}: ${count}`),
    ...stopped.map(({ strategy, reason }) => `  ${strategy} was stopped: ${reason}`),
    ...recording.faults.map((place) => `  the recording is damaged: ${place}`),
    ...(result.control === null || earnedNothing(result)
      ? []
      : ['  something was earned in a market without meaning: believe none of it']),
    ...(result.ledgerBalanced ? [] : ['  the ledger does not balance']),
  ]
}

/** A market in which nothing follows from anything must cost whoever trades in it. */
function earnedNothing({ capitalUsd, finalEquityUsd }: BacktestResult): boolean {
  return Number(finalEquityUsd) <= Number(capitalUsd)
}

function keptName(text: string): string {
  if (!/^\w[\w.-]{0,90}$/.test(text)) throw new InvalidArgumentError('Expected a plain name.')
  return text
}
