/** Hosts of the trading side. docs/venues/polymarket.md, 1.1. */
export type TradingHosts = {
  readonly clobUrl: string
  readonly userSocketUrl: string
  readonly dataUrl: string
  readonly relayerUrl: string
  /** A node of Polygon. */
  readonly rpcUrl: string
}

export const tradingHostsDefault: TradingHosts = {
  clobUrl: 'https://clob.polymarket.com',
  userSocketUrl: 'wss://ws-subscriptions-clob.polymarket.com/ws/user',
  dataUrl: 'https://data-api.polymarket.com',
  relayerUrl: 'https://relayer-v2.polymarket.com',
  rpcUrl: 'https://polygon-rpc.com',
}
