import { Command, InvalidArgumentError } from 'commander'
import type { PairsRequest } from '../../app/pairs.ts'
import { allowances, type Allowance } from '../../propositions/finding.ts'
import type { Suggestion } from '../../propositions/suggest.ts'
import type { CommandContext } from '../command-context.ts'
import { exitCode } from '../exit-code.ts'
import { colorInk, noInk } from '../ink.ts'
import { countOption, listOption, seedOption } from '../option-parsers.ts'
import { describeChecked, describeConfirmed } from './pairs-register.ts'
import { describePair, evidenceJson } from './pairs-show.ts'
import { describeSuggestions, suggestionJson } from './pairs-suggest.ts'

/** What all of them share: where the markets come from, and where the register lies. */
type PairsOptions = {
  readonly demo?: true
  readonly seed: number
  readonly json?: true
  readonly config?: string
  readonly register?: string
}

/** `pairs`: which markets of two venues are the same question. */
export function pairsCommand(context: CommandContext): Command {
  return new Command('pairs')
    .summary('which markets of two venues are the same question')
    .description(
      'Finds pairs that may be one question, shows both rules side by side, and keeps what a ' +
        'person has confirmed. Nothing trades across venues that is not confirmed here.',
    )
    .addCommand(suggestCommand(context))
    .addCommand(showCommand(context))
    .addCommand(confirmCommand(context))
    .addCommand(checkCommand(context))
}

function withPairsOptions(command: Command): Command {
  return command
    .option('--demo', 'read a simulated exchange: no network, no keys')
    .option('--seed <number>', 'of the simulated exchange', seedOption, 1)
    .option('--register <file>', 'register instead of the configured one or ./propositions.yaml')
    .option('--config <file>', 'configuration file instead of ./prediction-engine.toml')
}

function requestOf(options: PairsOptions, { io, machine }: CommandContext): PairsRequest {
  return {
    machine,
    configFile: options.config,
    registerFile: options.register,
    demoSeed: options.demo === true ? options.seed : undefined,
    progress: (text) => io.complain(text),
  }
}

type SuggestOptions = PairsOptions & { readonly limit: number; readonly all?: true }

function suggestCommand(context: CommandContext): Command {
  const { io } = context
  return withPairsOptions(new Command('suggest'))
    .summary('pairs worth reading, the most promising first')
    .description(
      'Lists pairs by what reading their rules gave, then by likeness. A suggestion trades ' +
        'nothing: read it with `pairs show`, then `pairs confirm` it.',
    )
    .option('--limit <count>', 'at most so many', countOption, 20)
    .option('--all', 'also pairs that a veto says are different, and those hardly alike')
    .option('--json', 'one JSON array')
    .action(async (options: SuggestOptions) => {
      const { findPairs } = await import('../../app/pairs.ts')
      const { found, confirmed } = await findPairs(requestOf(options, context))
      const wanted = found.filter((one) => options.all === true || isPromising(one))
      const shown = wanted.slice(0, options.limit)
      if (options.json === true) {
        io.print(JSON.stringify(shown.map((one) => suggestionJson(one, confirmed.has(one.id)))))
      } else {
        const hidden = {
          byLimit: wanted.length - shown.length,
          rest: found.length - wanted.length,
        }
        for (const line of describeSuggestions(shown, confirmed, hidden)) io.print(line)
      }
      context.end(shown.length > 0 ? exitCode.ok : exitCode.failure)
    })
}

/** Not clear and hardly alike is most of what two venues list. */
const unclearScoreMin = 0.5

function isPromising({ evidence, candidate }: Suggestion): boolean {
  if (evidence.verdict === 'unknown') return candidate.score.total >= unclearScoreMin
  return evidence.verdict !== 'not-same'
}

function showCommand(context: CommandContext): Command {
  const { io } = context
  return withPairsOptions(new Command('show'))
    .summary('both rules side by side, with every difference marked')
    .argument('<pair...>', 'an id of `pairs suggest`, or a Polymarket slug and a Kalshi ticker')
    .option('--json', 'one JSON object')
    .action(async (names: readonly string[], options: PairsOptions) => {
      const { weighPair } = await import('../../app/pairs.ts')
      const evidence = await weighPair(requestOf(options, context), names)
      if (evidence === undefined) return context.end(unknownPair(names, context))
      if (options.json === true) {
        io.print(JSON.stringify(evidenceJson(evidence)))
      } else {
        const columns = Math.max(80, Math.min(io.screen?.columns() ?? 120, 200))
        const ink = io.color ? colorInk : noInk
        for (const line of describePair(evidence, columns, ink)) io.print(line)
      }
      context.end(exitCode.ok)
    })
}

type ConfirmOptions = PairsOptions & {
  readonly by: string
  readonly allow: readonly Allowance[]
  readonly note?: string
}

function confirmCommand(context: CommandContext): Command {
  const { io } = context
  return withPairsOptions(new Command('confirm'))
    .summary('write into the register that a pair is one question')
    .description(
      'You answer for it that both markets ask the same, having read both rules. Every ' +
        'difference that is left must be allowed by name; what could not be read asks for a note. ' +
        'A pair with a veto cannot be confirmed.',
    )
    .argument('<pair...>', 'an id of `pairs suggest`, or a Polymarket slug and a Kalshi ticker')
    .requiredOption('--by <name>', 'who has read both rules')
    .option('--allow <differences>', `some of ${allowances.join(', ')}`, allowOption, [])
    .option('--note <text>', 'why what could not be read does not matter')
    .option('--json', 'one JSON object')
    .action(async (names: readonly string[], options: ConfirmOptions) => {
      const { confirmInRegister } = await import('../../app/pairs.ts')
      const { by, allow, note } = options
      const word = { by, allow, note }
      const confirmed = await confirmInRegister(requestOf(options, context), names, word)
      if (confirmed === undefined) return context.end(unknownPair(names, context))
      const { result, file } = confirmed
      if (options.json === true) io.print(JSON.stringify({ ...result, file }))
      else for (const line of describeConfirmed(result, file)) io.print(line)
      context.end(result.kind === 'confirmed' ? exitCode.ok : exitCode.failure)
    })
}

function checkCommand(context: CommandContext): Command {
  const { io } = context
  return withPairsOptions(new Command('check'))
    .summary('hold every confirmed pair against what the venues list now')
    .description(
      'Validates the register, and withdraws in it every pair whose rules, source or dates are ' +
        'not those that were read. Exits with 1 when one was withdrawn now.',
    )
    .option('--json', 'one JSON object')
    .action(async (options: PairsOptions) => {
      const { checkRegister } = await import('../../app/pairs.ts')
      const { pairs, file } = await checkRegister(requestOf(options, context))
      if (options.json === true) io.print(JSON.stringify({ file, pairs }))
      else for (const line of describeChecked(pairs, file)) io.print(line)
      const isSound = pairs.every(({ state }) => state !== 'withdrawn-now')
      context.end(isSound ? exitCode.ok : exitCode.failure)
    })
}

function unknownPair(names: readonly string[], { io }: CommandContext): number {
  io.complain(
    `error: no pair "${names.join(' ')}" among the markets listed now: see \`pairs suggest --all\`, ` +
      'or name both markets',
  )
  return exitCode.failure
}

function allowOption(text: string): readonly Allowance[] {
  const names = listOption(text)
  const known: ReadonlySet<string> = new Set(allowances)
  const strange = names.filter((name) => !known.has(name))
  if (strange.length > 0) {
    throw new InvalidArgumentError(`Expected some of ${allowances.join(', ')}.`)
  }
  return allowances.filter((name) => names.includes(name))
}
