import type { Market, MarketId } from '../../core/market.ts'
import { Random } from '../../core/random.ts'
import type { Clock, Timers } from '../../ports/clock.ts'
import type { Log } from '../../ports/log.ts'
import type { Settlement } from '../../ports/settlement.ts'
import type { VenueGateway } from '../../ports/venue-gateway.ts'
import { AccountReads, deriveCredentials } from './account-reads.ts'
import type { ApiCredentials } from './auth.ts'
import { apiCredentials } from './auth.ts'
import type { CallCarrier } from './call-carrier.ts'
import { TransactionCarrier } from './call-carrier.ts'
import type { MissingAllowance } from './chain-client.ts'
import { ChainClient } from './chain-client.ts'
import type { SigningKit } from './fast-signer.ts'
import { PolymarketOrderGateway } from './order-gateway.ts'
import type { Address, SignatureType } from './order-hash.ts'
import { OrderLine } from './order-line.ts'
import { OrderWriter } from './order-writer.ts'
import { OperationPlanner } from './plan-operation.ts'
import type { RelayedWallet } from './relayer.ts'
import { RelayerCarrier } from './relayer.ts'
import { PolymarketSettlement } from './settlement.ts'
import { TradingClient } from './trading-client.ts'
import type { TradingHosts } from './trading-hosts.ts'

/** An API key in clear, as the venue gives it and a keystore keeps it. */
export type ApiKeyText = {
  readonly key: string
  readonly secret: string
  readonly passphrase: string
}

export type TradingOptions = {
  readonly hosts: TradingHosts
  /** What signs: `loadSigningKit` of the private key. */
  readonly kit: SigningKit
  readonly apiKey: ApiKeyText
  /** How the funds are held: 0 plain account, 1 proxy, 2 Safe, 3 deposit wallet. 7.3. */
  readonly signatureType: SignatureType
  /** Who holds the funds; the signer's own address for a plain account. */
  readonly funder: Address
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Log
  /** The market as it is listed now: its grid, its fee, its resolution. */
  readonly marketOf: (id: MarketId) => Market | undefined
  /** A builder's key, which the relayer asks of real wallets. 6.3. */
  readonly relayerKey?: ApiKeyText
  /** Blocks until a transaction of a plain account counts as final. */
  readonly confirmations?: number
  readonly timeoutMs?: number
  /**
   * Signs an order for nobody this often, so that a real one after a quiet while takes half as
   * long: one millisecond costs a tenth of a core. Left out, it is done at the start only.
   */
  readonly keepWarmMs?: number
}

export type PolymarketTrading = {
  readonly gateway: VenueGateway
  readonly settlement: Settlement
  /** Approvals that trading or settling needs and the wallet has not given. */
  missingAllowances(): Promise<readonly MissingAllowance[]>
  /** Ends the connections, after both have been stopped. */
  close(): Promise<void>
}

export type KeyRequest = {
  readonly clobUrl: string
  readonly kit: SigningKit
  readonly clock: Clock
}

const chainId = 137
const timeoutMsDefault = 5_000
/** Three blocks of two seconds: deeper than the chain has been undone since its last upgrade. */
const confirmationsDefault = 3
/** As many baskets as leave within one round trip; a batch needs one. */
const lineConnections = 4
const walletKinds = [undefined, 'proxy', 'safe', 'deposit'] as const

/** The trading side of Polymarket. Nothing is connected until `start` of its parts. */
export function createTrading(options: TradingOptions): PolymarketTrading {
  const { hosts, kit, signatureType, funder, clock, timers, log, marketOf } = options
  const timeoutMs = options.timeoutMs ?? timeoutMsDefault
  const credentials = credentialsOf(options.apiKey)
  const line = new OrderLine({
    url: hosts.clobUrl,
    timeoutMs,
    connections: lineConnections,
    after: (delayMs, run) => timers.after(delayMs, run),
  })
  const clob = new TradingClient({ url: hosts.clobUrl, timeoutMs, line })
  const data = new TradingClient({ url: hosts.dataUrl, timeoutMs })
  const relayer = new TradingClient({ url: hosts.relayerUrl, timeoutMs })
  const { signer } = kit
  const chain = new ChainClient({ rpcUrl: hosts.rpcUrl, timeoutMs, chainId, signer, funder })
  const reads = new AccountReads(clob, {
    address: signer.address,
    credentials,
    signatureType,
    nowSeconds: () => Math.floor(clock.epochMs() / 1000),
  })
  const owner = credentials.key
  const writer = new OrderWriter({ kit, owner, signatureType, funder, chainId, marketOf })
  const gateway = new PolymarketOrderGateway({
    line,
    reads,
    chain,
    data,
    funder,
    owner,
    marketOf,
    writer,
    credentials,
    userSocketUrl: hosts.userSocketUrl,
    keepWarmMs: options.keepWarmMs,
    clock,
    timers,
    log,
    random: new Random(clock.epochMs()),
  })
  const planner = new OperationPlanner({ chain, clob, marketOf })
  const settlement = new PolymarketSettlement({
    carrier: carrierOf(options, chain, relayer),
    plan: (what) => planner.plan(what),
    // Without it the venue would refuse to sell what was just split.
    refresh: (token) => reads.refreshBalance(token),
    clock,
    timers,
    log,
  })
  return {
    gateway,
    settlement,
    missingAllowances: () => chain.missingAllowances(),
    close: async () => {
      await Promise.all([clob.close(), data.close(), relayer.close()])
    },
  }
}

function carrierOf(
  options: TradingOptions,
  chain: ChainClient,
  client: TradingClient,
): CallCarrier {
  const kind: RelayedWallet['kind'] | undefined = walletKinds[options.signatureType]
  const { clock, kit, funder, relayerKey } = options
  if (kind === undefined) {
    return new TransactionCarrier(chain, options.confirmations ?? confirmationsDefault)
  }
  return new RelayerCarrier({
    client,
    clock,
    chainId,
    signer: kit.signer,
    wallet: { kind, address: funder },
    builderKey: relayerKey === undefined ? undefined : credentialsOf(relayerKey),
  })
}

/** Creates an API key for the signer, or derives the one it has. docs/venues/polymarket.md, 6.1. */
export async function deriveKey({ clobUrl, kit, clock }: KeyRequest): Promise<ApiKeyText> {
  const client = new TradingClient({ url: clobUrl, timeoutMs: timeoutMsDefault })
  try {
    const seconds = Math.floor(clock.epochMs() / 1000)
    return await deriveCredentials(client, kit.signer, chainId, seconds)
  } finally {
    await client.close()
  }
}

function credentialsOf({ key, secret, passphrase }: ApiKeyText): ApiCredentials {
  return apiCredentials(key, secret, passphrase)
}
