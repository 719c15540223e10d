import type { ExchangeClock } from '../exchange-clock.ts'
import type { ApiReply } from '../http-host.ts'

type Bucket = { tokens: number; at: number }

export type BucketName = 'orders' | 'cancels'

/** The lowest tier: so many a second, and so many at once. docs/venues/polymarket.md, 1.3. */
const standard = {
  orders: { perSecond: 40, burst: 60 },
  cancels: { perSecond: 80, burst: 120 },
} as const

export type Admission =
  | { readonly kind: 'admitted'; readonly headers: Readonly<Record<string, string>> }
  | { readonly kind: 'refused'; readonly reply: ApiReply }

/** How much every signer may still do. A call is admitted whole or not at all. */
export class SignerBuckets {
  readonly #clock: ExchangeClock
  readonly #buckets = new Map<string, Bucket>()

  constructor(clock: ExchangeClock) {
    this.#clock = clock
  }

  take(signer: string, name: BucketName, count: number): Admission {
    const { perSecond, burst } = standard[name]
    const now = this.#clock.epochMs()
    const key = `${signer}:${name}`
    const bucket = this.#buckets.get(key) ?? { tokens: burst, at: now }
    this.#buckets.set(key, bucket)
    bucket.tokens = Math.min(burst, bucket.tokens + ((now - bucket.at) * perSecond) / 1000)
    bucket.at = now
    if (bucket.tokens < count) return refuse(now, (count - bucket.tokens) / perSecond)

    bucket.tokens -= count
    return { kind: 'admitted', headers: headersOf(now, bucket.tokens) }
  }
}

function refuse(now: number, waitSeconds: number): Admission {
  const reply = {
    status: 429,
    body: { error: 'Rate limit exceeded' },
    headers: { ...headersOf(now, 0), 'retry-after': String(Math.ceil(waitSeconds)) },
  }
  return { kind: 'refused', reply }
}

function headersOf(now: number, left: number): Readonly<Record<string, string>> {
  return {
    'poly-ratelimit-remaining': String(Math.floor(left)),
    'poly-ratelimit-reset': String(Math.ceil(now / 1000) + 1),
    'poly-ratelimit-tier': 'standard',
  }
}
