import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { parse, TomlError } from 'smol-toml'
import type { RelationEntry } from '../arbitrage/relation-entry.ts'
import type { RegisterEntry } from '../propositions/register.ts'
import { readRegister } from '../propositions/register.ts'
import type { AlertSecretsRead } from './alert-secrets.ts'
import { hiddenTexts, readAlertSecrets } from './alert-secrets.ts'
import type { Config } from './config.ts'
import { readChange } from './config-change.ts'
import { camelCase, nearest, snakeCase } from './config-keys.ts'
import { schemaAt, settings } from './config-json-schema.ts'
import type { SchemaNode } from './config-json-schema.ts'
import type { ConfigProblem, Origins } from './config-problem.ts'
import { formatProblem, problemsOf } from './config-problem.ts'
import { configSchema } from './config-schema.ts'
import { readRelations } from './relations-file.ts'
import { relayerVariables } from './relayer-key.ts'
import { lineOfPath, tomlLines } from './toml-lines.ts'

export const configFileName = 'prediction-engine.toml'

/** A setting given on the command line: the strongest of all. */
export type Override = {
  readonly option: string
  readonly path: readonly string[]
  readonly value: unknown
}

export type ConfigSource = {
  /** A file that must be there. Undefined: the file of the default name, if it is there. */
  readonly file: string | undefined
  readonly folder: string
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly overrides: readonly Override[]
  /** Strategies of the user's own besides those that the settings name. */
  readonly strategyFiles?: readonly string[] | undefined
  /** Settings as `--set` has them: `cross-outcome.edgeMin=0.02`. */
  readonly sets?: readonly string[] | undefined
}

export type LoadedConfig = {
  readonly config: Config
  readonly file: string | undefined
  /** What people have said of markets, from the file that `relations.file` names. */
  readonly relations: readonly RelationEntry[]
  /** Pairs of markets that a person has confirmed, from the file `propositions.file` names. */
  readonly register: readonly RegisterEntry[]
  /** What the channels of alerts must know, and what is wrong with it: only a run minds. */
  readonly alerts: AlertSecretsRead
  /** Where a setting came from, to be named in what is wrong with it. */
  readonly origins: Origins
  /** The settings that somebody has given, by their keys in code: `risk.totalExposureMax`. */
  readonly given: ReadonlySet<string>
  /** Texts that must never be shown. */
  readonly secrets: readonly string[]
}

/**
 * The configuration: command line over environment over file over defaults.
 *
 * Throws a {@link ConfigError} that lists everything that is wrong, each with its place.
 */
export function loadConfig(source: ConfigSource): LoadedConfig {
  const { folder, environment } = source
  const { config, file, given, origins } = readSettings(source)
  const alerts = readAlertSecrets({ settings: config.alerts, folder, environment })
  return {
    config,
    file,
    origins,
    given,
    relations: readRelationsFile(config.relations.file, folder),
    register: readRegisterFile(config.propositions.file, folder),
    alerts,
    secrets: [...secretsOf(environment), ...hiddenTexts(alerts.secrets)],
  }
}

/** The settings alone: the files that they name may not be there yet. */
export function readSettings({
  file,
  folder,
  environment,
  overrides,
  strategyFiles = [],
  sets = [],
}: ConfigSource): Pick<LoadedConfig, 'config' | 'file' | 'given' | 'origins'> {
  const read = readConfigFile(file, folder)
  const tree = read === undefined ? {} : inCodeKeys(parseToml(read))
  const lines = tomlLines(read?.text ?? '')
  const given = [...fromEnvironment(environment), ...sets.map(overrideOf), ...overrides]
  for (const { path: at, value } of given) setAt(tree, at.map(camelCase), value)
  setOwn(tree, strategyFiles)

  const origins: Origins = (at) => {
    const key = at.join('.')
    const source = given.findLast((entry) => entry.path.join('.') === key)
    if (source !== undefined) return source.option
    const line = lineOfPath(lines, at)
    const name = read === undefined ? configFileName : read.name
    return line === undefined ? name : `${name}:${line}`
  }
  const result = configSchema.safeParse(tree, { reportInput: true })
  if (!result.success) {
    const found = result.error.issues.flatMap((issue) => problemsOf(issue, tree, origins))
    throw new ConfigError(found.toSorted(byPlace))
  }
  return { config: result.data, file: read?.file, given: new Set(leavesOf(tree)), origins }
}

/** The paths of all that is set in a tree, with dots. */
function leavesOf(tree: Record<string, unknown>): readonly string[] {
  return Object.entries(tree).flatMap(([key, value]) =>
    isTree(value) ? leavesOf(value).map((rest) => `${key}.${rest}`) : [key],
  )
}

function byPlace(a: ConfigProblem, b: ConfigProblem): number {
  return a.where.localeCompare(b.where, 'en', { numeric: true })
}

/** The variable that overrides a setting: `PREDICTION_ENGINE_SERVER_PORT`. */
export function variableOf(at: readonly string[]): string {
  return `${variablePrefix}${at.join('_').toUpperCase()}`
}

const variablePrefix = 'PREDICTION_ENGINE_'
/** Set by the launcher when it starts itself again on another Node. */
const variablesOfOurOwn: readonly string[] = ['PREDICTION_ENGINE_RELAUNCHED']

type ConfigFile = { readonly file: string; readonly name: string; readonly text: string }

function readConfigFile(file: string | undefined, folder: string): ConfigFile | undefined {
  if (file !== undefined) return readFileAt(file, folder)
  return existsSync(path.resolve(folder, configFileName))
    ? readFileAt(configFileName, folder)
    : undefined
}

function readFileAt(name: string, folder: string): ConfigFile {
  const full = path.resolve(folder, name)
  try {
    return { file: full, name, text: readFileSync(full, 'utf8') }
  } catch (error) {
    const code = codeOf(error)
    const what = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`
    throw new ConfigError([{ where: name, key: '', what, remedy: 'check the path' }])
  }
}

/** Throws a {@link ConfigError} with the line of each mistake. */
function readRelationsFile(file: string | undefined, folder: string): readonly RelationEntry[] {
  if (file === undefined) return []
  const { name, text } = readFileAt(file, folder)
  const read = readRelations(text)
  if (read.kind === 'read') return read.entries
  const remedy = 'docs/strategies/relations.md shows every form'
  throw new ConfigError(
    read.problems.map(({ line, what }) => ({ where: `${name}:${line}`, key: '', what, remedy })),
  )
}

/** Throws a {@link ConfigError} with the line of each mistake. */
function readRegisterFile(file: string | undefined, folder: string): readonly RegisterEntry[] {
  if (file === undefined) return []
  const { name, text } = readFileAt(file, folder)
  const read = readRegister(text)
  if (read.kind === 'read') return read.entries
  const remedy = 'docs/propositions.md shows an entry'
  throw new ConfigError(
    read.problems.map(({ line, what }) => ({ where: `${name}:${line}`, key: '', what, remedy })),
  )
}

function parseToml({ name, text }: ConfigFile): Record<string, unknown> {
  try {
    return parse(text)
  } catch (error) {
    if (!(error instanceof TomlError)) throw error
    const what = (error.message.split('\n')[0] ?? '').replace(/^Invalid TOML document: /, '')
    const where = `${name}:${error.line}:${error.column}`
    throw new ConfigError([{ where, key: '', what, remedy: 'expected TOML: key = value' }])
  }
}

function fromEnvironment(
  environment: Readonly<Record<string, string | undefined>>,
): readonly Override[] {
  const byVariable = new Map([...settings()].map((each) => [variableOf(each.path), each]))
  const found: Override[] = []
  const problems: ConfigProblem[] = []
  for (const [option, text] of Object.entries(environment)) {
    if (!option.startsWith(variablePrefix) || text === undefined || text === '') continue
    if (variablesOfOurOwn.includes(option)) continue
    const setting = byVariable.get(option)
    if (setting === undefined) problems.push(unknownVariable(option, [...byVariable.keys()]))
    else found.push({ option, path: setting.path, value: readText(text, setting.node) })
  }
  if (problems.length > 0) throw new ConfigError(problems)

  for (const option of ['RUST_LOG', 'LOG_LEVEL']) {
    const value = environment[option]
    // The last entry wins, and LOG_LEVEL is the name of our own.
    if (value !== undefined && value !== '') found.push({ option, path: ['log', 'level'], value })
  }
  return found
}

function unknownVariable(option: string, known: readonly string[]): ConfigProblem {
  const meant = nearest(option, known)
  const remedy = meant === undefined ? 'unset it' : `did you mean ${meant}?`
  return { where: option, key: '', what: 'is not a variable we know', remedy }
}

/** What is none of our settings is a parameter of a strategy of the user's own, or refused. */
function overrideOf(text: string): Override {
  const change = readChange(text)
  const at = change.path.map(snakeCase)
  const node = schemaAt(at)
  return { option: '--set', path: at, value: node ? readText(change.text, node) : change.text }
}

/** The text of a variable as the file would have it. What does not read stays, to be refused. */
function readText(text: string, node: SchemaNode): unknown {
  switch (node.type) {
    case 'integer':
    case 'number':
      return /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text
    case 'boolean':
      return text === 'true' ? true : text === 'false' ? false : text
    case 'array':
      return text.split(',').map((item) => item.trim())
    default:
      return text
  }
}

function secretsOf(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  return ['PRIVATE_KEY', 'KEYSTORE_PASSWORD', ...relayerVariables].flatMap((name) => {
    const text = environment[name]
    return text === undefined || text === '' ? [] : [text]
  })
}

function inCodeKeys(tree: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(tree).map(([key, value]) => [
      camelCase(key),
      isTree(value) ? inCodeKeys(value) : value,
    ]),
  )
}

function setAt(tree: Record<string, unknown>, at: readonly string[], value: unknown): void {
  const [key = '', ...rest] = at
  if (rest.length === 0) {
    tree[key] = value
    return
  }
  const child = tree[key]
  const branch = isTree(child) ? child : {}
  // A table that is no table in the file stays for the schema to refuse.
  if (child === undefined) tree[key] = branch
  setAt(branch, rest, value)
}

/**
 * Settings of strategies that are not of the house belong to the user's own: only their files know
 * what they mean. Where there are none they stay, to be refused as a mistyped key.
 */
function setOwn(tree: Record<string, unknown>, more: readonly string[]): void {
  const strategies = isTree(tree['strategies']) ? tree['strategies'] : {}
  const given: unknown = strategies['files']
  const named: readonly unknown[] = Array.isArray(given) ? given : []
  if (named.length + more.length === 0) return
  const house = schemaAt(['strategies'])?.properties ?? {}
  const entries = Object.entries(strategies)
  const isOwn = ([key, value]: [string, unknown]): boolean =>
    isTree(value) && !(snakeCase(key) in house)
  const own: readonly (readonly [string, unknown])[] = entries
    .filter(isOwn)
    .map(([key, value]) => [camelCase(key.replaceAll('-', '_')), value])
  tree['strategies'] = {
    ...Object.fromEntries(entries.filter((entry) => !isOwn(entry))),
    files: [...named, ...more],
    own: Object.fromEntries(own),
  }
}

function isTree(value: unknown): value is Record<string, unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    value.constructor !== Date &&
    !Array.isArray(value)
  )
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'UNKNOWN'
}

/** A configuration that cannot be used, with everything that is wrong with it. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError'
  readonly problems: readonly ConfigProblem[]

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(formatProblem).join('\n'))
    this.problems = problems
  }
}
