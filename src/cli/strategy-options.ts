import type { Command } from 'commander'
import { InvalidArgumentError } from 'commander'

/** What every command takes that runs strategies. */
export type StrategyOptions = {
  readonly strategy: readonly string[]
  readonly set: readonly string[]
}

/** `--strategy` and `--set`, each as often as wanted. */
export function withStrategyOptions(command: Command, set: string): Command {
  return command
    .option('--strategy <file>', 'a strategy of your own: one TypeScript file', collectedFile, [])
    .option('--set <setting=value>', set, collectedSetting, [])
}

export function collectedFile(text: string, before: readonly string[]): readonly string[] {
  return [...before, text]
}

function collectedSetting(text: string, before: readonly string[]): readonly string[] {
  if (!/^[\w.-]+=.+$/.test(text)) throw new InvalidArgumentError('Expected setting=value.')
  return [...before, text]
}
