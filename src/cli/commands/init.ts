import path from 'node:path'
import { Command } from 'commander'
import type { WrittenConfig } from '../../app/write-config.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'

type InitOptions = { readonly force?: true; readonly json?: true }

const defaultFile = 'prediction-engine.toml'

export function initCommand(context: CommandContext): Command {
  return new Command('init')
    .summary('write a configuration file that explains every key')
    .description(
      'Writes every key with its meaning and its default, commented out: as it is, the file\n' +
        'changes nothing. A file that is there is left alone, unless --force says otherwise.',
    )
    .argument('[file]', 'where it goes', defaultFile)
    .option('--force', 'replace a file that is there')
    .option('--json', 'one object with what was done')
    .action(async (file: string, options: InitOptions) =>
      context.end(await init(file, options, context)),
    )
}

async function init(
  name: string,
  { force, json }: InitOptions,
  { io, machine }: CommandContext,
): Promise<number> {
  const { writeConfig } = await import('../../app/write-config.ts')
  const whenThere = force === true ? 'replace' : 'refuse'
  const done = writeConfig({ file: name, folder: machine.folder, whenThere })
  if (json === true) io.print(JSON.stringify(done))
  if (done.kind === 'refused') {
    if (json !== true) io.complain(`error: ${refusal(done)}`)
    return exitCode.failure
  }
  if (json !== true) for (const line of next(done, machine.folder)) io.print(line)
  return exitCode.ok
}

function refusal({ file, reason }: Extract<WrittenConfig, { kind: 'refused' }>): string {
  return reason === 'there'
    ? `${file} is there already; --force replaces it`
    : `${file} cannot be written (${reason})`
}

function next(
  { file, replaced }: Extract<WrittenConfig, { kind: 'written' }>,
  folder: string,
): readonly string[] {
  const isFound = path.resolve(folder, defaultFile) === file
  const config = isFound ? '' : ` --config ${path.relative(folder, file)}`
  return [
    `${replaced ? 'replaced' : 'wrote'} ${file}`,
    '',
    'Next:',
    '  1. take away the # of what you change; nothing has to be changed',
    `  2. prediction-engine doctor${config}   checks it, and this machine`,
    `  3. prediction-engine run${config}      trades on paper against the public feeds`,
    `  4. prediction-engine alerts test${config}, once a channel is on in [alerts]`,
  ]
}
