import { stringify } from 'smol-toml'
import type { SchemaNode } from './config-json-schema.ts'
import { configJsonSchema } from './config-json-schema.ts'

const widthMax = 98

/**
 * The configuration file with every key, its meaning and its default.
 *
 * All of it is commented out: as it is, it changes nothing.
 */
export function configExample(head: readonly string[] = exampleHead): string {
  return [...head, ...table([], configJsonSchema()), ''].join('\n')
}

const exampleHead: readonly string[] = [
  '#:schema ./config.schema.json',
  '#',
  '# Every key with its default. Copy it to prediction-engine.toml, take away the # of what you',
  '# change, and leave the rest: a default that gets better then reaches you too.',
]

function table(path: readonly string[], { properties = {} }: SchemaNode): readonly string[] {
  const keys = Object.entries(properties)
  const values = keys.filter(([, node]) => node.properties === undefined)
  const tables = keys.filter(([, node]) => node.properties !== undefined)
  return [
    // A table is opened even where it only holds tables: then its keys may be written at once.
    ...(path.length > 0 && values.length > 0 ? ['', `[${path.join('.')}]`] : []),
    ...values.flatMap(([key, node]) => setting(key, node)),
    ...tables.flatMap(([key, node]) => table([...path, key], node)),
  ]
}

function setting(key: string, node: SchemaNode): readonly string[] {
  const meaning = wrap(node.description ?? '').map((line) => `# ${line}`)
  const written =
    node.default === undefined ? `# ${key} =` : `# ${stringify({ [key]: node.default }).trim()}`
  return ['', ...meaning, written]
}

function wrap(text: string): readonly string[] {
  const lines: string[] = []
  for (const word of text.split(' ')) {
    const line = lines.at(-1)
    if (line === undefined || line.length + word.length + 1 > widthMax) lines.push(word)
    else lines[lines.length - 1] = `${line} ${word}`
  }
  return lines
}
