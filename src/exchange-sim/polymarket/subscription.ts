import { z } from 'zod'

/**
 * The first message of a connection. docs/venues/polymarket.md, 4.1.
 *
 * Every `level` is served like 2, the default: what the others leave out or add is not documented.
 */
const InitialSchema = z.object({
  type: z.literal('market'),
  assets_ids: z.array(z.string()).max(20_000),
  initial_dump: z.boolean().optional(),
  level: z.int().min(1).max(3).optional(),
  custom_feature_enabled: z.boolean().optional(),
})

/** Every later one. */
const UpdateSchema = z.object({
  operation: z.enum(['subscribe', 'unsubscribe']),
  assets_ids: z.array(z.string()).max(20_000),
  initial_dump: z.boolean().optional(),
  level: z.int().min(1).max(3).optional(),
  custom_feature_enabled: z.boolean().optional(),
})

export type SubscriptionRequest = {
  readonly kind: 'initial' | 'subscribe' | 'unsubscribe'
  readonly assets: readonly string[]
  readonly wantsDump: boolean
  /** Undefined leaves the connection's flag as it is. */
  readonly wantsCustom: boolean | undefined
}

/** What a client's text asks for. Undefined when it is nothing the venue understands. */
export function parseSubscription(text: string): SubscriptionRequest | undefined {
  const parsed = parseJson(text)
  const update = UpdateSchema.safeParse(parsed)
  if (update.success) return requestOf(update.data.operation, update.data)
  const initial = InitialSchema.safeParse(parsed)
  return initial.success ? requestOf('initial', initial.data) : undefined
}

function requestOf(
  kind: SubscriptionRequest['kind'],
  data: z.infer<typeof InitialSchema> | z.infer<typeof UpdateSchema>,
): SubscriptionRequest {
  return {
    kind,
    assets: data.assets_ids,
    wantsDump: data.initial_dump ?? true,
    wantsCustom: data.custom_feature_enabled,
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
