import { resolve } from 'node:path'

import { Command } from 'commander'

import type { CheckedStrategy } from '../../app/check-strategy.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'

export function strategyCommand(context: CommandContext): Command {
  return new Command('strategy')
    .summary('write, check and list strategies of your own')
    .description('A strategy of your own is one TypeScript file. docs/strategy-guide.md tells all.')
    .addCommand(newCommand(context))
    .addCommand(checkCommand(context))
    .addCommand(listCommand(context))
}

function newCommand({ io, machine, end }: CommandContext): Command {
  return new Command('new')
    .summary('write a strategy to begin with, and its test')
    .description('Writes NAME.ts and NAME.test.ts; the test passes at once: node --test.')
    .argument('<name>', 'lower case with dashes')
    .option('--into <directory>', 'where to', '.')
    .action(async (name: string, { into }: { readonly into: string }) => {
      const { newStrategy, NewStrategyError } = await import('../../app/new-strategy.ts')
      try {
        const { file, test } = newStrategy(name, resolve(machine.folder, into))
        io.print(`wrote ${file}`)
        io.print(`wrote ${test}`)
        io.print(`try    node --test ${test}`)
        io.print(`trade  prediction-engine demo --strategy ${file}`)
        end(exitCode.ok)
      } catch (error) {
        if (!(error instanceof NewStrategyError)) throw error
        io.complain(error.message)
        end(exitCode.failure)
      }
    })
}

function checkCommand({ io, machine, end }: CommandContext): Command {
  return new Command('check')
    .summary('check a strategy: its contract, its types, and a few looks at a market')
    .argument('<file>', 'the TypeScript file')
    .option('--json', 'what was found as one JSON object')
    .action(async (file: string, { json }: { readonly json?: true }) => {
      const { checkStrategy } = await import('../../app/check-strategy.ts')
      const checked = await checkStrategy(resolve(machine.folder, file))
      if (json === true) io.print(JSON.stringify(checked))
      else for (const line of describe(checked)) io.print(line)
      end(checked.ok ? exitCode.ok : exitCode.failure)
    })
}

function listCommand({ io, machine, end }: CommandContext): Command {
  return new Command('list')
    .summary('the strategies that a run would have')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
    .option('--json', 'as one JSON array')
    .action(async ({ config, json }: { readonly config?: string; readonly json?: true }) => {
      const { listStrategies } = await import('../../app/check-strategy.ts')
      const rows = await listStrategies(machine, config)
      if (json === true) io.print(JSON.stringify(rows))
      else {
        for (const { name, state, about, file } of rows) {
          io.print(`${name.padEnd(20)} ${state.padEnd(4)} ${about}`)
          if (file !== null) io.print(`${''.padEnd(25)} ${file}`)
        }
      }
      end(exitCode.ok)
    })
}

function describe(checked: CheckedStrategy): readonly string[] {
  const { name, about, file, version, parameters, problems, types, looks } = checked
  return [
    ...(name === null ? [] : [`${name}: ${about}`, `${file}, sha256 ${version}`]),
    ...parameters.map(
      (one) => `  ${one.name} = ${JSON.stringify(one.value)}  ${one.kind}: ${one.meaning}`,
    ),
    ...(types === 'no-compiler' ? ['types were not checked: no TypeScript is here'] : []),
    ...looks.map((line) => `looked at a small market: ${line}`),
    ...problems,
    problems.length === 0 ? 'ok' : `${problems.length} problems`,
  ]
}
