import { z } from 'zod'

export const channels = [
  'orderbook_delta',
  'trade',
  'ticker',
  'market_lifecycle_v2',
  'fill',
  'user_orders',
  'market_positions',
  'order_group_updates',
] as const
export type Channel = (typeof channels)[number]

/** A command of a client. docs/venues/kalshi.md, 5.2. */
export type SocketRequest = {
  readonly id: number
  readonly cmd: string
  readonly params: {
    readonly channels?: readonly string[] | undefined
    readonly market_ticker?: string | undefined
    readonly market_tickers?: readonly string[] | undefined
    readonly sid?: number | undefined
    readonly sids?: readonly number[] | undefined
    readonly action?: string | undefined
    readonly use_yes_price?: boolean | undefined
    readonly skip_ticker_ack?: boolean | undefined
  }
}

const texts = z.array(z.string()).max(500_000)
const SocketRequestSchema: z.ZodType<SocketRequest> = z.object({
  id: z.int(),
  cmd: z.string(),
  params: z
    .object({
      channels: texts.optional(),
      market_ticker: z.string().optional(),
      market_tickers: texts.optional(),
      sid: z.int().optional(),
      sids: z.array(z.int()).optional(),
      action: z.string().optional(),
      use_yes_price: z.boolean().optional(),
      skip_ticker_ack: z.boolean().optional(),
    })
    .prefault({}),
})

/** Undefined when the text is nothing that the venue understands. */
export function parseRequest(text: string): SocketRequest | undefined {
  try {
    return SocketRequestSchema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

export function isChannel(name: string): name is Channel {
  return (channels as readonly string[]).includes(name)
}

export function tickersOf({ params }: SocketRequest): readonly string[] {
  const { market_ticker: one, market_tickers: many } = params
  return [...new Set([...(one === undefined ? [] : [one]), ...(many ?? [])])]
}

/** docs/venues/kalshi.md, 5.8. */
export const errors = {
  unreadable: { code: 1, msg: 'Unable to process message' },
  channelsRequired: { code: 3, msg: 'Channels required' },
  sidsRequired: { code: 4, msg: 'Subscription IDs required' },
  unknownCommand: { code: 5, msg: 'Unknown command' },
  unknownSid: { code: 7, msg: 'Unknown subscription ID' },
  unknownChannel: { code: 8, msg: 'Unknown channel name' },
  invalidParameter: { code: 11, msg: 'Invalid parameter' },
  oneSidRequired: { code: 12, msg: 'Exactly one sid required' },
  unknownAction: { code: 13, msg: 'Unsupported action' },
  tickerRequired: { code: 14, msg: 'Market ticker required' },
  overflow: { code: 25, msg: 'Subscription buffer overflow' },
} as const
export type SocketError = (typeof errors)[keyof typeof errors]
