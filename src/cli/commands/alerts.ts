import { Command, Option } from 'commander'
import type { TriedAddress } from '../../app/alert-try.ts'
import type { AlertChannel } from '../../telemetry/alerts/alert.ts'
import { alertChannels } from '../../telemetry/alerts/alert.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'

type TestOptions = {
  readonly channel?: AlertChannel
  readonly json?: true
  readonly config?: string
}

export function alertsCommand(context: CommandContext): Command {
  const command = new Command('alerts').summary('messages to Telegram, Discord, Slack, e-mail')
  command
    .command('test')
    .summary('send one message to each channel that is on')
    .description(
      'Sends one message to every address of the channels that are on in [alerts], and says what\n' +
        'came of it. Exits with 0 when all went out, with 1 when a channel refused, and with 2\n' +
        'when one does not answer or asks to come later.',
    )
    .addOption(new Option('--channel <name>', 'only this channel').choices(alertChannels))
    .option('--json', 'one object with what came of each')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .action(async (options: TestOptions) => context.end(await testAlerts(options, context)))
  return command
}

async function testAlerts(
  { channel, config, json }: TestOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { tryAlerts } = await import('../../app/alert-try.ts')
  const tried = await tryAlerts({ machine, configFile: config, channel })
  if (json === true) io.print(JSON.stringify({ ok: tried.length > 0 && allSent(tried), tried }))
  if (tried.length === 0) {
    const which = channel === undefined ? 'no channel is' : `${channel} is not`
    io.complain(`error: ${which} on; see [alerts] in docs/operating.md`)
    return exitCode.config
  }
  if (json !== true) for (const each of tried) io.print(describe(each))
  if (allSent(tried)) return exitCode.ok
  return tried.some(({ outcome }) => outcome.kind === 'refused')
    ? exitCode.failure
    : exitCode.unreachable
}

function allSent(tried: readonly TriedAddress[]): boolean {
  return tried.every(({ outcome }) => outcome.kind === 'sent')
}

function describe({ channel, outcome }: TriedAddress): string {
  const words = { sent: 'sent', retry: 'did not go out', refused: 'refused' }[outcome.kind]
  const why = outcome.kind === 'sent' ? '' : `: ${outcome.reason}`
  return `${channel.padEnd(9)} ${words}${why}`
}
