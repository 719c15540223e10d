import { decodeFunctionData, encodeFunctionResult, parseAbi } from 'viem'
import type { MicroShares, MicroUsd } from '../../core/units.ts'
import { par } from '../../core/units.ts'
import type { SimMarket, SimSet } from '../sim-market.ts'
import type { World } from '../world.ts'
import type { Approvals } from './approvals.ts'
import { contracts, sameCase } from './contracts.ts'
import type { Condition, TokenLedger } from './token-ledger.ts'

/** What the contracts a trader meets can do. docs/venues/polymarket.md, 10.3 and 10.4. */
const abi = parseAbi([
  'function approve(address spender, uint256 amount) returns (bool)',
  'function transfer(address to, uint256 amount) returns (bool)',
  'function allowance(address owner, address spender) view returns (uint256)',
  'function balanceOf(address owner) view returns (uint256)',
  'function decimals() view returns (uint8)',
  'function balanceOf(address owner, uint256 id) view returns (uint256)',
  'function balanceOfBatch(address[] owners, uint256[] ids) view returns (uint256[])',
  'function setApprovalForAll(address operator, bool approved)',
  'function isApprovedForAll(address owner, address operator) view returns (bool)',
  'function safeTransferFrom(address from, address to, uint256 id, uint256 amount, bytes data)',
  'function splitPosition(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)',
  'function mergePositions(address collateral, bytes32 parent, bytes32 conditionId, uint256[] partition, uint256 amount)',
  'function redeemPositions(address collateral, bytes32 parent, bytes32 conditionId, uint256[] indexSets)',
  'function convertPositions(bytes32 marketId, uint256 indexSet, uint256 amount)',
  'function getFeeBips(bytes32 marketId) view returns (uint256)',
  'function getQuestionCount(bytes32 marketId) view returns (uint256)',
  'function payoutDenominator(bytes32 conditionId) view returns (uint256)',
  'function payoutNumerators(bytes32 conditionId, uint256 index) view returns (uint256)',
])

export type ContractCall = { readonly to: string; readonly data: `0x${string}` }

type Hex = `0x${string}`

/** Reads and does what calldata asks of the contracts, on the ledger. */
export class ContractCalls {
  readonly #world: World
  readonly #ledger: TokenLedger
  readonly #approvals: Approvals

  constructor(world: World, ledger: TokenLedger, approvals: Approvals) {
    this.#world = world
    this.#ledger = ledger
    this.#approvals = approvals
  }

  /** The answer to a view, encoded. Undefined when the contract has none. */
  view({ to, data }: ContractCall): Hex | undefined {
    const call = decode(data)
    const ledger = this.#ledger
    switch (call?.functionName) {
      case 'allowance': {
        const value = this.#approvals.allowance(call.args[0], call.args[1])
        return encodeFunctionResult({ abi, functionName: 'allowance', result: value })
      }
      case 'isApprovedForAll': {
        const value = this.#approvals.isApprovedForAll(call.args[0], call.args[1])
        return encodeFunctionResult({ abi, functionName: 'isApprovedForAll', result: value })
      }
      case 'balanceOf': {
        const [owner, id] = call.args
        const isMoney = sameCase(to) === sameCase(contracts.collateral)
        const account = sameCase(owner)
        const value = isMoney ? ledger.usdOf(account) : ledger.tokensOf(account, String(id))
        return numberResult(BigInt(value))
      }
      case 'balanceOfBatch': {
        const [owners, ids] = call.args
        const result = owners.map((owner, at) =>
          BigInt(ledger.tokensOf(sameCase(owner), String(ids[at]))),
        )
        return encodeFunctionResult({ abi, functionName: 'balanceOfBatch', result })
      }
      case 'decimals':
        return numberResult(6n)
      case 'getFeeBips':
        return numberResult(0n)
      case 'getQuestionCount':
        return numberResult(BigInt(this.#setOf(call.args[0])?.markets.length ?? 0))
      case 'payoutDenominator':
        return numberResult(this.#winnerOf(call.args[0]) === undefined ? 0n : 1n)
      case 'payoutNumerators': {
        const winner = this.#winnerOf(call.args[0])
        return numberResult(winner === (call.args[1] === 0n ? 'yes' : 'no') ? 1n : 0n)
      }
      default:
        return undefined
    }
  }

  /** Does what `sender` asks for. The reason it reverts, or undefined. */
  execute(sender: string, { to, data }: ContractCall): string | undefined {
    const call = decode(data)
    const account = sameCase(sender)
    switch (call?.functionName) {
      case 'approve':
        this.#approvals.approve(account, call.args[0], call.args[1])
        return undefined
      case 'setApprovalForAll':
        this.#approvals.setApprovalForAll(account, call.args[0], call.args[1] ? 'yes' : 'no')
        return undefined
      case 'transfer':
        return this.#ledger.pay(account, sameCase(call.args[0]), Number(call.args[1]) as MicroUsd)
      case 'safeTransferFrom': {
        const [from, receiver, id, amount] = call.args
        if (sameCase(from) !== account) return 'ERC1155: caller is not owner nor approved'
        const size = Number(amount) as MicroShares
        return this.#ledger.give(account, sameCase(receiver), String(id), size)
      }
      case 'splitPosition':
        return this.#split(account, to, call.args[2], Number(call.args[4]) as MicroShares)
      case 'mergePositions':
        return this.#merge(account, to, call.args[2], Number(call.args[4]) as MicroShares)
      case 'redeemPositions':
        return this.#redeem(account, to, call.args[2])
      case 'convertPositions':
        return this.#convert(account, to, call.args[0], call.args[1], call.args[2])
      default:
        return 'execution reverted'
    }
  }

  #split(account: string, adapter: string, id: Hex, size: MicroShares): string | undefined {
    const market = this.#marketFor(adapter, id)
    if (market === undefined) return 'execution reverted'
    const allowed = this.#approvals.allowance(account, adapter)
    if (allowed < BigInt(par(size))) return 'ERC20: insufficient allowance'
    return this.#ledger.split(account, conditionOf(market), size)
  }

  #merge(account: string, adapter: string, id: Hex, size: MicroShares): string | undefined {
    const market = this.#marketFor(adapter, id)
    if (market === undefined) return 'execution reverted'
    if (!this.#approvals.isApprovedForAll(account, adapter)) return notApproved
    return this.#ledger.merge(account, conditionOf(market), size)
  }

  #redeem(account: string, adapter: string, id: Hex): string | undefined {
    const market = this.#marketFor(adapter, id)
    if (market === undefined) return 'execution reverted'
    if (!this.#approvals.isApprovedForAll(account, adapter)) return notApproved
    if (market.winner === undefined) return 'result for condition not received yet'
    this.#ledger.redeem(account, conditionOf(market), market.winner)
    return undefined
  }

  #convert(
    account: string,
    adapter: string,
    id: Hex,
    indexSet: bigint,
    amount: bigint,
  ): string | undefined {
    const markets = this.#setOf(id)?.markets
    if (markets === undefined) return 'MarketNotPrepared()'
    if (sameCase(adapter) !== sameCase(contracts.negRiskCollateralAdapter)) {
      return 'execution reverted'
    }
    if (!this.#approvals.isApprovedForAll(account, adapter)) return notApproved
    if (markets.length <= 1) return 'NoConvertiblePositions()'
    if (indexSet === 0n || indexSet >= 1n << BigInt(markets.length)) return 'InvalidIndexSet()'

    const isGiven = (at: number): boolean => ((indexSet >> BigInt(at)) & 1n) === 1n
    const given = markets.filter((_, at) => isGiven(at)).map(conditionOf)
    const others = markets.filter((_, at) => !isGiven(at)).map(conditionOf)
    return this.#ledger.convert(account, given, others, Number(amount) as MicroShares)
  }

  /** The market of a condition, where this adapter is the one for it. */
  #marketFor(adapter: string, conditionId: Hex): SimMarket | undefined {
    const market = this.#world.byCondition(conditionId)
    if (market === undefined || market.set.venue !== 'polymarket') return undefined
    const { collateralAdapter, negRiskCollateralAdapter } = contracts
    const wanted = market.set.negRiskId === undefined ? collateralAdapter : negRiskCollateralAdapter
    return sameCase(adapter) === sameCase(wanted) ? market : undefined
  }

  #setOf(negRiskId: Hex): SimSet | undefined {
    return this.#world.sets.find((set) => set.negRiskId === sameCase(negRiskId))
  }

  #winnerOf(conditionId: Hex): 'yes' | 'no' | undefined {
    return this.#world.byCondition(conditionId)?.winner
  }
}

const notApproved = 'ERC1155: caller is not owner nor approved'

function conditionOf({ listing }: SimMarket): Condition {
  return { id: listing.conditionId, yes: listing.tokens.yes, no: listing.tokens.no }
}

function numberResult(result: bigint): Hex {
  return `0x${result.toString(16).padStart(64, '0')}`
}

function decode(data: Hex) {
  try {
    return decodeFunctionData({ abi, data })
  } catch {
    // Calldata of a contract that does not stand here: the caller reverts.
    return undefined
  }
}
