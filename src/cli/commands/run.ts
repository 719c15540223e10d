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
    .summary('trade on the real feeds: on paper without keys, or with --live in earnest')
    .description(
      'Streams the books of the configured venues, and fills on paper what the strategies find. ' +
        'Needs the internet; where a venue does not answer it says which host and exits with 2. ' +
        'With --live, mode = "live" and limits in the configuration, orders are real.',
    )
    .option('--live', 'send real orders; refused unless the configuration consents as well')
    .option('--for <duration>', 'stop by itself after 30s, 2m …', durationOption)
    .option('--json', 'events as JSON lines, the summary as the last')
    .option('--port <number>', 'port of /metrics; 0 for any free one', portOption)
    .option('--journal <directory>', 'record everything in a new directory, for replay')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
  return withStrategyOptions(command, 'a setting, stronger than the file’s').action(
    async (options: LiveOptions) => context.end(await run(options, context)),
  )
}

type LiveOptions = RunOptions & { readonly live?: true }

async function run(options: LiveOptions, { io, machine }: CommandContext): Promise<number> {
  const { NotLiveError, runLive, runPaper } = await import('../../app/run.ts')
  const presenter = choosePresenter(io, options.json === true)
  const start = options.live === true ? runLive : runPaper
  const summary = await interruptible(io, (stop) =>
    start({
      machine,
      configFile: options.config,
      overrides: runOverrides(options),
      ...ownStrategies(options, io),
      forMs: options.for,
      journal: options.journal,
      stop,
      watcher: presenter,
    }),
  )
    .catch((error: unknown) => {
      if (!(error instanceof NotLiveError)) throw error
      io.complain('live trading does not start:')
      for (const { found, name, remedy } of error.findings) {
        io.complain(`  ${name} ${found}: ${remedy}`)
      }
      return undefined
    })
    .finally(() => presenter.close())
  if (summary === undefined) return exitCode.config

  if (options.json === true) io.print(JSON.stringify(summary))
  else for (const line of describeSummary(summary)) io.print(line)
  return summary.ledgerBalanced ? exitCode.ok : exitCode.failure
}
