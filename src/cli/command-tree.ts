import type { Argument, Command, Option } from 'commander'

/** A command as a shell needs to know it. */
export type CommandNode = {
  /** Empty for the program itself: `['pairs', 'show']`. */
  readonly path: readonly string[]
  readonly summary: string
  readonly commands: readonly CommandNode[]
  readonly options: readonly OptionNode[]
  readonly arguments: readonly ArgumentNode[]
}

export type OptionNode = {
  /** `--json`, and `-h` where there is one. */
  readonly names: readonly string[]
  readonly summary: string
  /** Undefined for a switch. */
  readonly value: ValueNode | undefined
}

export type ArgumentNode = { readonly value: ValueNode; readonly isRepeated: boolean }

export type ValueNode =
  | { readonly kind: 'choice'; readonly choices: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'any' }

/** Every command below one, with whatever its help lists. */
export function commandTree(command: Command, path: readonly string[] = []): CommandNode {
  const help = command.createHelp()
  return {
    path,
    summary: firstLine(command.summary() || command.description()),
    commands: help
      .visibleCommands(command)
      .map((child) => commandTree(child, [...path, child.name()])),
    options: help.visibleOptions(command).map(optionNode),
    arguments: command.registeredArguments.map((argument) => ({
      value: valueOf(argument),
      isRepeated: argument.variadic,
    })),
  }
}

/** The command itself and all below it. */
export function allCommands(node: CommandNode): readonly CommandNode[] {
  return [node, ...node.commands.flatMap(allCommands)]
}

function optionNode(option: Option): OptionNode {
  const names = [option.short, option.long].filter((name) => name !== undefined)
  const takesValue = option.required || option.optional
  return {
    names,
    summary: firstLine(option.description),
    value: takesValue ? valueOf(option) : undefined,
  }
}

/** What a value is stands in its name: `--config <file>`. */
function valueOf(node: Option | Argument): ValueNode {
  if (node.argChoices !== undefined && node.argChoices.length > 0) {
    return { kind: 'choice', choices: node.argChoices }
  }
  const name = 'flags' in node ? (/[<[]([^>\]]+)/.exec(node.flags)?.[1] ?? '') : node.name()
  if (/\b(dir|directory|folder)\b/.test(name)) return { kind: 'folder' }
  return { kind: /\b(file|keystore)\b/.test(name) ? 'file' : 'any' }
}

function firstLine(text: string): string {
  return text.split('\n')[0] ?? ''
}
