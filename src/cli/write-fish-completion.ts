import type { CommandNode, OptionNode, ValueNode } from './command-tree.ts'
import { allCommands } from './command-tree.ts'

/** The script by which fish completes a program's command line. */
export function writeFishCompletion(program: string, root: CommandNode): string {
  const name = `__${program.replaceAll('-', '_')}`
  const commands = allCommands(root)
  return [
    `# fish completion for ${program}`,
    `function ${name}_path`,
    "  set -l path ''",
    '  set -l isValue 0',
    '  # The command that is typed so far; the value of an option is no command.',
    '  for word in (commandline -opc)[2..-1]',
    '    if test $isValue = 1',
    '      set isValue 0',
    '      continue',
    '    end',
    '    switch "$path $word"',
    `      case ${commands
      .slice(1)
      .map((node) => quoted(pathOf(node)))
      .join(' ')}`,
    '        set path "$path $word"',
    `      case ${commands.flatMap(valuedOptions).map(quoted).join(' ')}`,
    '        set isValue 1',
    '    end',
    '  end',
    '  echo "$path"',
    'end',
    `function ${name}_at`,
    `  test "$(${name}_path)" = "$argv[1]"`,
    'end',
    `complete -c ${program} -f`,
    ...commands.flatMap((node) => linesFor(node, `complete -c ${program}`, name)),
    '',
  ].join('\n')
}

function linesFor(node: CommandNode, start: string, name: string): readonly string[] {
  const here = `${start} -n ${quoted(`${name}_at ${quoted(pathOf(node))}`)}`
  const [first] = node.arguments
  return [
    ...node.commands.map(
      ({ path, summary }) => `${here} -a ${quoted(path.at(-1) ?? '')} -d ${quoted(summary)}`,
    ),
    ...node.options.map((option) => `${here} ${optionPart(option)}`),
    ...(node.commands.length > 0 || first === undefined
      ? []
      : valuePart(first.value).map((part) => `${here} ${part}`)),
  ]
}

function optionPart({ names, summary, value }: OptionNode): string {
  const flags = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  )
  // -x: a value must follow, and it is no file.
  const kind = value?.kind === 'file' ? '-r' : '-x'
  const taken = value === undefined ? [] : [kind, ...valuePart(value)]
  return [...flags, ...taken, `-d ${quoted(summary)}`].join(' ')
}

function valuePart(value: ValueNode): readonly string[] {
  switch (value.kind) {
    case 'choice':
      return [`-a ${quoted(value.choices.join(' '))}`]
    case 'file':
      return ['-F']
    case 'folder':
      return [`-a ${quoted('(__fish_complete_directories)')}`]
    case 'any':
      return []
  }
}

function pathOf({ path }: CommandNode): string {
  return path.map((word) => ` ${word}`).join('')
}

function valuedOptions(node: CommandNode): readonly string[] {
  return node.options
    .filter(({ value }) => value !== undefined)
    .flatMap(({ names }) => names.map((name) => `${pathOf(node)} ${name}`))
}

/** fish, "Quotes": within single ones only these two are special. */
function quoted(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`
}
