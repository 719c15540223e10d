import { z } from 'zod'
import { walletKinds } from './chain/wallets.ts'
import type { ApiReply, Route } from './http-host.ts'
import { found, refused } from './http-host.ts'
import type { KalshiControl } from './kalshi/kalshi-face.ts'
import type { FloorControl } from './polymarket/trading-floor.ts'
import type { Truth } from './truth.ts'

export type ControlParts = {
  readonly polymarket: FloorControl
  readonly kalshi: KalshiControl | undefined
  readonly truth: () => Truth
}

const WalletSchema = z.object({
  venue: z.literal('polymarket'),
  owner: z.string().regex(/^0x[0-9a-fA-F]{40}$/),
  kind: z.enum(walletKinds),
  wallet: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/)
    .optional(),
  dollars: z.number().int().nonnegative(),
  approvals: z.enum(['all', 'none']).optional(),
})

const KeySchema = z.object({
  venue: z.literal('kalshi'),
  keyId: z.string(),
  publicKeyPem: z.string(),
  tier: z.enum(['basic', 'advanced', 'expert', 'premier']).optional(),
  dollars: z.number().int().nonnegative(),
})

const ActionSchema = z.discriminatedUnion('action', [
  z.object({ action: z.literal('fail-trades'), count: z.number().int() }),
  z.object({ action: z.literal('fail-transactions'), count: z.number().int() }),
  z.object({
    action: z.literal('restart'),
    downMs: z.number().int(),
    postOnlyMs: z.number().int().optional(),
  }),
  z.object({ action: z.literal('mode'), mode: z.enum(['open', 'cancel-only', 'disabled']) }),
  z.object({ action: z.literal('cut-user-sockets') }),
])

/**
 * The exchange's own door, which no venue has: accounts with money, what the venue knows of them,
 * and mishaps on demand. For rehearsals whose exchange lives in another process.
 */
export function controlRoutes(parts: ControlParts): readonly Route[] {
  const { polymarket } = parts
  return [
    {
      method: 'POST',
      path: '/accounts',
      answer: ({ body }) => openAccount(parts, parseJson(body)),
    },
    {
      method: 'GET',
      path: '/audit',
      answer: ({ query }) => {
        const venue = query.get('venue') === 'kalshi' ? parts.kalshi : polymarket
        const account = query.get('account') ?? ''
        return venue === undefined ? refused(404, 'no such venue') : found(venue.audit(account))
      },
    },
    { method: 'GET', path: '/audit/chain', answer: () => found(polymarket.auditChain()) },
    { method: 'GET', path: '/truth', answer: () => found(parts.truth()) },
    {
      method: 'POST',
      path: '/actions',
      answer: ({ body }) => {
        const parsed = ActionSchema.safeParse(parseJson(body))
        if (!parsed.success) return refused(400, 'no such action')
        act(polymarket, parsed.data)
        return found({ done: parsed.data.action })
      },
    },
  ]
}

function openAccount({ polymarket, kalshi }: ControlParts, value: unknown): ApiReply {
  const { data: key } = KeySchema.safeParse(value)
  if (key !== undefined) {
    if (kalshi === undefined) return refused(404, 'no such venue')
    const { keyId, publicKeyPem, tier, dollars } = key
    kalshi.openAccount({ keyId, publicKeyPem, dollars, ...(tier === undefined ? {} : { tier }) })
    return found({ keyId })
  }
  const parsed = WalletSchema.safeParse(value)
  if (!parsed.success) return refused(400, 'no such account')
  const { owner, kind, wallet, dollars, approvals } = parsed.data
  return found(
    polymarket.openAccount({
      owner,
      kind,
      dollars,
      ...(wallet === undefined ? {} : { wallet }),
      ...(approvals === undefined ? {} : { approvals }),
    }),
  )
}

function act(polymarket: FloorControl, action: z.infer<typeof ActionSchema>): void {
  switch (action.action) {
    case 'fail-trades':
      return polymarket.failNextTrades(action.count)
    case 'fail-transactions':
      return polymarket.failNextTransactions(action.count)
    case 'restart':
      return polymarket.restart(action.downMs, action.postOnlyMs)
    case 'mode':
      return polymarket.setMode(action.mode)
    case 'cut-user-sockets':
      return polymarket.cutUserSockets()
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
