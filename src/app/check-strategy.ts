import type { StrategyDefinition } from '../strategy-kit/define-strategy.ts'
import type { ParameterValue } from '../strategy-kit/parameter.ts'
import { writeParameter } from '../strategy-kit/parameter.ts'
import { sceneMarket } from '../strategy-kit/scene-market.ts'
import { StrategyScene } from '../strategy-kit/strategy-scene.ts'
import { checkTypes } from './check-types.ts'
import { snakeCase } from './config-keys.ts'
import { formatProblem } from './config-problem.ts'
import { ConfigError, loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'
import { loadStrategyFile } from './strategy-file.ts'
import { loadUserStrategies } from './user-strategies.ts'

/** What was found out about a file. Plain data: it is the `--json` of the command. */
export type CheckedStrategy = {
  readonly ok: boolean
  readonly file: string
  /** Null where it is no strategy. */
  readonly name: string | null
  readonly about: string
  readonly version: string
  readonly parameters: readonly ListedParameter[]
  readonly types: 'checked' | 'no-compiler'
  /** What it made of a small market. */
  readonly looks: readonly string[]
  readonly problems: readonly string[]
}

export type ListedParameter = {
  /** As a configuration file has it. */
  readonly name: string
  readonly kind: string
  readonly value: string | boolean | readonly string[]
  readonly meaning: string
}

/** Loads a strategy, checks its types and lets it look at a small market. */
export async function checkStrategy(file: string): Promise<CheckedStrategy> {
  const types = await checkTypes(file)
  const wrong = types.kind === 'checked' ? types.problems.map(formatProblem) : []
  const bare = { file, types: types.kind, name: null, about: '', version: '', looks: [] }
  try {
    const { definition, version } = await loadStrategyFile(file)
    const { name, about } = definition
    const looked = lookAround(definition)
    const problems = [...wrong, ...looked.problems]
    const parameters = listParameters(definition)
    const ok = problems.length === 0
    return { ...bare, ok, name, about, version, parameters, looks: looked.lines, problems }
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error
    const problems = [...error.problems.map(formatProblem), ...wrong]
    return { ...bare, ok: false, parameters: [], problems: [...new Set(problems)] }
  }
}

export type ListedStrategy = {
  readonly name: string
  readonly state: 'on' | 'off'
  readonly about: string
  /** Null for a strategy of the house. */
  readonly file: string | null
}

/** What a run with this configuration would have. Throws a `ConfigError` where something is wrong. */
export async function listStrategies(
  machine: Machine,
  configFile: string | undefined,
): Promise<readonly ListedStrategy[]> {
  const { folder, environment } = machine
  const loaded = loadConfig({ file: configFile, folder, environment, overrides: [] })
  const {
    files,
    own,
    lookBudgetMs: _budget,
    stallAfterMs: _stall,
    ...house
  } = loaded.config.strategies
  const mine = await loadUserStrategies({ files, folder, own, origins: loaded.origins })
  return [
    ...Object.entries(house).map(([key, { enabled }]) => ({
      name: snakeCase(key).replaceAll('_', '-'),
      state: enabled ? ('on' as const) : ('off' as const),
      about: `of the house: docs/strategies/${snakeCase(key).replaceAll('_', '-')}.md`,
      file: null,
    })),
    ...mine.map(({ source: { definition, file } }) => ({
      name: definition.name,
      state: 'on' as const,
      about: definition.about,
      file,
    })),
  ]
}

function listParameters({ parameters }: StrategyDefinition): readonly ListedParameter[] {
  return Object.entries(parameters).map(([name, { kind, fallback, meaning }]) => ({
    name: snakeCase(name),
    kind,
    value: writeParameter(kind, fallback satisfies ParameterValue),
    meaning,
  }))
}

/** A market that is quiet, leans over, falls, is crossed, empties and comes back. */
const books: readonly { readonly bids: [string, string][]; readonly asks: [string, string][] }[] = [
  { bids: [['0.44', '100']], asks: [['0.46', '100']] },
  { bids: [['0.44', '900']], asks: [['0.45', '20']] },
  { bids: [['0.30', '50']], asks: [['0.36', '50']] },
  { bids: [['0.02', '50']], asks: [['0.03', '500']] },
  { bids: [], asks: [['0.99', '5']] },
  { bids: [], asks: [] },
  { bids: [['0.50', '100']], asks: [['0.49', '100']] },
  { bids: [['0.97', '100']], asks: [['0.98', '100']] },
]

function lookAround(definition: StrategyDefinition): {
  readonly lines: readonly string[]
  readonly problems: readonly string[]
} {
  try {
    const scene = new StrategyScene(definition, { markets: [sceneMarket('rain')] })
    for (const book of books) {
      scene.book('rain', book)
      scene.wait(1_000)
    }
    const { stopped, decisions, signals, fills } = scene
    const counts = `${decisions.length} looks, ${signals.length} signals, ${fills.length} fills`
    const problems = stopped === undefined ? [] : [`it was stopped: ${stopped}`]
    return { lines: [counts], problems }
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error)
    return { lines: [], problems: [`create failed: ${what}`] }
  }
}
