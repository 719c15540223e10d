import { z } from 'zod'
import { snakeCase } from './config-keys.ts'
import { configSchema } from './config-schema.ts'

/** As much of JSON Schema as a configuration needs. */
export type SchemaNode = {
  readonly $schema?: string
  readonly title?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly default?: unknown
  readonly enum?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly pattern?: string
  readonly minLength?: number
  readonly exclusiveMinimum?: number
  readonly items?: SchemaNode
  readonly anyOf?: readonly SchemaNode[]
  readonly properties?: Readonly<Record<string, SchemaNode>>
  readonly additionalProperties?: boolean | SchemaNode
  readonly propertyNames?: SchemaNode
}

const Node: z.ZodType<SchemaNode> = z.strictObject({
  $schema: z.string().optional(),
  title: z.string().optional(),
  type: z.union([z.string(), z.array(z.string())]).optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  get items() {
    return Node.optional()
  },
  get anyOf() {
    return z.array(Node).optional()
  },
  get properties() {
    return z.record(z.string(), Node).optional()
  },
  get additionalProperties() {
    return z.union([z.boolean(), Node]).optional()
  },
  get propertyNames() {
    return Node.optional()
  },
}) as z.ZodType<SchemaNode>

/** The schema of `prediction-engine.toml`, for editors and for our own messages. */
export function configJsonSchema(): SchemaNode {
  const schema = Node.parse(z.toJSONSchema(configSchema, { io: 'input' }))
  return { ...withOwn(inFileKeys(schema)), title: 'prediction-engine.toml' }
}

/** What stands at a dotted path of the file. Undefined when the schema has no such path. */
export function schemaAt(path: readonly string[]): SchemaNode | undefined {
  let node: SchemaNode | undefined = configJsonSchema()
  for (const part of path) node = /^\d+$/.test(part) ? node?.items : node?.properties?.[part]
  return node
}

/** Every setting that is not a table, by its path. */
export function* settings(): Generator<{
  readonly path: readonly string[]
  readonly node: SchemaNode
}> {
  yield* leaves([], configJsonSchema())
}

function* leaves(
  path: readonly string[],
  node: SchemaNode,
): Generator<{ readonly path: readonly string[]; readonly node: SchemaNode }> {
  if (node.properties === undefined) yield { path, node }
  for (const [key, child] of Object.entries(node.properties ?? {}))
    yield* leaves([...path, key], child)
}

/** A table of the strategies that is not of the house is one of the user's own. */
function withOwn(schema: SchemaNode): SchemaNode {
  const { strategies } = schema.properties ?? {}
  const { own, ...house } = strategies?.properties ?? {}
  const table = own?.additionalProperties
  if (strategies === undefined || table === undefined) return schema
  const open = { ...strategies, properties: house, additionalProperties: table }
  // The sections stay in their order.
  return { ...schema, properties: { ...schema.properties, strategies: open } }
}

function inFileKeys(node: SchemaNode): SchemaNode {
  if (node.properties === undefined) return node
  const { default: _tablesHaveNone, ...rest } = node
  return {
    ...rest,
    properties: Object.fromEntries(
      Object.entries(node.properties).map(([key, child]) => [snakeCase(key), inFileKeys(child)]),
    ),
  }
}
