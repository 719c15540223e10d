import { existsSync } from 'node:fs'
import { registerHooks } from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'

import { z } from 'zod'

import type { StrategyDefinition } from '../strategy-kit/define-strategy.ts'
import type { Parameter } from '../strategy-kit/parameter.ts'
import type { ConfigProblem } from './config-problem.ts'
import { guardLoops } from './guard-loops.ts'
import { ConfigError } from './load-config.ts'
import type { StrategySource } from './strategy-source.ts'
import { readStrategySource } from './strategy-source.ts'

/** A strategy of the user's own, loaded from its file and found to be one. */
export type StrategyFile = StrategySource & { readonly definition: StrategyDefinition }

const loopCounter = new URL(
  import.meta.url.endsWith('.ts')
    ? '../strategy-kit/loop-count.ts'
    : '../strategy-kit/loop-count.js',
  import.meta.url,
).href

const kitUrl = new URL('../strategy-kit/', import.meta.url).href
/** Marks the modules of one version, so that a changed file is loaded anew. */
const versionMark = 'strategy-version'
const markPattern = new RegExp(`\\?${versionMark}=.*$`)

/**
 * Loads a file and checks that what it exports as `strategy` is a strategy.
 *
 * Throws a {@link ConfigError} that says what is wrong, where, and what to do.
 */
export async function loadStrategyFile(file: string): Promise<StrategyFile> {
  const source = readStrategySource(file)
  if (!('version' in source)) throw new ConfigError(source)
  const loaded = await importVersion(source)
  const checked = checkContract(loaded, file)
  if (!('name' in checked)) throw new ConfigError(checked)
  return { ...source, definition: checked }
}

async function importVersion({ file, version }: StrategySource): Promise<unknown> {
  const { href } = pathToFileURL(file)
  const hooks = openDoors()
  try {
    const loaded: unknown = await import(/* @vite-ignore */ `${href}?${versionMark}=${version}`)
    return loaded
  } catch (error) {
    throw new ConfigError([loadProblem(file, error)])
  } finally {
    hooks.deregister()
  }
}

/**
 * While a strategy is loaded, `prediction-engine/strategy` is this very program, wherever the file
 * lies; what it imports from beside it is of the same version as itself; and its loops are counted.
 */
function openDoors(): ReturnType<typeof registerHooks> {
  return registerHooks({
    load(url, context, next) {
      const loaded = next(url, context)
      const isOfStrategy = url.includes(`?${versionMark}=`) && loaded.source !== undefined
      if (!isOfStrategy || loaded.source === null) return loaded
      const text = Buffer.from(loaded.source as string).toString('utf8')
      return { ...loaded, source: guardLoops(text, loopCounter) }
    },
    resolve(specifier, context, next) {
      const door = doorOf(specifier)
      if (door !== undefined) return { url: door, shortCircuit: true }
      const found = next(specifier, context)
      // The program's own modules are there once, whoever imports them.
      const isOurs = found.url.startsWith(kitUrl)
      const mark = markPattern.exec(context.parentURL ?? '')?.[0]
      return mark === undefined || isOurs ? found : { ...found, url: `${found.url}${mark}` }
    },
  })
}

function doorOf(specifier: string): string | undefined {
  const name = /^prediction-engine\/(strategy|testing)$/.exec(specifier)?.[1]
  return name === undefined ? undefined : new URL(`../../bin/${name}.mjs`, import.meta.url).href
}

function loadProblem(file: string, error: unknown): ConfigProblem {
  const { message, stack } = error instanceof Error ? error : new Error(String(error))
  // A syntax error of Node names its line on top of its stack: "file:///…/my.ts:12".
  const at = /(?:file:\/\/)?(\/[^\n:?]+)(?:\?[^:\n]*)?:(\d+)/.exec(stack ?? '')
  const isInFile =
    at?.[1] !== undefined && existsSync(at[1]) && at[1].startsWith(path.dirname(file))
  const where = isInFile ? `${at[1]}:${at[2]}` : file
  const what = `cannot be loaded: ${message.split('\n')[0]?.trim() ?? ''}`
  return { where, key: '', what, remedy: 'expected TypeScript that Node can run as it is' }
}

const reservedParameters: readonly string[] = ['enabled', 'file', 'files']
const kinds: readonly string[] = [
  'shares',
  'usd',
  'price',
  'fraction',
  'count',
  'milliseconds',
  'flag',
  'texts',
]

const parameterShape = z.custom<Parameter>(
  (value) =>
    isTree(value) &&
    kinds.includes(String(value['kind'])) &&
    'fallback' in value &&
    typeof value['meaning'] === 'string' &&
    value['meaning'] !== '',
  'expected one of shares, usd, price, fraction, count, milliseconds, flag or texts, with a meaning',
)

const definitionShape = z.object({
  name: z
    .string('expected a name in quotes')
    .regex(
      /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
      'expected lower case with dashes, such as "my-strategy"',
    )
    .max(40, 'expected at most 40 letters'),
  about: z.string('expected a sentence in quotes').min(1, 'expected a sentence'),
  parameters: z.record(
    z
      .string()
      .regex(/^[a-z][a-zA-Z0-9]*$/, 'expected a parameter in camel case, such as "sizeMax"')
      .refine((name) => !reservedParameters.includes(name), 'that name is taken'),
    parameterShape,
    'expected an object of parameters; {} when there are none',
  ),
  create: z.custom<StrategyDefinition['create']>(
    (value) => typeof value === 'function',
    'expected a function that takes the settings and gives { evaluate }',
  ),
})

/** What a module exports, as a strategy, or what keeps it from being one. */
function checkContract(
  loaded: unknown,
  file: string,
): StrategyDefinition | readonly ConfigProblem[] {
  const remedy = 'docs/strategy-guide.md shows a whole one'
  const exported = isTree(loaded) ? loaded['strategy'] : undefined
  if (exported === undefined) {
    const what = 'exports no strategy'
    return [
      {
        where: file,
        key: '',
        what,
        remedy: 'expected: export const strategy = defineStrategy({…})',
      },
    ]
  }
  const read = definitionShape.safeParse(exported)
  if (read.success) return read.data
  return read.error.issues.map(({ path: at, message }) => ({
    where: file,
    key: ['strategy', ...at.map(String)].join('.'),
    what: message,
    remedy,
  }))
}

function isTree(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
