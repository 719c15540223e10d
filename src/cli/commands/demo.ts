import { Command } from 'commander'
import { choosePresenter } from '../choose-presenter.ts'
import type { CommandContext, RunOptions } from '../command-context.ts'
import { ownStrategies, runOverrides } from '../command-context.ts'
import { describeSummary } from '../describe-summary.ts'
import { exitCode } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { durationOption, listOption, portOption, seedOption } from '../option-parsers.ts'
import { withStrategyOptions } from '../strategy-options.ts'

type DemoOptions = RunOptions & { readonly seed: number; readonly faults: readonly string[] }

export function demoCommand(context: CommandContext): Command {
  const command = new Command('demo')
    .summary('trade against a simulated exchange: no network, no keys')
    .description(
      'Starts a simulated exchange that speaks a real venue’s wire protocol, runs the engine ' +
        'against it exactly as against the real one, fills on paper, and judges the result by ' +
        'what the exchange knows. Exits with 1 when a signal was false or the ledger is off.',
    )
    .option('--for <duration>', 'stop by itself after 30s, 2m …', durationOption)
    .option('--seed <number>', 'the same seed gives the same exchange', seedOption, 1)
    .option('--faults <list>', 'all, or names with commas; "list" prints them', listOption, [])
    .option('--json', 'events as JSON lines, the summary as the last')
    .option('--port <number>', 'port of /metrics; 0 for any free one', portOption)
    .option('--journal <directory>', 'record everything in a new directory, for replay')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
  return withStrategyOptions(command, 'a setting, stronger than the file’s').action(
    async (options: DemoOptions) => context.end(await demo(options, context)),
  )
}

async function demo(options: DemoOptions, { io, machine }: CommandContext): Promise<number> {
  const { parseFaults, runDemo } = await import('../../app/demo.ts')
  if (options.faults.includes('list')) {
    const { faultNames } = await import('../../exchange-sim/fault-names.ts')
    for (const name of faultNames) io.print(name)
    return exitCode.ok
  }
  const faults = parseFaults(options.faults)
  if (typeof faults === 'string') {
    io.complain(`error: --faults: ${faults}`)
    return exitCode.usage
  }

  const presenter = choosePresenter(io, options.json === true)
  const summary = await interruptible(io, (stop) =>
    runDemo({
      machine,
      configFile: options.config,
      overrides: runOverrides(options),
      ...ownStrategies(options, io),
      seed: options.seed,
      faults,
      forMs: options.for,
      journal: options.journal,
      stop,
      watcher: presenter,
    }),
  ).finally(() => presenter.close())

  if (options.json === true) io.print(JSON.stringify(summary))
  else for (const line of describeSummary(summary)) io.print(line)
  return summary.falseSignals === 0 && summary.ledgerBalanced ? exitCode.ok : exitCode.failure
}
