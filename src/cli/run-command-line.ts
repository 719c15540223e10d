import { Command, CommanderError } from 'commander'
import { ConfigError } from '../app/load-config.ts'
import type { Machine } from '../app/machine.ts'
import { UnreachableError } from '../app/unreachable-error.ts'
import { PortError } from '../server/http-server.ts'
import { alertsCommand } from './commands/alerts.ts'
import { backtestCommand } from './commands/backtest.ts'
import { booksCommands } from './commands/books.ts'
import { completionCommand } from './commands/completion.ts'
import { dataCommand } from './commands/data.ts'
import { crashTestCommand } from './commands/crash-test.ts'
import { demoCommand } from './commands/demo.ts'
import { rehearseCommand } from './commands/rehearse.ts'
import { doctorCommand } from './commands/doctor.ts'
import { initCommand } from './commands/init.ts'
import { journalCommand } from './commands/journal.ts'
import { keyCommands } from './commands/keys.ts'
import { loginCommand } from './commands/login.ts'
import { marketsCommand } from './commands/markets.ts'
import { pairsCommand } from './commands/pairs.ts'
import { recordCommand } from './commands/record.ts'
import { replayCommand } from './commands/replay.ts'
import { runCommand } from './commands/run.ts'
import { scanCommand } from './commands/scan.ts'
import { simCommand } from './commands/sim.ts'
import { strategyCommand } from './commands/strategy.ts'
import { sweepCommand } from './commands/sweep.ts'
import { whyCommand } from './commands/why.ts'
import { exitCode, exitCodeHelp } from './exit-code.ts'
import type { Io } from './io.ts'

const hint = '(--help shows the options)'

/** Runs one command line and gives the exit code it ends with. */
export async function runCommandLine(
  args: readonly string[],
  {
    io,
    machine,
    version,
  }: { readonly io: Io; readonly machine: Machine; readonly version: string },
): Promise<number> {
  let code: number = exitCode.ok
  const context = {
    io,
    machine,
    end: (ended: number) => {
      code = ended
    },
  }
  const program = new Command('prediction-engine')
    .description('Streams prediction markets, proves the books, and trades what cannot lose.')
    .version(version)
    .addHelpText('after', exitCodeHelp)
  const commands = [
    demoCommand,
    rehearseCommand,
    crashTestCommand,
    runCommand,
    scanCommand,
    marketsCommand,
    doctorCommand,
    simCommand,
    recordCommand,
    dataCommand,
    replayCommand,
    journalCommand,
    whyCommand,
    backtestCommand,
    sweepCommand,
    strategyCommand,
    pairsCommand,
    loginCommand,
    alertsCommand,
    initCommand,
    completionCommand,
  ]
  for (const make of commands) program.addCommand(make(context))
  for (const command of booksCommands(context)) program.addCommand(command)
  for (const command of keyCommands(context)) program.addCommand(command)
  for (const command of withSubcommands(program)) {
    command
      .exitOverride()
      .showHelpAfterError(hint)
      .configureOutput({
        writeOut: (text) => io.print(text.replace(/\n$/, '')),
        writeErr: (text) => io.complain(text.replace(/\n$/, '')),
      })
  }

  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (error) {
    return explain(error, io)
  }
}

function withSubcommands(command: Command): readonly Command[] {
  return [command, ...command.commands.flatMap(withSubcommands)]
}

/** An error that a person can mend is one line; any other is a bug, and keeps its stack. */
function explain(error: unknown, io: Io): number {
  if (error instanceof CommanderError) {
    // Commander has said it already; help and version that were asked for are no error.
    return error.exitCode === 0 ? exitCode.ok : exitCode.usage
  }
  if (error instanceof UnreachableError) {
    io.complain(error.message)
    return exitCode.unreachable
  }
  if (error instanceof ConfigError) {
    for (const line of error.message.split('\n')) io.complain(line)
    return exitCode.config
  }
  if (error instanceof PortError) {
    io.complain(error.message)
    return exitCode.failure
  }
  io.complain(error instanceof Error ? (error.stack ?? error.message) : String(error))
  return exitCode.failure
}
