import { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { portOption } from '../option-parsers.ts'

type LoginOptions = { readonly port?: number; readonly config?: string }

export function loginCommand(context: CommandContext): Command {
  return new Command('login')
    .summary('print a link that opens the dashboard, once')
    .description(
      'Asks the engine that runs on this machine for another login link, with the control token\n' +
        'of the data folder. The link is good for one use, within an hour.',
    )
    .option('--port <number>', 'port of the running engine', portOption)
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .action(async (options: LoginOptions) => context.end(await login(options, context)))
}

async function login(
  { port, config }: LoginOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { askForLoginLink } = await import('../../app/ask-for-login-link.ts')
  const asked = await askForLoginLink({ machine, configFile: config, port })
  if (asked.kind === 'refused') {
    io.complain(`error: ${asked.reason}`)
    return exitCode.failure
  }
  io.print(asked.url)
  return exitCode.ok
}
