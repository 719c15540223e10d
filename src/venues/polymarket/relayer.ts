import { concat, encodeFunctionData, hashTypedData, keccak256, parseAbi } from 'viem'
import { hashMessage, stringToHex, toBytes, toHex, zeroAddress } from 'viem'
import { z } from 'zod'

import type { Clock } from '../../ports/clock.ts'
import { VenueError } from '../venue-error.ts'
import type { ApiCredentials, AuthHeaders } from './auth.ts'
import { builderHeaders } from './auth.ts'
import type { CallCarrier, CallState, PreparedCall, SendResult } from './call-carrier.ts'
import type { ContractCall } from './contract-calls.ts'
import type { Address } from './order-hash.ts'
import type { TradingCall, TradingClient } from './trading-client.ts'
import { expectOk } from './trading-client.ts'
import type { DigestSigner } from './wallet.ts'

export type RelayerParts = {
  readonly client: TradingClient
  readonly clock: Clock
  readonly chainId: number
  readonly signer: DigestSigner
  readonly wallet: RelayedWallet
  /** The relayer asks real accounts for a builder's key. docs/venues/polymarket.md, 6.3. */
  readonly builderKey: ApiCredentials | undefined
}

/** A wallet that is a contract, and by its kind how it says yes. */
export type RelayedWallet = {
  readonly kind: 'proxy' | 'safe' | 'deposit'
  readonly address: Address
}

type RelayType = 'PROXY' | 'SAFE' | 'WALLET'

const relayTypes = {
  proxy: 'PROXY',
  safe: 'SAFE',
  deposit: 'WALLET',
} as const satisfies Record<RelayedWallet['kind'], RelayType>

/** Contracts that calls of wallets go through. docs/venues/polymarket.md, 10.5. */
const depositFactory = '0x00000000000Fb5C9ADea0298D729A0CB3823Cc07'
const proxyFactory = '0xaB45c5A4B0c941a2F231C04C3f49182e1A254052'
const relayHub = '0xD216153c06E857cD7f72665E0aF1d7D82172F494'
const proxyGas = 10_000_000n
/** A batch that has not been sent by then can be sent no more. */
const deadlineSeconds = 600

const nonceShape = z.object({
  nonce: z.union([z.string(), z.number()]).transform(BigInt),
  address: z.custom<Address>((value) => typeof value === 'string' && value.startsWith('0x')),
})
const takenShape = z.object({ transactionID: z.string() })
const stateShape = z.object({ state: z.string(), error_msg: z.string().nullish() })
const refusedShape = z.object({ error: z.string() })

/** Calls of a wallet through the gasless relayer. docs/venues/polymarket.md, 10.5. */
export class RelayerCarrier implements CallCarrier {
  readonly #parts: RelayerParts

  constructor(parts: RelayerParts) {
    this.#parts = parts
  }

  async prepare(call: ContractCall): Promise<PreparedCall> {
    const { kind } = this.#parts.wallet
    const { nonce, relay } = await this.#next()
    const body = JSON.stringify(
      kind === 'deposit'
        ? this.#batch(call, nonce)
        : kind === 'safe'
          ? this.#safeCall(call, nonce)
          : this.#proxyCall(call, nonce, relay),
    )
    let id: string | undefined
    return {
      send: async () => {
        const result = await this.#submit(body)
        if (result.kind === 'taken') id = result.reference
        return result
      },
      state: () => (id === undefined ? this.#stateByNumber(nonce) : this.#stateOf(id)),
    }
  }

  async #submit(body: string): Promise<SendResult> {
    const call = { method: 'POST', path: '/submit', body } as const
    const answer = await this.#send(call)
    const taken = takenShape.safeParse(answer.body)
    if (answer.status === 200 && taken.success) {
      return { kind: 'taken', reference: taken.data.transactionID }
    }
    const refused = refusedShape.safeParse(answer.body)
    if (answer.status < 500 && answer.status !== 429 && refused.success) {
      return { kind: 'refused', reason: refused.data.error }
    }
    expectOk(call, answer)
    throw new VenueError({
      venue: 'polymarket',
      call: 'POST /submit',
      code: 'MALFORMED',
      landed: 'unknown',
    })
  }

  async #stateOf(id: string): Promise<CallState> {
    const call = { method: 'GET', path: `/v1/account/transactions/${id}`, body: '' } as const
    const { state, error_msg: words } = stateShape.parse(expectOk(call, await this.#send(call)))
    if (state === 'STATE_CONFIRMED') return { kind: 'final', gasGwei: 0 }
    if (state === 'STATE_FAILED' || state === 'STATE_INVALID') {
      return { kind: 'reverted', reason: words || state.toLowerCase() }
    }
    return { kind: 'pending' }
  }

  /** The answer was lost, and with it the name: the number tells whether it was used. */
  async #stateByNumber(nonce: bigint): Promise<CallState> {
    const { nonce: next } = await this.#next()
    return { kind: next > nonce ? 'superseded' : 'unseen' }
  }

  /** The number that the wallet's next call carries, and the relay that would carry it. */
  async #next(): Promise<{ readonly nonce: bigint; readonly relay: Address }> {
    const { signer, wallet } = this.#parts
    const type = relayTypes[wallet.kind]
    const paths = {
      PROXY: '/relay-payload',
      SAFE: '/nonce',
      WALLET: '/v1/account/transactions/params',
    } as const
    const query = { address: signer.address, type }
    const call = { method: 'GET', path: paths[type], query, body: '' } as const
    const { nonce, address: relay } = nonceShape.parse(expectOk(call, await this.#send(call)))
    return { nonce, relay }
  }

  #batch({ to, data }: ContractCall, nonce: bigint): unknown {
    const { clock, signer, wallet } = this.#parts
    const deadline = BigInt(Math.floor(clock.epochMs() / 1000) + deadlineSeconds)
    const digest = hashTypedData({
      domain: this.#domain({ name: 'DepositWallet', version: '1' }),
      types: batchTypes,
      primaryType: 'Batch',
      message: {
        wallet: wallet.address,
        nonce,
        deadline,
        calls: [{ target: to, value: 0n, data }],
      },
    })
    return {
      type: 'WALLET',
      from: signer.address,
      to: depositFactory,
      nonce: String(nonce),
      signature: this.#sign(digest),
      metadata: '',
      depositWalletParams: {
        depositWallet: wallet.address,
        deadline: String(deadline),
        calls: [{ target: to, value: '0', data }],
      },
    }
  }

  #safeCall({ to, data }: ContractCall, nonce: bigint): unknown {
    const hash = hashTypedData({
      domain: this.#domain({}),
      types: safeTypes,
      primaryType: 'SafeTx',
      message: {
        to,
        value: 0n,
        data,
        operation: 0,
        safeTxGas: 0n,
        baseGas: 0n,
        gasPrice: 0n,
        gasToken: zeroAddress,
        refundReceiver: zeroAddress,
        nonce,
      },
    })
    // A Safe takes a signed message by a v that is four higher.
    const signature = toBytes(this.#sign(hashMessage({ raw: hash })))
    signature[64] = (signature[64] ?? 0) + 4
    const signatureParams = {
      gasPrice: '0',
      operation: '0',
      safeTxnGas: '0',
      baseGas: '0',
      gasToken: zeroAddress,
      refundReceiver: zeroAddress,
    }
    return this.#legacy({ to, data, nonce, signature: toHex(signature), signatureParams })
  }

  #proxyCall({ to, data }: ContractCall, nonce: bigint, relay: Address): unknown {
    const calls = [{ typeCode: 1, to, value: 0n, data }]
    const packed = encodeFunctionData({ abi: proxyAbi, functionName: 'proxy', args: [calls] })
    const word = (value: bigint): `0x${string}` => toHex(value, { size: 32 })
    const { address: from } = this.#parts.signer
    const hash = keccak256(
      concat([
        stringToHex('rlx:'),
        from,
        proxyFactory,
        packed,
        word(0n),
        word(0n),
        word(proxyGas),
        word(nonce),
        relayHub,
        relay,
      ]),
    )
    const signature = this.#sign(hashMessage({ raw: hash }))
    const signatureParams = {
      gasPrice: '0',
      gasLimit: String(proxyGas),
      relayerFee: '0',
      relayHub,
      relay,
    }
    return this.#legacy({ to: proxyFactory, data: packed, nonce, signature, signatureParams })
  }

  #legacy({ nonce, ...rest }: LegacyCall): unknown {
    const { signer, wallet } = this.#parts
    return {
      type: relayTypes[wallet.kind],
      from: signer.address,
      proxyWallet: wallet.address,
      nonce: String(nonce),
      metadata: '',
      ...rest,
    }
  }

  #domain(named: { readonly name?: string; readonly version?: string }): WalletDomain {
    const { chainId, wallet } = this.#parts
    return { ...named, chainId, verifyingContract: wallet.address }
  }

  #sign(digest: `0x${string}`): `0x${string}` {
    return toHex(this.#parts.signer.sign(toBytes(digest)))
  }

  #send(call: TradingCall): ReturnType<TradingClient['send']> {
    const { client, clock, builderKey } = this.#parts
    const seconds = Math.floor(clock.epochMs() / 1000)
    const headers: AuthHeaders =
      builderKey === undefined ? {} : builderHeaders(builderKey, call, seconds)
    return client.send(call, headers)
  }
}

type LegacyCall = ContractCall & {
  readonly nonce: bigint
  readonly signature: `0x${string}`
  readonly signatureParams: Readonly<Record<string, string>>
}

type WalletDomain = {
  readonly name?: string
  readonly version?: string
  readonly chainId: number
  readonly verifyingContract: Address
}

const batchTypes = {
  Batch: [
    { name: 'wallet', type: 'address' },
    { name: 'nonce', type: 'uint256' },
    { name: 'deadline', type: 'uint256' },
    { name: 'calls', type: 'Call[]' },
  ],
  Call: [
    { name: 'target', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'data', type: 'bytes' },
  ],
} as const

const safeTypes = {
  SafeTx: [
    { name: 'to', type: 'address' },
    { name: 'value', type: 'uint256' },
    { name: 'data', type: 'bytes' },
    { name: 'operation', type: 'uint8' },
    { name: 'safeTxGas', type: 'uint256' },
    { name: 'baseGas', type: 'uint256' },
    { name: 'gasPrice', type: 'uint256' },
    { name: 'gasToken', type: 'address' },
    { name: 'refundReceiver', type: 'address' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const

const proxyAbi = parseAbi([
  'struct ProxyCall { uint8 typeCode; address to; uint256 value; bytes data; }',
  'function proxy(ProxyCall[] calls) payable returns (bytes[])',
])
