import { generateKeyPairSync, randomBytes } from 'node:crypto'

import { z } from 'zod'

import type { ExchangeUrls } from '../exchange-sim/exchange.ts'
import type { FaultName } from '../exchange-sim/fault-names.ts'
import type { CrossPair } from '../exchange-sim/truth.ts'
import type { VenueAudit } from '../exchange-sim/venue-audit.ts'
import type { KalshiCredentials } from '../venues/kalshi/index.ts'
import { loadSigningKit } from '../venues/polymarket/index.ts'
import { startSimulatedExchange } from './simulated-exchange.ts'

/** What an actor needs of the stage: where it is, and with what keys. Written down, it can be shared. */
export type Stage = {
  readonly urls: ExchangeUrls
  readonly pairs: readonly CrossPair[]
  /** Of a throw-away wallet, in hexadecimal. */
  readonly walletKey: string
  readonly wallet: string
  readonly kalshiKey: KalshiCredentials
}

export type Theatre = {
  /** A stage of its own on the same exchange: nobody shares an account. */
  openStage(name: string): Promise<Stage>
  /** Rejects when the exchange breaks down. Never resolves. */
  readonly broken: Promise<never>
  stop(): Promise<void>
}

export type StageWanted = { readonly seed: number; readonly faults: readonly FaultName[] }

const dollars = 5_000
const marketsMin = 400
/** Trades settle as on the chain, only sooner: a rehearsal is short. */
const settlement = { minedMs: 150, confirmedMs: 350 }

/** A simulated exchange with both faces, where accounts with money are opened. */
export async function openTheatre({ faults, seed }: StageWanted): Promise<Theatre> {
  const exchange = await startSimulatedExchange({
    seed,
    faults,
    markets: marketsMin,
    settlement,
    kalshi: { accounts: [] },
  })
  const { broken, pairs, urls } = exchange
  return {
    openStage: (name) => openStage({ pairs, urls }, name),
    broken,
    stop: async () => void (await exchange.stop()),
  }
}

async function openStage(
  { pairs, urls }: Pick<Stage, 'pairs' | 'urls'>,
  keyId: string,
): Promise<Stage> {
  const key = generateKeyPairSync('ed25519')
  const walletKey = randomBytes(32)
  const { signer } = await loadSigningKit(walletKey)
  const wallet = { venue: 'polymarket', owner: signer.address, kind: 'eoa', dollars }
  await post(`${urls.control}/accounts`, wallet)
  const publicKeyPem = String(key.publicKey.export({ type: 'spki', format: 'pem' }))
  await post(`${urls.control}/accounts`, { venue: 'kalshi', keyId, publicKeyPem, dollars })
  return {
    urls,
    pairs,
    walletKey: walletKey.toString('hex'),
    wallet: signer.address,
    kalshiKey: {
      keyId,
      privateKeyPem: String(key.privateKey.export({ type: 'pkcs8', format: 'pem' })),
    },
  }
}

/** What both venues know of the accounts of a stage. */
export async function auditsOf({ kalshiKey, urls, wallet }: Stage): Promise<readonly VenueAudit[]> {
  const accounts = [
    ['polymarket', wallet],
    ['kalshi', kalshiKey.keyId],
  ] as const
  return Promise.all(
    accounts.map(async ([venue, account]) => {
      const query = new URLSearchParams({ venue, account })
      const reply = await fetch(`${urls.control}/audit?${query.toString()}`)
      return auditShape.parse(await reply.json())
    }),
  )
}

/** The exchange is a part of this program: only the outline of what it says is looked at. */
const auditShape = z.custom<VenueAudit>(
  (value) => typeof value === 'object' && value !== null && 'doubledOrders' in value,
)

async function post(url: string, body: unknown): Promise<void> {
  const reply = await fetch(url, { method: 'POST', body: JSON.stringify(body) })
  if (!reply.ok) throw new Error(`the exchange opens no account: ${await reply.text()}`)
}
