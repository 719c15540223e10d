import { Command } from 'commander'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { interruptible } from '../interrupt.ts'
import { durationOption, listOption, portOption, seedOption } from '../option-parsers.ts'

type SimOptions = {
  readonly for?: number
  readonly seed: number
  readonly faults: readonly string[]
  readonly port?: number
  readonly json?: true
}

export function simCommand(context: CommandContext): Command {
  return new Command('sim')
    .summary('run the simulated exchange by itself')
    .description(
      'Serves the wire protocols of the real venues on this machine, for your own client or for ' +
        '"prediction-engine run" with the printed configuration.',
    )
    .option('--for <duration>', 'stop by itself after 30s, 2m …', durationOption)
    .option('--seed <number>', 'the same seed gives the same exchange', seedOption, 1)
    .option('--faults <list>', 'all, or names with commas', listOption, [])
    .option('--port <number>', 'port to serve on; without it any free one', portOption)
    .option('--json', 'the addresses, and at the end the truth, as JSON lines')
    .action(async (options: SimOptions) => context.end(await sim(options, context)))
}

async function sim(options: SimOptions, { io, machine }: CommandContext): Promise<number> {
  const { configFor, parseFaults } = await import('../../app/demo.ts')
  const { startSimulatedExchange } = await import('../../app/simulated-exchange.ts')
  const faults = parseFaults(options.faults)
  if (typeof faults === 'string') {
    io.complain(`error: --faults: ${faults}`)
    return exitCode.usage
  }

  const { seed, port } = options
  const exchange = await startSimulatedExchange({ seed, faults, port: port ?? 0 })
  if (options.json === true) {
    io.print(JSON.stringify({ event: 'started', urls: exchange.urls }))
  } else {
    for (const [name, url] of Object.entries(exchange.urls)) io.print(`${name.padEnd(13)} ${url}`)
    io.print('')
    io.print('To trade against it, put this into prediction-engine.toml and start "run":')
    io.print('')
    for (const line of configFor(exchange.urls)) io.print(line)
  }
  await interruptible(io, (stop) => untilStopped(stop, options.for, machine.timers))
  const truth = await exchange.stop()
  if (options.json === true) io.print(JSON.stringify({ event: 'truth', ...truth }))
  else io.print(`planted ${truth.planted.length} mispricings`)
  return exitCode.ok
}

function untilStopped(
  stop: AbortSignal,
  forMs: number | undefined,
  timers: CommandContext['machine']['timers'],
): Promise<void> {
  return new Promise((resolve) => {
    stop.addEventListener('abort', () => resolve())
    if (forMs !== undefined) timers.after(forMs, resolve)
  })
}
