import { availableParallelism } from 'node:os'
import { resolve } from 'node:path'

import { Command, InvalidArgumentError } from 'commander'

import type { SweepResult } from '../../app/sweep.ts'
import type { Axis } from '../../backtest/parameter-grid.ts'
import { gridOf, parseAxis, randomTrials, trialsMax } from '../../backtest/parameter-grid.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { countOption, seedOption } from '../option-parsers.ts'
import { collectedFile } from '../strategy-options.ts'

type SweepOptions = {
  readonly recording: string
  readonly grid: readonly Axis[]
  readonly random?: number
  readonly seed: number
  readonly split: number
  readonly folds?: number
  readonly strategy: readonly string[]
  readonly threads: number
  readonly state?: string
  readonly fast?: true
  readonly json?: true
}

const rowsShown = 10

export function sweepCommand(context: CommandContext): Command {
  return new Command('sweep')
    .summary('try parameters on a recording, and say how far the best may be believed')
    .description(
      'Parameters are chosen on the first part of the recording and tried on the rest. The more ' +
        'are tried, the better the best looks by chance: that is counted in.',
    )
    .requiredOption('--recording <directory>', 'a journal, or a directory of recorded parts')
    .requiredOption(
      '--grid <setting=values>',
      '"cross-outcome.edgeMin=0.002..0.02/4" or "paper.latencyMs=25,100"; once for each',
      axisOption,
      [],
    )
    .option('--random <count>', 'so many choices of the grid by chance, not all', countOption)
    .option('--seed <number>', 'of that chance', seedOption, 1)
    .option('--split <share>', 'of the recording, by which to choose', shareOption, 0.7)
    .option(
      '--folds <count>',
      'walk forward: choose so often, each time by all before',
      countOption,
    )
    .option('--strategy <file>', 'a strategy of your own: one TypeScript file', collectedFile, [])
    .option('--threads <count>', 'trials at once', countOption, availableParallelism())
    .option('--state <file>', 'keep finished trials there, and go on from them')
    .option('--fast', 'prove books only when a strategy asks: faster, and not quite the same')
    .option('--json', 'the result as one JSON object')
    .action(async (options: SweepOptions) => context.end(await sweep(options, context)))
}

async function sweep(options: SweepOptions, { io, machine }: CommandContext): Promise<number> {
  const { runSweep } = await import('../../app/sweep.ts')
  const { ChangeError } = await import('../../app/config-change.ts')
  const { JournalError } = await import('../../journal/journal-reader.ts')
  const { grid, random, seed, state, split, threads } = options
  const count = grid.reduce((product, { values }) => product * values.length, 1)
  if (count > trialsMax) {
    io.complain(`error: --grid: ${count} choices are more than ${trialsMax}`)
    return exitCode.usage
  }
  const startedAt = machine.clock.nanos()
  try {
    const result = await runSweep({
      directory: resolve(machine.folder, options.recording),
      trials: random === undefined ? gridOf(grid) : randomTrials(grid, random, seed),
      proofs: options.fast === true ? 'candidates' : 'recorded',
      split,
      folds: options.folds,
      strategyFiles: options.strategy.map((file) => resolve(machine.folder, file)),
      threads,
      stateFile: state === undefined ? undefined : resolve(machine.folder, state),
      onProgress: (done, of) => {
        const tookS = (machine.clock.nanos() - startedAt) / 1e9
        io.complain(progressLine(done, of, tookS))
      },
    })
    if (options.json === true) io.print(JSON.stringify(result))
    else for (const line of describe(result)) io.print(line)
    return exitCode.ok
  } catch (error) {
    if (!(error instanceof JournalError) && !(error instanceof ChangeError)) throw error
    io.complain(error.message)
    return exitCode.failure
  }
}

const barWidth = 24

function progressLine(done: number, of: number, tookS: number): string {
  const filled = Math.round((barWidth * done) / of)
  const bar = '#'.repeat(filled).padEnd(barWidth, '.')
  const left = done === 0 ? '' : `, ${Math.ceil((tookS / done) * (of - done))} s left`
  return `[${bar}] ${done} of ${of} trials${left}`
}

function describe({ results, walkForward, warning }: SweepResult): readonly string[] {
  return [
    'chosen by    held out     baskets  parameters',
    ...results.slice(0, rowsShown).map(({ chosen, held, trial }) => {
      const parameters = Object.entries(trial).map(([name, value]) => `${name}=${value}`)
      return [
        `$${chosen.profitUsd.toFixed(4)}`.padEnd(12),
        `$${held.profitUsd.toFixed(4)}`.padEnd(12),
        String(chosen.baskets).padEnd(8),
        parameters.join(' '),
      ].join(' ')
    }),
    ...(walkForward === null
      ? []
      : [`walking forward it earned $${walkForward.profitUsd.toFixed(4)} on what came after:`]),
    ...(walkForward?.folds ?? []).map(({ chosenProfitUsd, heldProfitUsd, trial }) => {
      const parameters = Object.entries(trial).map(([name, value]) => `${name}=${value}`)
      const profits = `$${chosenProfitUsd.toFixed(4)} then $${heldProfitUsd.toFixed(4)}`
      return `  ${profits}  ${parameters.join(' ')}`
    }),
    warning,
  ]
}

function axisOption(text: string, before: readonly Axis[]): readonly Axis[] {
  const axis = parseAxis(text)
  if (axis === undefined)
    throw new InvalidArgumentError('Expected setting=low..high/count or a list.')
  return [...before, axis]
}

function shareOption(text: string): number {
  const share = Number(text)
  if (!(share > 0 && share < 1)) throw new InvalidArgumentError('Expected a share between 0 and 1.')
  return share
}
