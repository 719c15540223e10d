import fc from 'fast-check'
import { z } from 'zod'

/** A contract as far as it takes to ask by it and to check the answers. */
export type Contract = {
  readonly openapi: string
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: Readonly<Record<string, unknown>> }
}

type Parameter = {
  readonly name: string
  readonly in: 'path' | 'query'
  readonly schema: Readonly<Record<string, unknown>>
}

type Content = Readonly<Record<string, { readonly schema: unknown }>>

type Operation = {
  readonly parameters: readonly Parameter[]
  readonly requestBody?: { readonly content: Content } | undefined
  readonly responses: Readonly<Record<string, { readonly content?: Content | undefined }>>
}

const content: z.ZodType<Content> = z.record(z.string(), z.object({ schema: z.unknown() }))
const operation: z.ZodType<Operation> = z.object({
  parameters: z
    .array(
      z.object({
        name: z.string(),
        in: z.enum(['path', 'query']),
        schema: z.record(z.string(), z.unknown()),
      }),
    )
    .default([]),
  requestBody: z.object({ content }).optional(),
  responses: z.record(z.string(), z.object({ content: content.optional() })),
})
const contract: z.ZodType<Contract> = z.object({
  openapi: z.string(),
  paths: z.record(z.string(), z.record(z.string(), operation)),
  components: z.object({ schemas: z.record(z.string(), z.unknown()) }),
})

export function readContract(document: unknown): Contract {
  return contract.parse(document)
}

export type Operated = {
  readonly method: string
  readonly path: string
  readonly operation: Operation
}

export function operationsOf({ paths }: Contract): readonly Operated[] {
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
}

export type Request = { readonly url: string; readonly method: string; readonly body?: string }

/** What a client could send by the contract, and what one could that has not read it. */
export function requestsOf({ method, path, operation }: Operated): fc.Arbitrary<Request> {
  const values = fc.tuple(...operation.parameters.map(({ schema }) => valueOf(schema)))
  const bodies = bodyOf(operation)
  return fc.tuple(values, bodies).map(([given, body]) => {
    let url = path
    const query = new URLSearchParams()
    for (const [index, parameter] of operation.parameters.entries()) {
      const value = given[index] ?? ''
      if (parameter.in === 'path') {
        url = url.replace(`{${parameter.name}}`, encodeURIComponent(value === '' ? 'x' : value))
      } else if (value !== '') query.set(parameter.name, value)
    }
    const address = query.size === 0 ? url : `${url}?${query.toString()}`
    return { url: address, method: method.toUpperCase(), ...(body === undefined ? {} : { body }) }
  })
}

function valueOf(schema: Readonly<Record<string, unknown>>): fc.Arbitrary<string> {
  const { enum: words } = schema
  const wild = fc.oneof(fc.string({ maxLength: 30 }), fc.string({ unit: 'binary', maxLength: 12 }))
  const known = Array.isArray(words) ? fc.constantFrom(...words.map(String)) : wild
  const numbers = fc.oneof(
    fc.integer({ min: -5, max: 2_000 }).map(String),
    fc.double({ noDefaultInfinity: true }).map(String),
  )
  return fc.oneof({ weight: 3, arbitrary: known }, { weight: 2, arbitrary: numbers }, wild)
}

function bodyOf({ requestBody }: Operation): fc.Arbitrary<string | undefined> {
  if (requestBody === undefined) return fc.constant(undefined)
  const wild = fc.oneof(fc.json(), fc.string({ maxLength: 40 }), fc.constant('{}'))
  const likely = fc.constantFrom(
    '{"enabled":true}',
    '{"parameters":{"edgeMin":"0.02"}}',
    '{"limits":{"openBasketsMax":"7"}}',
    '{"limits":{"openBasketsMax":"-7"}}',
    '{"limits":{"nothing":"1"}}',
    '{"confirm":"kill"}',
    '{"by":"a person","allow":[],"note":""}',
    '{"by":"a person","because":""}',
    '{"token":"guess"}',
  )
  return fc.oneof(likely, wild)
}

/** What is wrong with an answer by the contract; undefined when nothing is. */
export function faultOf(
  contract: Contract,
  { operation }: Operated,
  status: number,
  body: unknown,
): string | undefined {
  const documented = operation.responses[String(status)]
  if (documented === undefined) return `${status} is not documented`
  if (status >= 500 && status !== 503) return `${status} is a bug`
  const schema = documented.content?.['application/json']?.schema
  if (schema === undefined) return undefined
  const checked = schemaOf(contract, schema).safeParse(body)
  return checked.success ? undefined : checked.error.message
}

const known = new WeakMap<object, z.ZodType>()

/** A schema of the contract, with everything it points to. */
function schemaOf({ components }: Contract, schema: unknown): z.ZodType {
  const key = schema as object
  const made = known.get(key)
  if (made !== undefined) return made
  const text = JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')
  const defs = JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/')
  const whole = z.record(z.string(), z.json()).parse({
    ...z.record(z.string(), z.json()).parse(JSON.parse(text)),
    $defs: z.json().parse(JSON.parse(defs)),
  })
  const checker = z.fromJSONSchema(whole)
  known.set(key, checker)
  return checker
}
