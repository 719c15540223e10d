import { Argument, Command } from 'commander'
import type { CommandNode } from '../command-tree.ts'
import { commandTree } from '../command-tree.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { writeBashCompletion } from '../write-bash-completion.ts'
import { writeFishCompletion } from '../write-fish-completion.ts'
import { writeZshCompletion } from '../write-zsh-completion.ts'

const writers: Readonly<Record<string, (program: string, root: CommandNode) => string>> = {
  bash: writeBashCompletion,
  zsh: writeZshCompletion,
  fish: writeFishCompletion,
}

export function completionCommand({ end, io }: CommandContext): Command {
  return new Command('completion')
    .summary('print a script by which a shell completes this command line')
    .description(
      'bash: source <(prediction-engine completion bash), in ~/.bashrc\n' +
        'zsh:  prediction-engine completion zsh > ~/.zfunc/_prediction-engine, on $fpath\n' +
        'fish: prediction-engine completion fish > ~/.config/fish/completions/prediction-engine.fish',
    )
    .addArgument(new Argument('<shell>', 'which one').choices(Object.keys(writers)))
    .action((shell: string, _options: unknown, command: Command) => {
      const root = command.parent ?? command
      const write = writers[shell] ?? writeBashCompletion
      io.print(write(root.name(), commandTree(root)).trimEnd())
      end(exitCode.ok)
    })
}
