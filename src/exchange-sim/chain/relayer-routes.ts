import { z } from 'zod'
import type { ApiReply, Route } from '../http-host.ts'
import { found, refused } from '../http-host.ts'
import type { Chain, ChainTransaction } from './chain.ts'
import type { ContractCall } from './contract-calls.ts'
import { sameCase } from './contracts.ts'
import { batchSigner, proxySigner, safeSigner, unpackCalls } from './wallet-calls.ts'
import type { Wallet, Wallets } from './wallets.ts'

const hexText = z.custom<`0x${string}`>(
  (value) => typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value),
)
const whole = z.union([z.string(), z.number()]).transform((value, context) => {
  const text = String(value)
  if (/^\d{1,78}$/.test(text)) return BigInt(text)
  context.addIssue(`a whole number: ${text}`)
  return z.NEVER
})

const WalletSchema = z.object({
  type: z.literal('WALLET'),
  from: hexText,
  nonce: whole,
  signature: hexText,
  depositWalletParams: z.object({
    depositWallet: hexText,
    deadline: whole,
    calls: z.array(z.object({ target: hexText, value: whole, data: hexText })).min(1),
  }),
})

const LegacySchema = z.object({
  type: z.enum(['SAFE', 'PROXY']),
  from: hexText,
  to: hexText,
  proxyWallet: hexText,
  data: hexText,
  nonce: whole,
  signature: hexText,
  signatureParams: z
    .object({
      operation: z.union([z.string(), z.number()]).optional(),
      gasPrice: whole.optional(),
      gasLimit: whole.optional(),
      relayerFee: whole.optional(),
      relayHub: hexText.optional(),
      relay: hexText.optional(),
    })
    .default({}),
})

/** The hub and the relay that calls of proxies go through, as the relayer names them. */
const relayHub = '0xd216153c06e857cd7f72665e0af1d7d82172f494'
const relay = '0x7db63fe6d62eb73fb01f8009416f4c2bb4fbda6a'
/** Calls a minute, per signer. docs/venues/polymarket.md, 1.2. */
const submitsPerMinute = 25

/** The relayer: transactions of wallets that are contracts. docs/venues/polymarket.md, 10.5. */
export function relayerRoutes(chain: Chain, wallets: Wallets, now: () => number): readonly Route[] {
  const submitted: number[] = []
  const get = (path: string, answer: Route['answer']): Route => ({ method: 'GET', path, answer })
  const nonce = (address: string, type: string | null): ApiReply =>
    found({ address, nonce: String(chain.nonceOf(address, type ?? 'WALLET')) })
  return [
    get('/v1/account/transactions/params', ({ query }) =>
      nonce(query.get('address') ?? '', query.get('type')),
    ),
    get('/nonce', ({ query }) => nonce(query.get('address') ?? '', query.get('type'))),
    get('/relay-payload', ({ query }) =>
      found({
        address: relay,
        nonce: String(chain.nonceOf(query.get('address') ?? '', query.get('type') ?? 'PROXY')),
      }),
    ),
    get('/deployed', ({ query }) => {
      const wallet = wallets.at(query.get('address') ?? '')
      return found({ deployed: wallet !== undefined && wallet.kind !== 'eoa' })
    }),
    get('/v1/account/transactions/:id', ({ params }) => {
      const transaction = chain.byId(params['id'] ?? '')
      return transaction === undefined ? refused(404, 'not found') : found(shortRow(transaction))
    }),
    get('/transaction', ({ query }) => {
      const transaction = chain.byId(query.get('id') ?? '')
      return found(transaction === undefined ? [] : [longRow(transaction)])
    }),
    {
      method: 'POST',
      path: '/submit',
      answer: async ({ body }) => {
        const at = now()
        while ((submitted[0] ?? at) < at - 60_000) submitted.shift()
        if (submitted.length >= submitsPerMinute) return refused(429, 'Too Many Requests')
        submitted.push(at)
        return submit(chain, wallets, parseJson(body), at)
      },
    },
  ]
}

async function submit(
  chain: Chain,
  wallets: Wallets,
  value: unknown,
  now: number,
): Promise<ApiReply> {
  const parsed = WalletSchema.safeParse(value)
  if (parsed.success) return submitBatch(chain, wallets, parsed.data, now)
  const legacy = LegacySchema.safeParse(value)
  return legacy.success
    ? submitLegacy(chain, wallets, legacy.data)
    : refused(400, 'invalid request payload')
}

async function submitBatch(
  chain: Chain,
  wallets: Wallets,
  request: z.infer<typeof WalletSchema>,
  now: number,
): Promise<ApiReply> {
  const { from, nonce, signature, depositWalletParams } = request
  const { depositWallet, deadline, calls } = depositWalletParams
  const wallet = wallets.at(depositWallet)
  if (deadline * 1000n < BigInt(now)) return refused(400, 'deadline expired')
  const batch = { wallet: depositWallet, nonce, deadline, calls }
  const signer = await batchSigner(batch, signature)
  const inner = calls.map(({ target, data }) => ({ to: target, data }))
  return send(chain, { wallet, kind: 'deposit', signer, from, nonce, type: 'WALLET', calls: inner })
}

async function submitLegacy(
  chain: Chain,
  wallets: Wallets,
  request: z.infer<typeof LegacySchema>,
): Promise<ApiReply> {
  const { type, from, to, proxyWallet, data, nonce, signature, signatureParams } = request
  const wallet = wallets.at(proxyWallet)
  const calls = unpackCalls(data) ?? [{ to, data }]
  if (type === 'SAFE') {
    const operation = Number(signatureParams.operation ?? 0)
    const signer = await safeSigner({ safe: proxyWallet, to, data, operation, nonce }, signature)
    return send(chain, { wallet, kind: 'safe', signer, from, nonce, type, calls })
  }
  const signer = await proxySigner(
    {
      from,
      to,
      data,
      nonce,
      relayerFee: signatureParams.relayerFee ?? 0n,
      gasPrice: signatureParams.gasPrice ?? 0n,
      gasLimit: signatureParams.gasLimit ?? 0n,
      relayHub: signatureParams.relayHub ?? relayHub,
      relay: signatureParams.relay ?? relay,
    },
    signature,
  )
  return send(chain, { wallet, kind: 'proxy', signer, from, nonce, type, calls })
}

type Checked = {
  readonly wallet: Wallet | undefined
  readonly kind: Wallet['kind']
  readonly signer: string
  readonly from: string
  readonly nonce: bigint
  readonly type: string
  readonly calls: readonly ContractCall[]
}

function send(chain: Chain, checked: Checked): ApiReply {
  const { wallet, kind, signer, from, nonce, type, calls } = checked
  if (wallet?.kind !== kind) return refused(400, 'wallet is not deployed')
  if (signer !== wallet.owner || sameCase(from) !== wallet.owner) {
    return refused(400, 'invalid signature')
  }
  const wanted = chain.nonceOf(from, type)
  if (nonce !== BigInt(wanted)) return refused(400, `invalid nonce: expected ${wanted}`)
  const transaction = chain.send(
    {
      from: wallet.owner,
      wallet: wallet.address,
      to: calls[0]?.to ?? '',
      nonce: wanted,
      kind: type,
      calls,
    },
    type,
  )
  return found({ transactionID: transaction.id, state: transaction.state })
}

function shortRow({ id, hash, state, revert }: ChainTransaction): unknown {
  const isSent = state !== 'STATE_NEW'
  return {
    transaction_id: id,
    transaction_hash: isSent ? hash : '',
    state,
    error_msg: revert ?? '',
  }
}

function longRow(transaction: ChainTransaction): unknown {
  const { id, hash, from, to, wallet, nonce, state, kind, createdAt, updatedAt } = transaction
  return {
    transactionID: id,
    transactionHash: state === 'STATE_NEW' ? '' : hash,
    from,
    to,
    proxyAddress: wallet,
    data: '0x',
    nonce: String(nonce),
    value: '0',
    state,
    type: kind,
    metadata: '',
    createdAt: new Date(createdAt).toISOString(),
    updatedAt: new Date(updatedAt).toISOString(),
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
