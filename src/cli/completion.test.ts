import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Command, Option } from 'commander'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { commandTree } from './command-tree.ts'
import { writeBashCompletion } from './write-bash-completion.ts'
import { writeFishCompletion } from './write-fish-completion.ts'
import { writeZshCompletion } from './write-zsh-completion.ts'

/** A command line with one of everything that is completed. */
function program(): Command {
  const root = new Command('trade-it').description('Trades it.').version('1.0.0')
  root
    .command('start')
    .summary("begins [now], or not: it's up to you")
    .option('--config <file>', 'settings')
    .option('--journal <dir>', 'where it is kept')
    .option('--for <duration>', 'how long')
    .addOption(new Option('-m, --mode <mode>', 'in which way').choices(['paper', 'replay']))
    .option('--json', 'as JSON')
  const pairs = root.command('pairs').summary('pairs of markets')
  pairs.command('show').summary('one of them').option('--register <file>', 'where they are')
  pairs.command('set').summary('changes one')
  root.command('open').summary('opens a file').argument('<file>', 'which')
  return root
}

const tree = commandTree(program())
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'completion-'))
  writeFileSync(path.join(folder, 'my settings.toml'), '')
  mkdirSync(path.join(folder, 'my journal'))
  writeFileSync(path.join(folder, 'bash'), writeBashCompletion('trade-it', tree))
  writeFileSync(path.join(folder, 'fish'), writeFishCompletion('trade-it', tree))
  writeFileSync(path.join(folder, '_trade-it'), writeZshCompletion('trade-it', tree))
})
afterAll(() => rmSync(folder, { recursive: true }))

function has(shell: string): boolean {
  const isThere = spawnSync(shell, ['-c', 'exit 0']).status === 0
  if (!isThere) process.stderr.write(`completion of ${shell} is not tried: it is not installed\n`)
  return isThere
}

/** What each shell offers for a line whose last word is being typed. */
const shells: Readonly<Record<string, (line: string) => readonly string[]>> = {
  bash: (line) => {
    // As readline calls it: the words, with = apart, and which of them the cursor is on.
    const words = line.split(/ |(=)/).filter((word) => word !== undefined)
    const script =
      `source ./bash; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); ` +
      `eval "$(complete -p trade-it | sed 's/.*-F \\([^ ]*\\).*/\\1/')"; ` +
      `printf '%s\\n' "\${COMPREPLY[@]}"`
    const given = ['--norc', '-c', script, 'bash', ...words]
    return linesOf(execFileSync('bash', given, { cwd: folder, encoding: 'utf8' }))
  },
  fish: (line) => {
    const script = `source ./fish; complete -C '${line}'`
    const given = ['--no-config', '-c', script]
    const answer = execFileSync('fish', given, { cwd: folder, encoding: 'utf8' })
    return linesOf(answer).map((each) => each.split('\t')[0] ?? '')
  },
  zsh: (line) => {
    writeFileSync(path.join(folder, 'try.zsh'), zshTrial)
    const given = ['-f', './try.zsh', line]
    return linesOf(execFileSync('zsh', given, { cwd: folder, encoding: 'utf8' }))
  },
}

/** Types the line into a zsh of its own, presses the key, and prints what it would insert. */
const zshTrial = String.raw`
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z 'PS1=; fpath=(. $fpath); autoload -Uz compinit; compinit -D -u; source ./_trade-it'
zpty -w z 'first() { echo; echo BEGIN } ; last() { echo END; exit }'
zpty -w z 'compprefuncs=(first); comppostfuncs=(last)'
zpty -w z 'compadd() {
  if [[ " $* " == *" -"[OAD]" "* ]]; then builtin compadd "$@"; return; fi
  local -a found; builtin compadd -A found "$@"; print -rl -- $found; builtin compadd "$@"
}'
zpty -w z 'bindkey "^I" complete-word; echo RE""ADY'
while zpty -r z text; do [[ $text == *READY* ]] && break; done
zpty -n -w z "$1"$'\t'
shown=0
while zpty -r z text; do
  text=$text[(f)1]; text=${'$'}{text%%[$'\r\n']*}
  [[ $text == *END* ]] && break
  (( shown )) && print -r -- $text
  [[ $text == *BEGIN* ]] && shown=1
done
zpty -d z
`

function linesOf(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}

describe.each(Object.keys(shells))('completion of %s', (shell) => {
  const offers = (line: string): readonly string[] => [...new Set(shells[shell]?.(line))]

  describe.runIf(has(shell))('where it is installed', () => {
    test.each([
      { line: 'trade-it ', want: ['start', 'pairs', 'open', 'help'] },
      { line: 'trade-it st', want: ['start'] },
      { line: 'trade-it pairs s', want: ['show', 'set'] },
      { line: 'trade-it pairs show --reg', want: ['--register'] },
      { line: 'trade-it start --j', want: ['--journal', '--json'] },
      { line: 'trade-it start --mode ', want: ['paper', 'replay'] },
      { line: 'trade-it start -m re', want: ['replay'] },
      { line: 'trade-it start --json --mode pa', want: ['paper'] },
      // The value of an option is no command: here still the options of pairs show are wanted.
      { line: 'trade-it pairs show --register set --he', want: ['--help'] },
    ])('offers for "$line": $want', ({ line, want }) => {
      expect([...offers(line)].sort()).toEqual([...want].sort())
    })

    test.each([
      { line: 'trade-it start --config my', want: /^my settings\.toml$/ },
      { line: 'trade-it open my', want: /^my settings\.toml$/ },
      { line: 'trade-it start --journal my', want: /^my journal\/?$/ },
    ])('offers a file for "$line"', ({ line, want }) => {
      const found = offers(line).map((each) => each.replaceAll('\\', ''))

      expect(found.filter((each) => want.test(each))).toHaveLength(1)
      expect(line.includes('--journal') && found.includes('my settings.toml')).toBe(false)
    })

    test('offers nothing for a value that it cannot know', () => {
      expect(offers('trade-it start --for ')).toEqual([])
    })
  })
})

test('bash takes the value after a sign, too', () => {
  expect(shells['bash']?.('trade-it start --mode=re')).toEqual(['replay'])
  expect(shells['bash']?.('trade-it start --mode=')).toEqual(['paper', 'replay'])
})
