import { Command } from 'commander'
import type { Finding } from '../../app/finding.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { colorInk, noInk } from '../ink.ts'

type DoctorOptions = {
  readonly json?: true
  readonly config?: string
  readonly live?: true
}

export function doctorCommand(context: CommandContext): Command {
  return new Command('doctor')
    .summary('check what this machine can do, with a remedy for what it cannot')
    .description(
      'Checks Node, the configuration, the port, the disk, file permissions, every host of the ' +
        'configured venues, and how far the clock is off. Exits with 2 when only hosts are out ' +
        'of reach, with 1 when something on this machine is wrong.',
    )
    .option('--live', 'also what live trading needs: consents, keys, accounts, allowances')
    .option('--json', 'one object with every finding')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .action(async (options: DoctorOptions) => context.end(await doctor(options, context)))
}

async function doctor(options: DoctorOptions, { io, machine }: CommandContext): Promise<number> {
  const { examine } = await import('../../app/doctor.ts')
  const findings = await examine({
    machine,
    configFile: options.config,
    live: options.live === true,
  })
  if (options.json === true) {
    io.print(JSON.stringify({ ok: findings.every((each) => each.state === 'ok'), findings }))
  } else {
    const ink = io.color ? colorInk : noInk
    const paint = { ok: ink.green, warning: ink.yellow, failure: ink.red, unreachable: ink.red }
    for (const { name, state, found, remedy } of findings) {
      io.print(`${paint[state](words[state])}  ${name.padEnd(14)} ${found}`)
      if (remedy !== '') io.print(`${' '.repeat(22)}→ ${remedy}`)
    }
  }
  return verdict(findings)
}

const words: Readonly<Record<Finding['state'], string>> = {
  ok: 'ok   ',
  warning: 'warn ',
  failure: 'FAIL ',
  unreachable: 'FAIL ',
}

function verdict(findings: readonly Finding[]): number {
  if (findings.some(({ state }) => state === 'failure')) return exitCode.failure
  if (findings.some(({ state }) => state === 'unreachable')) return exitCode.unreachable
  return exitCode.ok
}
