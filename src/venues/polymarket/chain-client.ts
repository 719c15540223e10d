import { HttpRequestError, RpcRequestError, TimeoutError, createPublicClient, http } from 'viem'
import { keccak256, parseAbi, serializeTransaction, toBytes, toHex } from 'viem'
import type { PublicClient } from 'viem'

import type { InstrumentId } from '../../core/market.ts'
import { microShares, microUsd, ppm } from '../../core/units.ts'
import type { MicroShares, MicroUsd, Ppm } from '../../core/units.ts'
import { VenueError } from '../venue-error.ts'
import type { ContractCall } from './contract-calls.ts'
import { settlementContracts, spenders } from './contract-calls.ts'
import type { Address } from './order-hash.ts'
import type { DigestSigner } from './wallet.ts'

export type ChainClientParts = {
  readonly rpcUrl: string
  readonly timeoutMs: number
  readonly chainId: number
  readonly signer: DigestSigner
  /** Whose balances and approvals are read. */
  readonly funder: Address
}

/** A transaction that is signed, and can happen once only, however often it is sent. */
export type SignedTransaction = {
  readonly hash: `0x${string}`
  readonly raw: `0x${string}`
  readonly nonce: number
}

/** What the chain has of a transaction. Gas in billionths of POL. */
export type Receipt = {
  readonly status: 'success' | 'reverted'
  readonly block: bigint
  readonly gasGwei: number
}

/** An approval that trading or settling needs and the wallet has not given. */
export type MissingAllowance = {
  readonly spender: string
  readonly address: Address
  readonly what: 'money' | 'tokens'
}

/** Views of the collateral, the outcome tokens and the neg-risk adapter. 7.6, 10.1 and 10.4. */
const abi = parseAbi([
  'function balanceOf(address owner) view returns (uint256)',
  'function balanceOfBatch(address[] owners, uint256[] ids) view returns (uint256[])',
  'function allowance(address owner, address spender) view returns (uint256)',
  'function isApprovedForAll(address owner, address operator) view returns (bool)',
  'function getFeeBips(bytes32 marketId) view returns (uint256)',
  'function payoutDenominator(bytes32 conditionId) view returns (uint256)',
  'function payoutNumerators(bytes32 conditionId, uint256 index) view returns (uint256)',
])

/** Below a million dollars an allowance counts as missing: the venue's own are without limit. */
const allowanceMin = 1_000_000_000_000n
/** Ids in one `balanceOfBatch`: the answer stays small, and no node refuses it. */
const batchMax = 200
/** A split of a neg-risk set takes about 400 000. */
const gasMargin = { times: 13n, of: 10n }

/** The node: balances, approvals, and the transactions of a plain account. */
export class ChainClient {
  readonly #parts: ChainClientParts
  readonly #client: PublicClient

  constructor(parts: ChainClientParts) {
    this.#parts = parts
    const transport = http(parts.rpcUrl, { timeout: parts.timeoutMs, retryCount: 0 })
    this.#client = createPublicClient({ transport })
  }

  /** What the wallet has on the chain: trades that are matched and not mined yet are not in it. */
  async cash(): Promise<MicroUsd> {
    const { collateral } = settlementContracts
    const value = await this.#call('balanceOf', () =>
      this.#client.readContract({
        address: collateral,
        abi,
        functionName: 'balanceOf',
        args: [this.#parts.funder],
      }),
    )
    return microUsd(Number(value))
  }

  /** The same of outcome tokens, in the order they are asked for. */
  async shares(tokens: readonly InstrumentId[]): Promise<readonly MicroShares[]> {
    const sizes: MicroShares[] = []
    for (let first = 0; first < tokens.length; first += batchMax) {
      const ids = tokens.slice(first, first + batchMax).map(BigInt)
      const values = await this.#call('balanceOfBatch', () =>
        this.#client.readContract({
          address: settlementContracts.conditionalTokens,
          abi,
          functionName: 'balanceOfBatch',
          args: [ids.map(() => this.#parts.funder), ids],
        }),
      )
      sizes.push(...values.map((value) => microShares(Number(value))))
    }
    return sizes
  }

  /** Approvals the wallet has not given. docs/venues/polymarket.md, 7.6. */
  async missingAllowances(): Promise<readonly MissingAllowance[]> {
    const missing: MissingAllowance[] = []
    for (const { name: spender, address } of spenders) {
      const money = await this.#call('allowance', () =>
        this.#client.readContract({
          address: settlementContracts.collateral,
          abi,
          functionName: 'allowance',
          args: [this.#parts.funder, address],
        }),
      )
      if (money < allowanceMin) missing.push({ spender, address, what: 'money' })
      const isApproved = await this.#call('isApprovedForAll', () =>
        this.#client.readContract({
          address: settlementContracts.conditionalTokens,
          abi,
          functionName: 'isApprovedForAll',
          args: [this.#parts.funder, address],
        }),
      )
      if (!isApproved) missing.push({ spender, address, what: 'tokens' })
    }
    return missing
  }

  /** What a neg-risk set keeps of a conversion, in basis points. 10.4. */
  async conversionFeeBips(set: `0x${string}`): Promise<number> {
    const bips = await this.#call('getFeeBips', () =>
      this.#client.readContract({
        address: settlementContracts.negRiskAdapter,
        abi,
        functionName: 'getFeeBips',
        args: [set],
      }),
    )
    return Number(bips)
  }

  /** What a YES share pays, in ppm of a dollar, once the oracle's word is on the chain. 10.6. */
  async yesValue(condition: `0x${string}`): Promise<Ppm | undefined> {
    const address = settlementContracts.conditionalTokens
    const whole = await this.#call('payoutDenominator', () =>
      this.#client.readContract({
        address,
        abi,
        functionName: 'payoutDenominator',
        args: [condition],
      }),
    )
    if (whole === 0n) return undefined
    const part = await this.#call('payoutNumerators', () =>
      this.#client.readContract({
        address,
        abi,
        functionName: 'payoutNumerators',
        args: [condition, 0n],
      }),
    )
    return ppm(Number((part * 1_000_000n) / whole))
  }

  /** How many transactions of the signer are mined, or known to the node at all. */
  nonce(blockTag: 'latest' | 'pending'): Promise<number> {
    const { address } = this.#parts.signer
    return this.#call('nonce', () => this.#client.getTransactionCount({ address, blockTag }))
  }

  /** Signs a call as a transaction of the signer. Nothing is sent. */
  async sign({ to, data }: ContractCall): Promise<SignedTransaction> {
    const { chainId, signer } = this.#parts
    const account = signer.address
    const nonce = await this.nonce('pending')
    const fees = await this.#call('fees', () => this.#client.estimateFeesPerGas())
    const gas = await this.#call('gas', () => this.#client.estimateGas({ account, to, data }))
    const transaction = {
      type: 'eip1559',
      chainId,
      nonce,
      to,
      data,
      gas: (gas * gasMargin.times) / gasMargin.of,
      ...fees,
    } as const
    const digest = toBytes(keccak256(serializeTransaction(transaction)))
    const signature = signer.sign(digest)
    const raw = serializeTransaction(transaction, {
      r: toHex(signature.subarray(0, 32)),
      s: toHex(signature.subarray(32, 64)),
      yParity: (signature[64] ?? 27) - 27,
    })
    return { hash: keccak256(raw), raw, nonce }
  }

  /** Why the node refuses a transaction, or undefined when it has it. */
  async send({ raw }: SignedTransaction): Promise<string | undefined> {
    try {
      await this.#client.sendRawTransaction({ serializedTransaction: raw })
      return undefined
    } catch (error) {
      const words = rpcWords(error)
      if (words === undefined) throw this.#failure('sendRawTransaction', error, 'unknown')
      return /already known/i.test(words) ? undefined : words
    }
  }

  async receipt(hash: `0x${string}`): Promise<Receipt | undefined> {
    const found = await this.#call('receipt', () =>
      this.#client.getTransactionReceipt({ hash }).catch((error: unknown) => {
        if (error instanceof Error && error.name === 'TransactionReceiptNotFoundError') return
        throw error
      }),
    )
    if (found === undefined) return undefined
    const { status, blockNumber, gasUsed, effectiveGasPrice } = found
    const gasGwei = Number((gasUsed * effectiveGasPrice) / 1_000_000_000n)
    return { status, block: blockNumber, gasGwei }
  }

  block(): Promise<bigint> {
    return this.#call('block', () => this.#client.getBlockNumber({ cacheTime: 0 }))
  }

  async #call<T>(name: string, run: () => Promise<T>): Promise<T> {
    try {
      return await run()
    } catch (error) {
      throw this.#failure(name, error, 'no')
    }
  }

  #failure(name: string, cause: unknown, landed: 'no' | 'unknown'): VenueError {
    const { host } = new URL(this.#parts.rpcUrl)
    const http = nested(cause, HttpRequestError)
    const isSlow = nested(cause, TimeoutError) !== undefined
    const code = isSlow
      ? 'TIMEOUT'
      : rpcWords(cause) !== undefined
        ? 'REFUSED'
        : http?.status === 429
          ? 'RATE_LIMITED'
          : http?.status === undefined
            ? 'UNREACHABLE'
            : 'DOWN'
    const detail = rpcWords(cause) ?? (http?.status === undefined ? code : `HTTP ${http.status}`)
    return new VenueError({ venue: 'polymarket', call: `${host} ${name}`, code, landed, detail })
  }
}

/** What the node itself said against a call. Undefined when it did not answer. */
function rpcWords(error: unknown): string | undefined {
  return nested(error, RpcRequestError)?.details
}

function nested<T extends Error>(
  error: unknown,
  kind: abstract new (...parts: never[]) => T,
): T | undefined {
  for (let at = error; at instanceof Error; at = at.cause) if (at instanceof kind) return at
  return undefined
}
