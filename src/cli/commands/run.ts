import { Command } from 'commander'
import { choosePresenter } from '../choose-presenter.ts'
import type { CommandContext, RunOptions } from '../command-context.ts'
import { ownStrategies, runOverrides } from '../command-context.ts'
import { describeSummary } from '../describe-summary.ts'
import { exitCode } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { durationOption, portOption } from '../option-parsers.ts'
import { withStrategyOptions } from '../strategy-options.ts'

export function runCommand(context: CommandContext): Command {
  const command = new Command('run')
    .summary('trade on paper against the real public feeds: no keys')
    .description(
      'Streams the books of the configured venues, and fills on paper what the strategies find. ' +
        'Needs the internet; where a venue does not answer it says which host and exits with 2.',
    )
    .option('--for <duration>', 'stop by itself after 30s, 2m …', durationOption)
    .option('--json', 'events as JSON lines, the summary as the last')
    .option('--port <number>', 'port of /metrics; 0 for any free one', portOption)
    .option('--journal <directory>', 'record everything in a new directory, for replay')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
  return withStrategyOptions(command, 'a setting, stronger than the file’s').action(
    async (options: RunOptions) => context.end(await run(options, context)),
  )
}

async function run(options: RunOptions, { io, machine }: CommandContext): Promise<number> {
  const { runPaper } = await import('../../app/run.ts')
  const presenter = choosePresenter(io, options.json === true)
  const summary = await interruptible(io, (stop) =>
    runPaper({
      machine,
      configFile: options.config,
      overrides: runOverrides(options),
      ...ownStrategies(options, io),
      forMs: options.for,
      journal: options.journal,
      stop,
      watcher: presenter,
    }),
  ).finally(() => presenter.close())

  if (options.json === true) io.print(JSON.stringify(summary))
  else for (const line of describeSummary(summary)) io.print(line)
  return summary.ledgerBalanced ? exitCode.ok : exitCode.failure
}
