import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'
import type { Listing } from './listing.ts'

/** What a person has read of a listing, as hashes: they tell which part has changed since. */
export type RuleHashes = {
  /** Question, outcomes, strike and rules: all that says what YES means. */
  readonly rules: string
  readonly source: string
}

/** Enough that nobody finds another text with the same hash by chance. */
const hashDigits = 32

export function hashRules(listing: Listing): RuleHashes {
  const { question, label, outcomes, strike, rules, source } = listing
  return {
    rules: hash([question, label, ...outcomes, JSON.stringify(strike ?? null), rules]),
    source: hash([source]),
  }
}

/** A short name for two markets of two venues, the same whenever and wherever it is made. */
export function pairIdOf(
  first: Pick<Listing, 'venue' | 'market'>,
  second: Pick<Listing, 'venue' | 'market'>,
): string {
  const names = [first, second].map(({ venue, market }) => `${venue}:${market}`).toSorted()
  return `p-${hash(names).slice(0, 10)}`
}

/** How a text is spaced does not change what it says. */
function hash(parts: readonly string[]): string {
  const text = parts.map((part) => part.normalize('NFC').replaceAll(/\s+/g, ' ').trim())
  return bytesToHex(sha256(utf8ToBytes(JSON.stringify(text)))).slice(0, hashDigits)
}
