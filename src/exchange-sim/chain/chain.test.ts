import {
  createPublicClient,
  createWalletClient,
  encodeFunctionData,
  hashTypedData,
  http,
  parseAbi,
} from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { polygon } from 'viem/chains'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { z } from 'zod'
import { thisMachine } from '../../app/machine.ts'
import type { Exchange } from '../exchange.ts'
import { startExchange } from '../exchange.ts'
import { contracts } from './contracts.ts'

const abi = parseAbi([
  'function splitPosition(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)',
  'function mergePositions(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)',
  'function convertPositions(bytes32 marketId, uint256 indexSet, uint256 amount)',
  'function balanceOf(address owner) view returns (uint256)',
])
const zero32 = `0x${'0'.repeat(64)}` as const
const hexText = z.custom<`0x${string}`>((value) => typeof value === 'string')
const ListedMarkets = z.object({
  data: z.array(
    z.object({
      condition_id: hexText,
      neg_risk: z.boolean(),
      neg_risk_market_id: z.string(),
      tokens: z.array(z.object({ token_id: z.string() })),
    }),
  ),
})
type Listed = z.infer<typeof ListedMarkets>['data'][number]

let exchange: Exchange
let markets: readonly Listed[]

beforeAll(async () => {
  const settlement = { minedMs: 60, confirmedMs: 60 }
  exchange = await startExchange({ seed: 44, faults: [], settlement }, thisMachine)
  const reply = await fetch(`${exchange.urls.clob}/markets`)
  markets = ListedMarkets.parse(await reply.json()).data
})

afterAll(async () => {
  await exchange.stop()
})

function plain(): Listed {
  const market = markets.find(({ neg_risk: isNegRisk }) => !isNegRisk)
  if (market === undefined) throw new Error('no market is settled by the standard contract')
  return market
}

function account() {
  const signer = privateKeyToAccount(generatePrivateKey())
  exchange.polymarket.openAccount({ owner: signer.address, kind: 'eoa', dollars: 100 })
  const transport = http(exchange.urls.rpc)
  return {
    address: signer.address,
    wallet: createWalletClient({ account: signer, chain: polygon, transport }),
    reader: createPublicClient({ chain: polygon, transport, pollingInterval: 30 }),
  }
}

describe('the chain', () => {
  test('splits a dollar into one of each, and merges them back', async () => {
    const { address, wallet, reader } = account()
    const { condition_id: condition, tokens } = plain()
    const args = [contracts.collateral, zero32, condition, [1n, 2n]] as const

    const split = await wallet.writeContract({
      address: contracts.collateralAdapter,
      abi,
      functionName: 'splitPosition',
      args: [...args, 40_000_000n],
    })
    const receipt = await reader.waitForTransactionReceipt({ hash: split })
    const held = exchange.polymarket.audit(address)
    const merge = await wallet.writeContract({
      address: contracts.collateralAdapter,
      abi,
      functionName: 'mergePositions',
      args: [...args, 15_000_000n],
    })
    await reader.waitForTransactionReceipt({ hash: merge })

    expect(receipt.status).toBe('success')
    expect(held.cash).toBe('60')
    expect(held.positions).toEqual(
      tokens.map(({ token_id: instrument }) => ({ instrument, size: '40' })),
    )
    expect(exchange.polymarket.audit(address).cash).toBe('75')
    expect(exchange.polymarket.auditChain().unequal).toEqual([])
  })

  test('a transaction that reverts changes nothing and says so', async () => {
    const { address, wallet, reader } = account()
    const args = [contracts.collateral, zero32, plain().condition_id, [1n, 2n]] as const

    const hash = await wallet.writeContract({
      address: contracts.collateralAdapter,
      abi,
      functionName: 'splitPosition',
      args: [...args, 101_000_000n],
    })
    const receipt = await reader.waitForTransactionReceipt({ hash })

    expect(receipt.status).toBe('reverted')
    expect(exchange.polymarket.audit(address).cash).toBe('100')
  })

  test('NO of two questions becomes one dollar and YES of all others', async () => {
    const { address, wallet, reader } = account()
    const set = markets.filter(({ neg_risk_market_id: id }) => {
      return (
        id !== '' && id === markets.find(({ neg_risk: isNegRisk }) => isNegRisk)?.neg_risk_market_id
      )
    })
    for (const { condition_id: condition } of set.slice(0, 2)) {
      const hash = await wallet.writeContract({
        address: contracts.negRiskCollateralAdapter,
        abi,
        functionName: 'splitPosition',
        args: [contracts.collateral, zero32, condition, [1n, 2n], 10_000_000n],
      })
      await reader.waitForTransactionReceipt({ hash })
    }

    const hash = await wallet.writeContract({
      address: contracts.negRiskCollateralAdapter,
      abi,
      functionName: 'convertPositions',
      args: [hexText.parse(set[0]?.neg_risk_market_id), 3n, 10_000_000n],
    })
    const { status } = await reader.waitForTransactionReceipt({ hash })
    const { cash, positions } = exchange.polymarket.audit(address)
    const money = await reader.readContract({
      address: contracts.collateral,
      abi,
      functionName: 'balanceOf',
      args: [address],
    })

    expect(status).toBe('success')
    expect(cash).toBe('90')
    expect(money).toBe(90_000_000n)
    expect(positions.map(({ size }) => size)).toEqual(set.map(() => '10'))
    const { minted, held, locked, unequal } = exchange.polymarket.auditChain()
    expect(unequal).toEqual([])
    expect(held + locked).toBe(minted)
  })

  test.each(['deposit', 'safe'] as const)('a %s wallet acts through the relayer', async (kind) => {
    const signer = privateKeyToAccount(generatePrivateKey())
    const wallet = `0x${(kind === 'safe' ? '1' : '2').repeat(40)}` as const
    exchange.polymarket.openAccount({ owner: signer.address, kind, wallet, dollars: 100 })
    const { condition_id: condition } = plain()
    const split = encodeFunctionData({
      abi,
      functionName: 'splitPosition',
      args: [contracts.collateral, zero32, condition, [1n, 2n], 5_000_000n],
    })
    const request = { from: signer.address, wallet, split }
    const body = await (kind === 'safe' ? safeBody(signer, request) : batchBody(signer, request))
    const submit = (sent: object): Promise<Response> =>
      fetch(`${exchange.urls.relayer}/submit`, { method: 'POST', body: JSON.stringify(sent) })

    const forged = await submit({ ...body, nonce: '1' })
    const { transactionID: id } = Submitted.parse(await (await submit(body)).json())
    const states = new Set<unknown>()
    for (let waited = 0; waited < 5000 && !states.has('STATE_CONFIRMED'); waited += 10) {
      const reply = await fetch(`${exchange.urls.relayer}/v1/account/transactions/${id}`)
      states.add(z.object({ state: z.string() }).parse(await reply.json()).state)
      await new Promise((resolve) => {
        setTimeout(resolve, 10)
      })
    }

    expect(forged.status).toBe(400)
    expect([...states].at(-1)).toBe('STATE_CONFIRMED')
    expect(exchange.polymarket.audit(wallet)).toMatchObject({ cash: '95' })
  })
})

const Submitted = z.object({ transactionID: z.string() })

type Request = {
  readonly from: `0x${string}`
  readonly wallet: `0x${string}`
  readonly split: `0x${string}`
}

async function batchBody(signer: PrivateKeyAccount, { from, wallet, split }: Request) {
  const call = { target: contracts.collateralAdapter, data: split }
  const deadline = Math.floor(Date.now() / 1000) + 600
  const signature = await signer.signTypedData({
    domain: { name: 'DepositWallet', version: '1', chainId: 137, verifyingContract: wallet },
    types: {
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
    },
    primaryType: 'Batch',
    message: { wallet, nonce: 0n, deadline: BigInt(deadline), calls: [{ ...call, value: 0n }] },
  })
  const calls = [{ ...call, value: '0' }]
  const depositWalletParams = { depositWallet: wallet, deadline: String(deadline), calls }
  return { type: 'WALLET', from, to: wallet, nonce: '0', signature, depositWalletParams }
}

async function safeBody(signer: PrivateKeyAccount, { from, wallet, split }: Request) {
  const to = contracts.collateralAdapter
  const none = `0x${'0'.repeat(40)}` as const
  const hash = hashTypedData({
    domain: { chainId: 137, verifyingContract: wallet },
    types: {
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
    },
    primaryType: 'SafeTx',
    message: {
      to,
      value: 0n,
      data: split,
      operation: 0,
      safeTxGas: 0n,
      baseGas: 0n,
      gasPrice: 0n,
      gasToken: none,
      refundReceiver: none,
      nonce: 0n,
    },
  })
  // A message signature of the hash is marked by a v that is higher by four.
  const signed = await signer.signMessage({ message: { raw: hash } })
  const v = (Number.parseInt(signed.slice(-2), 16) + 4).toString(16)
  const signature = signed.slice(0, -2) + v
  const base = { type: 'SAFE', from, to, proxyWallet: wallet, data: split, nonce: '0', signature }
  return { ...base, signatureParams: { operation: '0' } }
}
