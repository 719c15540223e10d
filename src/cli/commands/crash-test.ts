import { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { countOption, seedOption } from '../option-parsers.ts'

type CrashTestOptions = { readonly rounds: number; readonly seed: number; readonly json?: boolean }

export function crashTestCommand(context: CommandContext): Command {
  return new Command('crash-test')
    .summary('kill live trading in the middle of baskets, and look at what the venues say')
    .description(
      'Each round trades with the live code on a simulated exchange, is killed at a step of a ' +
        'basket, is started again and reconciled. Exits with 1 when an order was doubled, a fill ' +
        'was lost, or the books are not what the venues say.',
    )
    .option('--rounds <number>', 'how often', countOption, 20)
    .option('--seed <number>', 'the same seed dies at the same steps', seedOption, 1)
    .option('--json', 'the result as one line of JSON')
    .action(async (options: CrashTestOptions) => context.end(await run(options, context)))
}

async function run(options: CrashTestOptions, { io }: CommandContext): Promise<number> {
  const { crashTest } = await import('../../app/crash-test.ts')
  const { rounds, seed } = options
  const result = await crashTest({ rounds, seed, tell: (text) => io.complain(text) })
  const { crashes, doubledOrders, ledgerMismatches, lostFills } = result
  if (options.json === true) io.print(JSON.stringify(result))
  else {
    io.print(`${result.rounds} rounds, ${crashes} killed in the middle of a basket.`)
    io.print(`${doubledOrders} orders doubled, ${lostFills} fills lost,`)
    io.print(`${ledgerMismatches} rounds whose books are not what the venues say.`)
  }
  return doubledOrders + lostFills + ledgerMismatches === 0 ? exitCode.ok : exitCode.failure
}
