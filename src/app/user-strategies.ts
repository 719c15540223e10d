import path from 'node:path'

import type { Parameters, StrategyDefinition } from '../strategy-kit/define-strategy.ts'
import { settingsOf } from '../strategy-kit/define-strategy.ts'
import { expected, readParameter, writeParameter } from '../strategy-kit/parameter.ts'
import { camelCase, nearest, snakeCase } from './config-keys.ts'
import type { ConfigProblem, Origins } from './config-problem.ts'
import { configSchema } from './config-schema.ts'
import type { OwnSettings } from './config.ts'
import { ConfigError } from './load-config.ts'
import type { StrategyFile } from './strategy-file.ts'
import { loadStrategyFile } from './strategy-file.ts'
import type { LookGuard, UserSettings } from './user-strategy.ts'
import { UserStrategy } from './user-strategy.ts'

/** A strategy of the user's own as a journal names it: enough to build it again. */
export type RecordedStrategy = {
  readonly name: string
  readonly file: string
  /** A hash of the file and of what it imports from beside it. */
  readonly version: string
  /** What was set, by parameter; the rest is as the file has it. */
  readonly settings: OwnSettings
}

/** A loaded strategy with what was set of it. */
export type OwnStrategy = {
  readonly source: StrategyFile
  readonly given: OwnSettings
  readonly strategy: UserStrategy
}

export type OwnRequest = {
  /** As they are named in the settings or on the command line. */
  readonly files: readonly string[]
  readonly folder: string
  /** What the settings say of them, by the name in code: `myStrategy`. */
  readonly own: Readonly<Record<string, OwnSettings>>
  readonly origins: Origins
  readonly guard?: LookGuard | undefined
}

/**
 * Loads the strategies of the user's own, with their settings; those that are not enabled are
 * checked and left out.
 *
 * Throws a {@link ConfigError} with everything that is wrong: a file, a setting, a name.
 */
export async function loadUserStrategies(request: OwnRequest): Promise<readonly OwnStrategy[]> {
  const { files, folder, own, origins, guard } = request
  const sources: StrategyFile[] = []
  for (const file of new Set(files.map((name) => path.resolve(folder, name)))) {
    sources.push(await loadStrategyFile(file))
  }
  const problems = [...clashes(sources), ...strangers(own, sources, origins)]
  const wanted: { readonly source: StrategyFile; readonly given: OwnSettings }[] = []
  for (const source of sources) {
    const { enabled = true, ...given } = own[keyOf(source.definition)] ?? {}
    const read = readSettings(source.definition, given, origins)
    if (!('settings' in read)) problems.push(...read)
    if (enabled !== false) wanted.push({ source, given })
  }
  if (problems.length > 0) throw new ConfigError(problems)
  return wanted.map(({ source, given }) => ownStrategy(source, given, { guard, origins }))
}

/** A strategy at work. Throws a {@link ConfigError} where a setting or its `create` is wrong. */
export function ownStrategy(
  source: StrategyFile,
  given: OwnSettings,
  { guard, origins }: { readonly guard?: LookGuard | undefined; readonly origins: Origins },
): OwnStrategy {
  const read = readSettings(source.definition, given, origins)
  if (!('settings' in read)) throw new ConfigError(read)
  try {
    return { source, given, strategy: new UserStrategy(source, read.settings, guard) }
  } catch (error) {
    const what = `create failed: ${error instanceof Error ? error.message : String(error)}`
    const remedy = 'it is called once with the settings, and gives { evaluate }'
    throw new ConfigError([{ where: source.file, key: source.definition.name, what, remedy }])
  }
}

/** As the header of a journal names it. */
export function recordedOf({ source, given }: OwnStrategy): RecordedStrategy {
  const { definition, file, version } = source
  return { name: definition.name, file, version, settings: given }
}

/** The name of a strategy as a key of the settings: `imbalanceTaker`. */
export function keyOf({ name }: Pick<StrategyDefinition, 'name'>): string {
  return camelCase(name.replaceAll('-', '_'))
}

/** Settings with what they are when nobody says otherwise, or what is wrong with them. */
export function readSettings(
  definition: StrategyDefinition,
  values: OwnSettings,
  origins: Origins,
): { readonly settings: UserSettings } | readonly ConfigProblem[] {
  const { parameters } = definition
  const read: Record<string, UserSettings[string]> = {}
  const problems: ConfigProblem[] = []
  for (const [name, given] of Object.entries(values)) {
    const parameter = parameters[name]
    const at = ['strategies', snakeCase(keyOf(definition)), snakeCase(name)]
    const place = { where: originOf(origins, at), key: at.join('.') }
    if (parameter === undefined) {
      problems.push({ ...place, what: 'is not a parameter', remedy: meant(name, parameters) })
      continue
    }
    const value = readParameter(parameter.kind, given)
    if (value !== undefined) read[name] = value
    else {
      const what = `was ${JSON.stringify(given)}, expected ${expected[parameter.kind]}`
      const fallback = JSON.stringify(writeParameter(parameter.kind, parameter.fallback))
      problems.push({ ...place, what, remedy: `change it, or leave it out for ${fallback}` })
    }
  }
  return problems.length > 0 ? problems : { settings: settingsOf(definition, read) }
}

function meant(name: string, parameters: Parameters): string {
  const known = Object.keys(parameters)
  const found = nearest(name, known)
  if (found !== undefined) return `did you mean ${snakeCase(found)}?`
  return known.length === 0 ? 'it has none' : `expected one of ${known.map(snakeCase).join(', ')}`
}

function houseKeys(): readonly string[] {
  return Object.keys(configSchema.parse({}).strategies)
}

/** Two strategies of one name would share their metrics, episodes and settings. */
function clashes(sources: readonly StrategyFile[]): ConfigProblem[] {
  const house = houseKeys()
  return sources.flatMap(({ file, definition }, index) => {
    const key = keyOf(definition)
    const place = { where: file, key: 'strategy.name', remedy: 'give it another name' }
    const same = sources.slice(0, index).find((other) => keyOf(other.definition) === key)
    if (house.includes(key)) return [{ ...place, what: `"${definition.name}" is one of the house` }]
    return same === undefined
      ? []
      : [{ ...place, what: `"${definition.name}" is the name of ${same.file}` }]
  })
}

/** Settings of a strategy that nobody has loaded. */
function strangers(
  own: OwnRequest['own'],
  sources: readonly StrategyFile[],
  origins: Origins,
): readonly ConfigProblem[] {
  const known = sources.map(({ definition }) => keyOf(definition))
  return Object.keys(own)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const at = ['strategies', snakeCase(key)]
      const found = nearest(key, [...known, ...houseKeys()])
      const remedy =
        found === undefined
          ? 'name its file in strategies.files'
          : `did you mean strategies.${snakeCase(found)}?`
      return { where: originOf(origins, at), key: at.join('.'), what: 'is not a strategy', remedy }
    })
}

/** A table may be written with dashes, like the name, or as all keys are: the later line is it. */
function originOf(origins: Origins, at: readonly string[]): string {
  const [section = '', name = '', ...rest] = at
  const lineOf = (text: string): number => Number(/:(\d+)$/.exec(text)?.[1] ?? 0)
  const found = [origins(at), origins([section, name.replaceAll('_', '-'), ...rest])]
  return found.toSorted((a, b) => lineOf(b) - lineOf(a))[0] ?? section
}
