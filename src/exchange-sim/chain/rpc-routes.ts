import { parseTransaction, recoverTransactionAddress, toHex } from 'viem'
import type { TransactionSerialized } from 'viem'
import { keccak256 } from 'viem'
import { z } from 'zod'
import type { Route } from '../http-host.ts'
import { found } from '../http-host.ts'
import type { Chain, ChainTransaction } from './chain.ts'
import type { ContractCalls } from './contract-calls.ts'
import { polygonId } from './contracts.ts'

const hexText = z.custom<`0x${string}`>(
  (value) => typeof value === 'string' && /^0x[0-9a-fA-F]*$/.test(value),
)
const RequestSchema = z.object({
  id: z.union([z.number(), z.string()]),
  method: z.string(),
  params: z.array(z.unknown()).default([]),
})
type RpcRequest = z.infer<typeof RequestSchema>
const CallSchema = z.object({ to: z.string(), data: hexText.optional(), input: hexText.optional() })

/** An own account always has gas: what a transaction costs is not simulated. */
const gasPurse = 10n ** 19n
const gasPrice = 30_000_000_000n
const gasUsed = 150_000n

class RpcError extends Error {
  override readonly name = 'RpcError'
}

/** The node: as much of it as settling needs, at `/rpc`. */
export function rpcRoutes(chain: Chain, contracts: ContractCalls): readonly Route[] {
  const one = async (value: unknown): Promise<unknown> => {
    const parsed = RequestSchema.safeParse(value)
    if (!parsed.success) return failure(null, -32600, 'invalid request')
    try {
      const result = await answer(chain, contracts, parsed.data)
      return { jsonrpc: '2.0', id: parsed.data.id, result }
    } catch (error) {
      const message = error instanceof RpcError ? error.message : 'invalid params'
      return failure(parsed.data.id, error instanceof RpcError ? -32000 : -32602, message)
    }
  }
  return [
    {
      method: 'POST',
      path: '/rpc',
      answer: async ({ body }) => {
        const value = parseJson(body)
        const many = z.array(z.unknown()).safeParse(value)
        return found(many.success ? await Promise.all(many.data.map(one)) : await one(value))
      },
    },
  ]
}

function failure(id: unknown, code: number, message: string): unknown {
  return { jsonrpc: '2.0', id, error: { code, message } }
}

async function answer(
  chain: Chain,
  contracts: ContractCalls,
  { method, params }: RpcRequest,
): Promise<unknown> {
  switch (method) {
    case 'eth_chainId':
      return toHex(polygonId)
    case 'net_version':
      return String(polygonId)
    case 'eth_blockNumber':
      return toHex(chain.block)
    case 'eth_gasPrice':
    case 'eth_maxPriorityFeePerGas':
      return toHex(gasPrice)
    case 'eth_estimateGas':
      return toHex(gasUsed)
    case 'eth_getBalance':
      return toHex(gasPurse)
    case 'eth_getCode':
      return '0x'
    case 'eth_feeHistory':
      return {
        oldestBlock: toHex(chain.block),
        baseFeePerGas: [toHex(gasPrice), toHex(gasPrice)],
        gasUsedRatio: [0.5],
        reward: [[toHex(gasPrice)]],
      }
    case 'eth_getBlockByNumber':
      return blockOf(chain)
    case 'eth_getTransactionCount':
      return toHex(
        params[1] === 'latest'
          ? chain.minedCount(z.string().parse(params[0]))
          : chain.nonceOf(z.string().parse(params[0]), 'eoa'),
      )
    case 'eth_call': {
      const call = CallSchema.parse(params[0])
      const data = call.data ?? call.input ?? '0x'
      const result = contracts.view({ to: call.to, data })
      if (result === undefined) throw new RpcError('execution reverted')
      return result
    }
    case 'eth_sendRawTransaction':
      return sendRaw(chain, hexText.parse(params[0]))
    case 'eth_getTransactionReceipt':
      return receiptOf(chain.byHash(z.string().parse(params[0])))
    case 'eth_getTransactionByHash':
      return transactionOf(chain.byHash(z.string().parse(params[0])))
    default:
      throw new RpcError(`the method ${method} does not exist`)
  }
}

async function sendRaw(chain: Chain, raw: `0x${string}`): Promise<string> {
  // A serialized transaction is hexadecimal text: viem reads its kind from the first byte.
  const serialized = raw as TransactionSerialized
  const parsed = parseTransaction(serialized)
  if (parsed.chainId !== polygonId) throw new RpcError('invalid chain id for signer')
  const from = await recoverTransactionAddress({ serializedTransaction: serialized })
  const hash = keccak256(raw)
  if (chain.byHash(hash) !== undefined) throw new RpcError('already known')

  const nonce = parsed.nonce ?? 0
  const wanted = chain.nonceOf(from, 'eoa')
  if (nonce < wanted) throw new RpcError(`nonce too low: next nonce ${wanted}, tx nonce ${nonce}`)
  if (nonce > wanted) throw new RpcError(`nonce too high: next nonce ${wanted}, tx nonce ${nonce}`)
  const to = parsed.to ?? ''
  const calls = [{ to, data: parsed.data ?? '0x' }] as const
  chain.send({ hash, from, wallet: from, to, nonce, kind: 'EOA', calls }, 'eoa')
  return hash
}

function receiptOf(transaction: ChainTransaction | undefined): unknown {
  if (transaction?.block === undefined) return null
  return {
    transactionHash: transaction.hash,
    transactionIndex: '0x0',
    blockHash: blockHash(transaction.block),
    blockNumber: toHex(transaction.block),
    from: transaction.from,
    to: transaction.to,
    cumulativeGasUsed: toHex(gasUsed),
    gasUsed: toHex(gasUsed),
    effectiveGasPrice: toHex(gasPrice),
    contractAddress: null,
    logs: [],
    logsBloom: `0x${'0'.repeat(512)}`,
    status: transaction.revert === undefined ? '0x1' : '0x0',
    type: '0x2',
  }
}

function transactionOf(transaction: ChainTransaction | undefined): unknown {
  if (transaction === undefined) return null
  const { hash, from, to, nonce, block } = transaction
  return {
    hash,
    from,
    to,
    nonce: toHex(nonce),
    blockHash: block === undefined ? null : blockHash(block),
    blockNumber: block === undefined ? null : toHex(block),
    transactionIndex: '0x0',
    value: '0x0',
    input: '0x',
    gas: toHex(gasUsed),
    gasPrice: toHex(gasPrice),
    chainId: toHex(polygonId),
    type: '0x2',
    v: '0x0',
    r: '0x0',
    s: '0x0',
  }
}

function blockOf(chain: Chain): unknown {
  return {
    number: toHex(chain.block),
    hash: blockHash(chain.block),
    parentHash: blockHash(chain.block - 1),
    timestamp: toHex(0),
    baseFeePerGas: toHex(gasPrice),
    gasLimit: toHex(30_000_000),
    gasUsed: toHex(gasUsed),
    transactions: [],
  }
}

function blockHash(block: number): string {
  return `0x${block.toString(16).padStart(64, '0')}`
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return undefined
  }
}
