import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'

import { JournalError } from '../journal/journal-reader.ts'
import type { ConfigChange } from './config-change.ts'
import type { OwnSettings } from './config.ts'
import type { JournalHeader } from './journal-header.ts'
import type { StrategyFile } from './strategy-file.ts'
import { loadStrategyFile } from './strategy-file.ts'
import type { StrategySource } from './strategy-source.ts'
import type { OwnStrategy, RecordedStrategy } from './user-strategies.ts'
import type { LookGuard } from './user-strategy.ts'
import { keyOf, loadUserStrategies, ownStrategy, readSettings } from './user-strategies.ts'

/** Beside the segments of a journal: each version of each strategy of the user's own. */
const folderName = 'strategies'

/** Where a setting of a recorded strategy came from. */
const fromJournal = (): string => 'the journal'

/** Keeps the text of a version beside the journal: it is replayed from there when it has changed. */
export function keepSource(directory: string, { version, parts }: StrategySource): void {
  for (const { name, text } of parts) {
    const target = path.join(directory, folderName, version, name)
    mkdirSync(path.dirname(target), { recursive: true })
    writeFileSync(target, text)
  }
}

/**
 * The strategies of the user's own that a journal names, as they were then: from the copies that
 * lie beside it, or from the files themselves where those are unchanged.
 *
 * Throws a {@link JournalError} where neither is there: other code would decide otherwise.
 */
export async function recordedStrategies(
  directory: string,
  recorded: readonly RecordedStrategy[],
  guard?: LookGuard,
): Promise<readonly OwnStrategy[]> {
  const versions = recorded.length === 0 ? [] : await keptVersions(directory)
  const found: OwnStrategy[] = []
  for (const one of recorded) {
    const source = await sourceOf(one, versions)
    if (typeof source === 'string') throw new JournalError(`${directory}: ${source}`)
    const own = ownStrategy(source, one.settings, { origins: fromJournal, guard })
    for (const version of versions) {
      if (version.definition.name !== one.name) continue
      const read = readSettings(version.definition, one.settings, fromJournal)
      if ('settings' in read) own.strategy.learn(version, read.settings)
    }
    found.push(own)
  }
  return found
}

export type TriedStrategies = {
  readonly strategies: readonly OwnStrategy[]
  /** Those whose file is not that of the recording. */
  readonly names: readonly string[]
  /** The changes that are of nobody's own strategy. */
  readonly changes: readonly ConfigChange[]
}

/**
 * The strategies of the user's own for a backtest: those of the recording, and the files that are
 * to be tried, which take the place of one with the same name.
 */
export async function triedStrategies(
  directory: string,
  { config, own: recorded = [] }: JournalHeader,
  wanted: {
    readonly files: readonly string[]
    readonly changes: readonly ConfigChange[]
    readonly guard?: LookGuard | undefined
  },
): Promise<TriedStrategies> {
  const { files, changes, guard } = wanted
  const named = files.length === 0 ? [] : await namesOf(files)
  const kept = recorded.filter(({ name }) => !named.includes(name))
  const isOf = (key: string, { path: at }: ConfigChange): boolean =>
    at[0] === 'strategies' && at[1] === key
  const changed = (key: string, given: OwnSettings): OwnSettings => ({
    ...given,
    ...Object.fromEntries(
      changes.filter((one) => isOf(key, one)).map(({ path: at, text }) => [at[2] ?? '', text]),
    ),
  })
  const before = await recordedStrategies(
    directory,
    kept.map((one) => ({ ...one, settings: changed(keyOf(one), one.settings) })),
    guard,
  )
  const keys = named.map((name) => keyOf({ name }))
  const added = await loadUserStrategies({
    files,
    folder: '',
    own: Object.fromEntries(
      keys.map((key) => [key, changed(key, config.strategies.own[key] ?? {})]),
    ),
    origins: () => 'a change',
    guard,
  })
  const all = [...before, ...added]
  const owned = all.map(({ source }) => keyOf(source.definition))
  return {
    strategies: all,
    names: named,
    changes: changes.filter((one) => !owned.some((key) => isOf(key, one))),
  }
}

async function namesOf(files: readonly string[]): Promise<readonly string[]> {
  const names: string[] = []
  for (const file of files) names.push((await loadStrategyFile(file)).definition.name)
  return names
}

async function keptVersions(directory: string): Promise<readonly StrategyFile[]> {
  const folder = path.join(directory, folderName)
  const kept: StrategyFile[] = []
  for (const version of existsSync(folder) ? readdirSync(folder) : []) {
    // The strategy itself is the one that all others are beside or below.
    for (const name of readdirSync(path.join(folder, version))) {
      const file = path.join(folder, version, name)
      if (!/\.m?[jt]s$/.test(name)) continue
      const source = await loadedAs(version, file)
      if (source !== undefined) kept.push(source)
    }
  }
  return kept
}

/** Undefined for a part of a version that is not its strategy, or is not what it was. */
async function loadedAs(version: string, file: string): Promise<StrategyFile | undefined> {
  try {
    const source = await loadStrategyFile(file)
    return source.version === version ? source : undefined
  } catch {
    // A file beside the strategy exports none, and what was changed is not that version.
    return undefined
  }
}

async function sourceOf(
  { name, file, version }: RecordedStrategy,
  kept: readonly StrategyFile[],
): Promise<StrategyFile | string> {
  const copy = kept.find((one) => one.version === version)
  if (copy !== undefined) return copy
  const was = `${name} was ${file} (sha256 ${version.slice(0, 12)}…)`
  if (!existsSync(file)) return `${was}, and neither that nor a copy of it is there any more`
  const source = await loadStrategyFile(file)
  if (source.version === version) return source
  return `${was}, and the file has changed since: it would decide otherwise`
}
