import type { CommandNode, ValueNode } from './command-tree.ts'
import { allCommands } from './command-tree.ts'

/** The script by which bash completes a program's command line. Needs no other package of bash. */
export function writeBashCompletion(program: string, root: CommandNode): string {
  const name = `_${program.replaceAll('-', '_')}`
  const reply = `${name}_reply`
  const commands = allCommands(root)
  return [
    `# bash completion for ${program}`,
    '# Reads the answers line by line: a name of a file may hold blanks.',
    `${reply}() {`,
    '  local line',
    '  COMPREPLY=()',
    '  while IFS= read -r line; do COMPREPLY+=("$line"); done',
    '}',
    `${name}() {`,
    "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]} path='' i=1",
    '  # The command that is typed so far; the value of an option is no command.',
    '  while (( i < COMP_CWORD )); do',
    '    case "$path ${COMP_WORDS[i]}" in',
    ...branch(commands.slice(1).map(pathOf), 'path="$path ${COMP_WORDS[i]}"'),
    ...branch(commands.flatMap(valuedOptions), '(( i++ ))'),
    '    esac',
    '    (( i++ ))',
    '  done',
    '  # bash takes --option=value apart at the sign.',
    `  if [[ $cur == = ]]; then cur=''`,
    '  elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}',
    '  fi',
    '  COMPREPLY=()',
    '  case "$path $prev" in',
    ...commands.flatMap((node) => valueBranches(node, reply)),
    '  esac',
    '  case "$path" in',
    ...commands.flatMap((node) => wordsBranch(node, reply)),
    '  esac',
    '}',
    `complete -F ${name} ${program}`,
    '',
  ].join('\n')
}

function branch(patterns: readonly string[], action: string): readonly string[] {
  if (patterns.length === 0) return []
  return [`      ${patterns.map(quoted).join('|')}) ${action} ;;`]
}

function valueBranches(node: CommandNode, reply: string): readonly string[] {
  return node.options.flatMap(({ names, value }) => {
    if (value === undefined) return []
    const patterns = names.map((name) => quoted(`${pathOf(node)} ${name}`))
    return [`    ${patterns.join('|')}) ${complete(value, reply)}; return ;;`]
  })
}

function wordsBranch(node: CommandNode, reply: string): readonly string[] {
  const options = node.options.flatMap(({ names }) => names).join(' ')
  const commands = node.commands.map(({ path }) => path.at(-1) ?? '').join(' ')
  const [first] = node.arguments
  const others =
    commands !== '' ? words(commands, reply) : complete(first?.value ?? { kind: 'any' }, reply)
  return [
    `    ${quoted(pathOf(node))})`,
    `      if [[ $cur == -* ]]; then ${words(options, reply)}`,
    `      else ${others}`,
    '      fi ;;',
  ]
}

function complete(value: ValueNode, reply: string): string {
  switch (value.kind) {
    case 'choice':
      return words(value.choices.join(' '), reply)
    case 'file':
      return `compopt -o filenames 2>/dev/null; ${reply} < <(compgen -f -- "$cur")`
    case 'folder':
      return `compopt -o filenames 2>/dev/null; ${reply} < <(compgen -d -- "$cur")`
    case 'any':
      return ':'
  }
}

function words(list: string, reply: string): string {
  return `${reply} < <(compgen -W ${quoted(list)} -- "$cur")`
}

function pathOf({ path }: CommandNode): string {
  return path.map((word) => ` ${word}`).join('')
}

function valuedOptions(node: CommandNode): readonly string[] {
  return node.options
    .filter(({ value }) => value !== undefined)
    .flatMap(({ names }) => names.map((name) => `${pathOf(node)} ${name}`))
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`
}
