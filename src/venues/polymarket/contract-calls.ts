import { encodeFunctionData, parseAbi } from 'viem'

import type { MicroShares } from '../../core/units.ts'
import type { Address, Bytes32 } from './order-hash.ts'
import { exchangeContracts, zero32 } from './order-hash.ts'

/** Where the contracts live on Polygon. docs/venues/polymarket.md, 7.6 and 10.1. */
export const settlementContracts = {
  collateral: '0xC011a7E12a19f7B1f670d46F03B03f3342E82DFB',
  conditionalTokens: '0x4D97DCd97eC945f40cF65F87097ACe5EA0476045',
  adapter: '0xAdA100Db00Ca00073811820692005400218FcE1f',
  negRiskAdapter: '0xadA2005600Dec949baf300f4C6120000bDB6eAab',
} as const

/** Who may move our money and tokens when we trade and settle. docs/venues/polymarket.md, 7.6. */
export const spenders: readonly { readonly name: string; readonly address: Address }[] = [
  { name: 'exchange', address: exchangeContracts.standard },
  { name: 'neg-risk exchange', address: exchangeContracts.negRisk },
  { name: 'collateral adapter', address: settlementContracts.adapter },
  { name: 'neg-risk collateral adapter', address: settlementContracts.negRiskAdapter },
]

/** A call of a contract: one transaction of a plain account, or a part of a wallet's. */
export type ContractCall = { readonly to: Address; readonly data: `0x${string}` }

/** docs/venues/polymarket.md, 10.3 and 10.4. */
const settlementAbi = parseAbi([
  'function splitPosition(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)',
  'function mergePositions(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)',
  'function redeemPositions(address collateral, bytes32 parent, bytes32 conditionId, uint256[] indexSets)',
  'function convertPositions(bytes32 marketId, uint256 indexSet, uint256 amount)',
])

/** YES and NO of one condition. */
const bothOutcomes = [1n, 2n]

/** A market as its contracts know it. */
export type ConditionRef = { readonly id: Bytes32; readonly negRisk: boolean }

/** Money to a share of each outcome, or back. */
export function pairCall(
  kind: 'split' | 'merge',
  condition: ConditionRef,
  size: MicroShares,
): ContractCall {
  const { collateral } = settlementContracts
  return {
    to: adapterOf(condition),
    data: encodeFunctionData({
      abi: settlementAbi,
      functionName: kind === 'split' ? 'splitPosition' : 'mergePositions',
      args: [collateral, zero32, condition.id, bothOutcomes, BigInt(size)],
    }),
  }
}

/** All that the wallet holds of both outcomes, to what they are worth. */
export function redeemCall(condition: ConditionRef): ContractCall {
  return {
    to: adapterOf(condition),
    data: encodeFunctionData({
      abi: settlementAbi,
      functionName: 'redeemPositions',
      args: [settlementContracts.collateral, zero32, condition.id, bothOutcomes],
    }),
  }
}

/** NO of the questions in `indexes` to cash and YES of the others. */
export function convertCall(
  set: Bytes32,
  indexes: readonly number[],
  size: MicroShares,
): ContractCall {
  const indexSet = indexes.reduce((bits, index) => bits | (1n << BigInt(index)), 0n)
  return {
    to: settlementContracts.negRiskAdapter,
    data: encodeFunctionData({
      abi: settlementAbi,
      functionName: 'convertPositions',
      args: [set, indexSet, BigInt(size)],
    }),
  }
}

function adapterOf({ negRisk }: ConditionRef): Address {
  return negRisk ? settlementContracts.negRiskAdapter : settlementContracts.adapter
}
