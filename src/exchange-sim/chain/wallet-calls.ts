import {
  concat,
  decodeFunctionData,
  hashTypedData,
  keccak256,
  parseAbi,
  recoverAddress,
  recoverMessageAddress,
  recoverTypedDataAddress,
  size,
  slice,
  stringToHex,
  toHex,
} from 'viem'
import type { ContractCall } from './contract-calls.ts'
import { polygonId, sameCase } from './contracts.ts'

type Hex = `0x${string}`

const zeroAddress = `0x${'0'.repeat(40)}` as const

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

export type WalletBatch = {
  readonly wallet: Hex
  readonly nonce: bigint
  readonly deadline: bigint
  readonly calls: readonly { readonly target: Hex; readonly value: bigint; readonly data: Hex }[]
}

/** Who signed a deposit wallet's batch. docs/venues/polymarket.md, 10.5. */
export async function batchSigner(batch: WalletBatch, signature: Hex): Promise<string> {
  const { wallet, nonce, deadline, calls } = batch
  const address = await recoverTypedDataAddress({
    domain: {
      name: 'DepositWallet',
      version: '1',
      chainId: polygonId,
      verifyingContract: wallet,
    },
    types: batchTypes,
    primaryType: 'Batch',
    message: { wallet, nonce, deadline, calls },
    signature,
  })
  return sameCase(address)
}

export type SafeCall = {
  readonly safe: Hex
  readonly to: Hex
  readonly data: Hex
  /** 1 delegates: to the contract that takes several calls apart. */
  readonly operation: number
  readonly nonce: bigint
}

/** Who signed a Safe's transaction: the hash itself, or the hash as a message, marked by its v. */
export async function safeSigner(call: SafeCall, signature: Hex): Promise<string> {
  const { safe, to, data, operation, nonce } = call
  const hash = hashTypedData({
    domain: { chainId: polygonId, verifyingContract: safe },
    types: safeTypes,
    primaryType: 'SafeTx',
    message: {
      to,
      value: 0n,
      data,
      operation,
      safeTxGas: 0n,
      baseGas: 0n,
      gasPrice: 0n,
      gasToken: zeroAddress,
      refundReceiver: zeroAddress,
      nonce,
    },
  })
  const v = Number(slice(signature, 64, 65))
  if (v < 31) return sameCase(await recoverAddress({ hash, signature }))
  const plain = concat([slice(signature, 0, 64), toHex(v - 4, { size: 1 })])
  return sameCase(await recoverMessageAddress({ message: { raw: hash }, signature: plain }))
}

export type ProxyCall = {
  readonly from: Hex
  readonly to: Hex
  readonly data: Hex
  readonly relayerFee: bigint
  readonly gasPrice: bigint
  readonly gasLimit: bigint
  readonly nonce: bigint
  readonly relayHub: Hex
  readonly relay: Hex
}

/** Who signed a call through the relay hub: its fields end to end, hashed, as a message. */
export async function proxySigner(call: ProxyCall, signature: Hex): Promise<string> {
  const word = (value: bigint): Hex => toHex(value, { size: 32 })
  const { from, to, data, relayerFee, gasPrice, gasLimit, nonce, relayHub, relay } = call
  const raw = keccak256(
    concat([
      stringToHex('rlx:'),
      from,
      to,
      data,
      word(relayerFee),
      word(gasPrice),
      word(gasLimit),
      word(nonce),
      relayHub,
      relay,
    ]),
  )
  return sameCase(await recoverMessageAddress({ message: { raw }, signature }))
}

const multiAbi = parseAbi([
  'struct ProxyCall { uint8 typeCode; address to; uint256 value; bytes data; }',
  'function proxy(ProxyCall[] calls) payable returns (bytes[])',
  'function multiSend(bytes transactions) payable',
])

/**
 * The calls in the calldata of a proxy factory or of `multiSend`. Undefined where it is neither.
 */
export function unpackCalls(data: Hex): readonly ContractCall[] | undefined {
  try {
    const decoded = decodeFunctionData({ abi: multiAbi, data })
    if (decoded.functionName === 'multiSend') return unpackSends(decoded.args[0])
    return decoded.args[0].map((call) => ({ to: call.to, data: call.data }))
  } catch {
    // The data of one plain call.
    return undefined
  }
}

/** operation (1), to (20), value (32), length (32), data: end to end. */
function unpackSends(packed: Hex): readonly ContractCall[] {
  const calls: ContractCall[] = []
  for (let at = 0; at < size(packed);) {
    const to = slice(packed, at + 1, at + 21)
    const length = Number(slice(packed, at + 53, at + 85))
    const data: Hex = length === 0 ? '0x' : slice(packed, at + 85, at + 85 + length)
    calls.push({ to, data })
    at += 85 + length
  }
  return calls
}
