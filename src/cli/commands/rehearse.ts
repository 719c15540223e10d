import { Command, Option } from 'commander'

import type { RehearsalSummary } from '../../app/rehearse.ts'
import { choosePresenter } from '../choose-presenter.ts'
import type { CommandContext, RunOptions } from '../command-context.ts'
import { runOverrides } from '../command-context.ts'
import { describeSummary } from '../describe-summary.ts'
import { exitCode } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { durationOption, listOption, portOption, seedOption } from '../option-parsers.ts'

type RehearseOptions = RunOptions & {
  readonly seed: number
  readonly faults: readonly string[]
  /** Of a crash test: where the exchange is, where the books are, and at which step to die. */
  readonly stage?: string
  readonly folder?: string
  readonly crashAt?: number
  readonly crashLate?: boolean
}

export function rehearseCommand(context: CommandContext): Command {
  return new Command('rehearse')
    .summary('live trading on a simulated exchange, with throw-away keys')
    .description(
      'The code that trades in earnest, against a simulated exchange with both venues’ protocols: ' +
        'signed orders, user channels, settlement on a simulated chain. Only hosts differ. At the ' +
        'end the books are compared with what the venues know; exits with 1 when they differ.',
    )
    .option('--for <duration>', 'stop by itself after 30s, 2m …', durationOption)
    .option('--seed <number>', 'the same seed gives the same exchange', seedOption, 1)
    .option('--faults <list>', 'all, or names with commas; "list" prints them', listOption, [])
    .option('--json', 'events as JSON lines, the summary as the last')
    .option('--port <number>', 'port of /metrics; 0 for any free one', portOption)
    .option('--journal <directory>', 'record everything in a new directory, for replay')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .addOption(new Option('--stage <file>', 'an exchange that runs elsewhere').hideHelp())
    .addOption(new Option('--folder <folder>', 'books that are gone on with').hideHelp())
    .addOption(new Option('--crash-at <step>', 'where to die').argParser(Number).hideHelp())
    .addOption(new Option('--crash-late', 'after the step is on the disk').hideHelp())
    .action(async (options: RehearseOptions) => context.end(await run(options, context)))
}

async function run(options: RehearseOptions, { io, machine }: CommandContext): Promise<number> {
  const { parseFaults } = await import('../../app/demo.ts')
  const faults = parseFaults(options.faults)
  if (typeof faults === 'string') {
    io.complain(`error: --faults: ${faults}`)
    return exitCode.usage
  }
  const { rehearse } = await import('../../app/rehearse.ts')
  const { reenact } = await import('../../app/crash-test.ts')
  const presenter = choosePresenter(io, options.json === true)
  const { stage, folder, seed } = options
  const summary = await interruptible(io, (stop) => {
    const request = {
      machine,
      configFile: options.config,
      overrides: runOverrides(options),
      forMs: options.for,
      journal: options.journal,
      stop,
      watcher: presenter,
    }
    return stage === undefined || folder === undefined
      ? rehearse({ ...request, seed, faults })
      : reenact({ request, stage, folder, crashAt: options.crashAt, late: options.crashLate })
  }).finally(() => presenter.close())

  if (options.json === true) io.print(JSON.stringify(summary))
  else for (const line of [...describeSummary(summary), ...describe(summary)]) io.print(line)
  return isGood(summary) ? exitCode.ok : exitCode.failure
}

function describe(summary: RehearsalSummary): readonly string[] {
  const { basketsClosed, basketsUnwound, orders, unknownResolved } = summary
  const { doubledOrders, differences, exposureLimitUsd, exposureMaxUsd } = summary
  return [
    `Orders: ${orders}, of which the venues took ${doubledOrders} twice.`,
    `Baskets: ${basketsClosed} closed, ${basketsUnwound} of them unwound.`,
    `Orders of unknown fate that were found again: ${unknownResolved}.`,
    `Exposure: at the most $${exposureMaxUsd} of $${exposureLimitUsd}.`,
    ...(differences.length === 0
      ? ['Our books are what the venues say, to the micro-dollar.']
      : ['Our books are not what the venues say:', ...differences.map((text) => `  ${text}`)]),
  ]
}

function isGood({ doubledOrders, ledgerBalanced, ledgerEqualsVenue }: RehearsalSummary): boolean {
  return doubledOrders === 0 && ledgerBalanced && ledgerEqualsVenue
}
