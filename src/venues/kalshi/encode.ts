import type { MarketId } from '../../core/market.ts'

/** A command of the socket, as text. docs/venues/kalshi.md, 5.2. */
export type Command = string

export type Channel = 'orderbook_delta' | 'trade' | 'ticker' | 'market_lifecycle_v2'

/**
 * Opens the subscription of a channel, or adds to the one that is open.
 *
 * In which price the NO side comes is always said: the venue means to change what it does when it
 * is not. docs/venues/kalshi.md, 5.4.
 */
export function subscribe(id: number, channel: Channel, tickers: readonly MarketId[]): Command {
  const markets = channel === 'market_lifecycle_v2' ? {} : { market_tickers: tickers }
  const price = channel === 'orderbook_delta' ? { use_yes_price: true } : {}
  return command(id, 'subscribe', { channels: [channel], ...markets, ...price })
}

/** Changes the markets of a subscription, or asks for their books anew without changing it. */
export function updateSubscription(
  id: number,
  action: 'add_markets' | 'delete_markets' | 'get_snapshot',
  sid: number,
  tickers: readonly MarketId[],
): Command {
  return command(id, 'update_subscription', { sids: [sid], market_tickers: tickers, action })
}

export function listSubscriptions(id: number): Command {
  return JSON.stringify({ id, cmd: 'list_subscriptions' })
}

function command(id: number, cmd: string, params: object): Command {
  return JSON.stringify({ id, cmd, params })
}
