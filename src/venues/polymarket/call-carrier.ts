import type { ChainClient } from './chain-client.ts'
import type { ContractCall } from './contract-calls.ts'

/** What became of a call that was sent, or may have been. */
export type CallState =
  | { readonly kind: 'pending' }
  /** It has happened, in a block that is not deep enough yet: its number is used up. */
  | { readonly kind: 'mined' }
  /** Nobody knows of it: the same bytes may be sent again. */
  | { readonly kind: 'unseen' }
  /** Gas in billionths of POL; none through the relayer. */
  | { readonly kind: 'final'; readonly gasGwei: number }
  | { readonly kind: 'reverted'; readonly reason: string }
  /** Its number is used up, perhaps by itself: only balances can tell. */
  | { readonly kind: 'superseded' }

export type SendResult =
  | { readonly kind: 'taken'; readonly reference: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** A call that is signed under a number which no other call can use once it has happened. */
export type PreparedCall = {
  /** Sends the same bytes each time. Rejects with a `VenueError`: then it may have landed. */
  send(): Promise<SendResult>
  state(): Promise<CallState>
}

/** A way to have contracts called: by transactions, or by the relayer. 10.5. */
export type CallCarrier = {
  /** Signs. Nothing has left yet. Rejects with a `VenueError`. */
  prepare(call: ContractCall): Promise<PreparedCall>
}

/** Calls of a plain account: transactions that it signs and pays the gas of. */
export class TransactionCarrier implements CallCarrier {
  readonly #chain: ChainClient
  readonly #confirmations: bigint

  /** `confirmations`: blocks, its own among them, until a transaction counts as final. */
  constructor(chain: ChainClient, confirmations: number) {
    this.#chain = chain
    this.#confirmations = BigInt(confirmations)
  }

  async prepare(call: ContractCall): Promise<PreparedCall> {
    const signed = await this.#chain.sign(call)
    return {
      send: async () => {
        const words = await this.#chain.send(signed)
        return words === undefined
          ? { kind: 'taken', reference: signed.hash }
          : { kind: 'refused', reason: words }
      },
      state: () => this.#state(signed.hash, signed.nonce),
    }
  }

  async #state(hash: `0x${string}`, nonce: number): Promise<CallState> {
    // The number first: if it is ours that has used it up, its receipt is there by then.
    const mined = await this.#chain.nonce('latest')
    const receipt = await this.#chain.receipt(hash)
    if (receipt === undefined) {
      if (mined > nonce) return { kind: 'superseded' }
      return { kind: (await this.#chain.nonce('pending')) > nonce ? 'pending' : 'unseen' }
    }
    if (receipt.status === 'reverted') return { kind: 'reverted', reason: 'reverted' }
    const depth = (await this.#chain.block()) - receipt.block + 1n
    return depth >= this.#confirmations
      ? { kind: 'final', gasGwei: receipt.gasGwei }
      : { kind: 'mined' }
  }
}
