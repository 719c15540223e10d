import type { Config } from './config.ts'
import { camelCase } from './config-keys.ts'
import { configSchema } from './config-schema.ts'

/** A setting that is to be another, its value as a configuration file would have it. */
export type ConfigChange = { readonly path: readonly string[]; readonly text: string }

/** `cross-outcome.edgeMin=0.02` or `paper.latencyMs=100`. */
export function readChange(text: string): ConfigChange {
  const at = text.indexOf('=')
  return { path: pathOfSetting(text.slice(0, at)), text: text.slice(at + 1) }
}

/** Strategies are named in signals with dashes and in settings in camel case: either is read. */
export function pathOfSetting(name: string): readonly string[] {
  const path = name.split('.').map((key) => camelCase(key.replaceAll('-', '_')))
  return sections.has(path[0] ?? '') ? path : ['strategies', ...path]
}

/** Sections of the configuration. What is none of them is a strategy. */
const sections: ReadonlySet<string> = new Set(Object.keys(configSchema.parse({})))

/** The configuration with one setting changed. Throws a {@link ChangeError} where that cannot be. */
export function withChange(config: Config, change: ConfigChange): Config {
  const { path, text } = change
  if (valueAt(config, path) === undefined) throw new ChangeError(`there is no ${path.join('.')}`)
  return replaced(config, path, readAs(path, text))
}

/** What stands at a path; undefined when nothing does. */
export function valueAt(tree: unknown, path: readonly string[]): unknown {
  let found = tree
  for (const key of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Reflect.get(found, key)
  }
  return found
}

/** The schema knows what a setting is: decimals become whole units, and limits are held. */
function readAs(path: readonly string[], text: string): unknown {
  const forms: readonly unknown[] =
    text === 'true' || text === 'false' ? [text === 'true'] : [text, Number(text)]
  for (const form of forms) {
    const tree = path.reduceRight<unknown>((inside, key) => ({ [key]: inside }), form)
    const { data } = configSchema.safeParse(tree)
    if (data !== undefined) return valueAt(data, path)
  }
  throw new ChangeError(`${path.join('.')} cannot be "${text}"`)
}

function replaced<Whole>(tree: Whole, [key, ...rest]: readonly string[], value: unknown): Whole {
  // The schema has said that the value fits here.
  if (key === undefined) return value as Whole
  const found: unknown = valueAt(tree, [key])
  return { ...tree, [key]: replaced(found, rest, value) }
}

/** A setting that is not there, or cannot be what was asked. */
export class ChangeError extends Error {
  override readonly name = 'ChangeError'
}
