import { statSync } from 'node:fs'

import type { Command } from '../engine/event.ts'
import type { Timers } from '../ports/clock.ts'
import { checkTypes } from './check-types.ts'
import { formatProblem } from './config-problem.ts'
import type { ConfigProblem, Origins } from './config-problem.ts'
import { ConfigError } from './load-config.ts'
import type { StrategyFile } from './strategy-file.ts'
import { loadStrategyFile } from './strategy-file.ts'
import type { OwnStrategy } from './user-strategies.ts'
import { readSettings } from './user-strategies.ts'

export type ReloadOptions = {
  readonly timers: Timers
  readonly origins: Origins
  readonly command: (command: Command) => void
  /** A version is about to be used: what must be kept of it is kept now. */
  readonly keep: (source: StrategyFile) => void
  /** For people: what was reloaded, or why not. */
  readonly tell: (text: string) => void
}

type Watched = { source: StrategyFile; stamp: string }

/** How soon a change of a file is noticed. */
const everyMs = 300

/**
 * Watches the files of strategies, and lets each go on as its new version between two turns.
 *
 * A version with an error, of types or of the contract, is not taken: the one at work goes on, and
 * it is said why. What is taken is a command, so the journal has it.
 */
export function watchStrategies(
  own: readonly OwnStrategy[],
  options: ReloadOptions,
): { readonly stop: () => void } {
  const states: Watched[] = own.map(({ source }) => ({ source, stamp: stampOf(source) }))
  let isBusy = false
  const take = async (state: Watched, strategy: OwnStrategy): Promise<void> => {
    const taken = await reload(strategy, options)
    isBusy = false
    if (taken === undefined) return
    state.source = taken
    state.stamp = stampOf(taken)
  }
  const stop = options.timers.every(everyMs, () => {
    if (isBusy) return
    const index = states.findIndex(({ source, stamp }) => stampOf(source) !== stamp)
    const state = states[index]
    const strategy = own[index]
    if (state === undefined || strategy === undefined) return
    state.stamp = stampOf(state.source)
    isBusy = true
    void take(state, strategy)
  })
  return { stop }
}

/** Loads the file anew and takes it, if it may be. Undefined when the old version goes on. */
export async function reload(
  { source: { file }, given, strategy }: OwnStrategy,
  { origins, command, keep, tell }: Omit<ReloadOptions, 'timers'>,
): Promise<StrategyFile | undefined> {
  const refuse = (problems: readonly ConfigProblem[]): undefined => {
    tell(`${strategy.name} goes on as it was: ${problems.map(formatProblem).join('; ')}`)
  }
  try {
    const source = await loadStrategyFile(file)
    if (source.version === strategy.version) return undefined
    const { name } = source.definition
    if (name !== strategy.name) {
      const what = `was "${strategy.name}" and is "${name}"`
      return refuse([{ where: file, key: 'strategy.name', what, remedy: 'start again for that' }])
    }
    const read = readSettings(source.definition, given, origins)
    if (!('settings' in read)) return refuse(read)
    const types = await checkTypes(file)
    if (types.kind === 'checked' && types.problems.length > 0) return refuse(types.problems)

    strategy.learn(source, read.settings)
    keep(source)
    command({ kind: 'reload-strategy', strategy: name, version: source.version })
    const untyped =
      types.kind === 'checked' ? '' : '; types were not checked: no TypeScript is here'
    tell(`${name} was reloaded from ${file} (sha256 ${source.version.slice(0, 12)}…)${untyped}`)
    return source
  } catch (error) {
    if (error instanceof ConfigError) return refuse(error.problems)
    throw error
  }
}

/** Changes when any part of the strategy does. */
function stampOf({ parts }: StrategyFile): string {
  return parts
    .map(({ file }) => String(statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? 0))
    .join(' ')
}
