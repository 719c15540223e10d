import { Command } from 'commander'

import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { portOption } from '../option-parsers.ts'

type KillOptions = { readonly port?: number; readonly config?: string; readonly json?: true }

export function killCommand(context: CommandContext): Command {
  return new Command('kill')
    .summary('end trading: cancel everything at the venues, and make sure of it')
    .description(
      'Tells the engine that runs here; where none answers, cancels what is open from here, with ' +
        'the accounts of the configuration. Exits with 0 only when it was seen that nothing is ' +
        'open any more. A file KILL in the data folder, or the signal SIGUSR2, does the same.',
    )
    .option('--json', 'one object with what was done')
    .option('--port <number>', 'port of the engine', portOption)
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .action(async (options: KillOptions) => context.end(await kill(options, context)))
}

async function kill(options: KillOptions, { io, machine }: CommandContext): Promise<number> {
  const { killFromOutside } = await import('../../app/kill-from-outside.ts')
  const { config: configFile, port } = options
  const answer = await killFromOutside({ machine, configFile, port })
  if (options.json === true) io.print(JSON.stringify(answer))
  else if (answer.done) io.print(answer.message)
  else io.complain(answer.message)
  return answer.done ? exitCode.ok : exitCode.failure
}
