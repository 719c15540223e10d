import type { CommandNode, OptionNode, ValueNode } from './command-tree.ts'
import { allCommands } from './command-tree.ts'

/** The script by which zsh completes a program's command line: one function for each command. */
export function writeZshCompletion(program: string, root: CommandNode): string {
  const nameOf = ({ path }: CommandNode): string => ['', program, ...path].join('_')
  return [
    `#compdef ${program}`,
    '',
    ...allCommands(root).flatMap((node) => [...functionFor(node, nameOf), '']),
    '# Loaded by source, or put as _' + program + ' into a folder of $fpath.',
    `if [[ $funcstack[1] == _${program} ]]; then _${program} "$@"; else compdef _${program} ${program}; fi`,
    '',
  ].join('\n')
}

function functionFor(node: CommandNode, nameOf: (node: CommandNode) => string): readonly string[] {
  const options = node.options.map(optionSpec)
  if (node.commands.length === 0) {
    const values = node.arguments.map(({ isRepeated, value }) =>
      quoted(`${isRepeated ? '*' : ''}:${actionOf(value)}`),
    )
    const specs = [...options, ...values]
    return [`${nameOf(node)}() {`, `  _arguments ${specs.join(' ')}`, '}']
  }
  const described = node.commands.map(({ path, summary }) =>
    quoted(`${path.at(-1) ?? ''}:${summary.replaceAll(':', String.raw`\:`)}`),
  )
  return [
    `${nameOf(node)}() {`,
    '  local context state state_descr line',
    '  typeset -A opt_args',
    `  _arguments -C ${options.join(' ')} '1: :->command' '*:: :->rest'`,
    '  case $state in',
    '    command)',
    `      local -a commands=(${described.join(' ')})`,
    '      _describe -t commands command commands ;;',
    '    rest)',
    '      case $words[1] in',
    ...node.commands.map((child) => `        ${child.path.at(-1) ?? ''}) ${nameOf(child)} ;;`),
    '      esac ;;',
    '  esac',
    '}',
  ]
}

/** `'(-h --help)'{-h,--help}'[what it does]'`, and the value of an option after it. */
function optionSpec({ names, summary, value }: OptionNode): string {
  const about = `[${summary.replaceAll(/[\][\\]/g, String.raw`\$&`)}]`
  const taken = value === undefined ? '' : `:${actionOf(value)}`
  const [first = ''] = names
  const sign = value === undefined ? '' : '='
  if (names.length === 1) return quoted(`${first}${sign}${about}${taken}`)
  const exclusive = quoted(`(${names.join(' ')})`)
  return `${exclusive}{${names.map((name) => name + (name.startsWith('--') ? sign : '')).join(',')}}${quoted(about + taken)}`
}

function actionOf(value: ValueNode): string {
  switch (value.kind) {
    case 'choice':
      return `value:(${value.choices.join(' ')})`
    case 'file':
      return 'file:_files'
    case 'folder':
      return 'folder:_files -/'
    case 'any':
      return 'value: '
  }
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
