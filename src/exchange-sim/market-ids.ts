import { createHash } from 'node:crypto'

/** 77 decimal digits, as long as most of the real venue's token ids. */
const tokenFloor = 10n ** 76n
const tokenSpan = 9n * tokenFloor

/** The names of things on chain, drawn from a seed: the same seed and name give the same id. */
export class MarketIds {
  readonly #seed: number

  constructor(seed: number) {
    this.#seed = seed
  }

  /** 32 bytes in hexadecimal: a condition, a question, a transaction. */
  hash(name: string): string {
    return `0x${this.#digest(name)}`
  }

  /** The id of an outcome token: 77 decimal digits. */
  token(name: string): string {
    return String(tokenFloor + (BigInt(this.hash(name)) % tokenSpan))
  }

  #digest(name: string): string {
    return createHash('sha256').update(`${this.#seed}:${name}`).digest('hex')
  }
}
