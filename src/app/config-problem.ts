import type { z } from 'zod'
import { nearest, snakeCase } from './config-keys.ts'
import type { SchemaNode } from './config-json-schema.ts'
import { schemaAt } from './config-json-schema.ts'

/** What is wrong with a configuration: where, what, what was expected, and what to do. */
export type ConfigProblem = {
  /** `prediction-engine.toml:12`, the name of a variable of the environment, or an option. */
  readonly where: string
  /** Dotted, as in the file. Empty when the file as a whole is at fault. */
  readonly key: string
  readonly what: string
  readonly remedy: string
}

export function formatProblem({ where, key, what, remedy }: ConfigProblem): string {
  const subject = key === '' ? where : `${where}: ${key}`
  return remedy === '' ? `${subject}: ${what}` : `${subject}: ${what}; ${remedy}`
}

/** Where a value came from, by its path as in the file. */
export type Origins = (path: readonly string[]) => string

/** Says what the schema found, in the words of the file. */
export function problemsOf(
  issue: z.core.$ZodIssue,
  value: unknown,
  origins: Origins,
): readonly ConfigProblem[] {
  const path = issue.path.map((part) => snakeCase(String(part)))
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => unknownKey([...path, snakeCase(key)], key, origins))
  }
  const node = schemaAt(path)
  return [
    {
      where: origins(path),
      key: path.join('.'),
      what: `was ${show(valueAt(value, issue.path))}, ${expectation(issue, node)}`,
      remedy: defaultRemedy(node),
    },
  ]
}

function unknownKey(path: readonly string[], written: string, origins: Origins): ConfigProblem {
  const parent = path.slice(0, -1)
  const known = Object.keys(schemaAt(parent)?.properties ?? {})
  const name = snakeCase(written)
  const meant = nearest(name, known)
  return {
    where: origins(path),
    key: path.join('.'),
    what: 'is not a key',
    remedy:
      meant === undefined
        ? `expected one of ${known.join(', ')}`
        : `did you mean ${[...parent, meant].join('.')}?`,
  }
}

function expectation(issue: z.core.$ZodIssue, node: SchemaNode | undefined): string {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${typeWords[issue.expected] ?? issue.expected}${bounds(node)}`
    case 'too_small':
    case 'too_big':
      return issue.origin === 'string' || issue.origin === 'array'
        ? 'expected not to be empty'
        : `expected ${typeWords[issue.origin] ?? 'a number'}${bounds(node)}`
    case 'invalid_value':
      return `expected ${issue.values.map(show).join(' or ')}`
    case 'invalid_union':
    case 'invalid_format':
    case 'custom':
      return issue.message
    default:
      return `expected something else: ${issue.message}`
  }
}

const typeWords: Readonly<Record<string, string>> = {
  int: 'a whole number',
  number: 'a number',
  string: 'text in quotes',
  boolean: 'true or false',
  array: 'a list',
  object: 'a table',
}

function bounds(node: SchemaNode | undefined): string {
  const { minimum, maximum } = node ?? {}
  if (minimum === undefined && maximum === undefined) return ''
  if (minimum === undefined) return ` up to ${maximum}`
  return maximum === undefined ? ` from ${minimum}` : ` from ${minimum} to ${maximum}`
}

function defaultRemedy(node: SchemaNode | undefined): string {
  return node?.default === undefined ? '' : `change it, or leave it out for ${show(node.default)}`
}

function show(value: unknown): string {
  if (value === undefined) return 'missing'
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value)
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  let found = value
  for (const part of path) {
    if (typeof found !== 'object' || found === null) return undefined
    found = Object.entries(found).find(([key]) => key === String(part))?.[1]
  }
  return found
}
