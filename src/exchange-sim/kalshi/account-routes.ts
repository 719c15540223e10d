import type { ApiReply, ApiRequest, Gate, Route } from '../http-host.ts'
import { found } from '../http-host.ts'
import type { Accounts, Identity } from './accounts.ts'
import { callCost } from './call-cost.ts'
import { apiPath } from './listing-routes.ts'
import type { Budget, TokenBuckets } from './token-buckets.ts'
import { budgetOf, defaultCost } from './token-buckets.ts'

/** docs/venues/kalshi.md, 1.3: a bare string, and no header that says when to come back. */
const tooMany: ApiReply = { status: 429, body: { error: 'too many requests' } }

/** Paths that nobody may read unsigned. docs/venues/kalshi.md, 2.4. */
const signedPaths = /^\/trade-api\/v2\/(portfolio|account\/limits|api_keys)(\/|$)/

/** What costs less than the default. */
const cheapCalls = [
  { method: 'DELETE', path: '/portfolio/events/orders/{order_id}', cost: 2 },
  { method: 'DELETE', path: '/portfolio/events/orders', cost: 2 },
]

/** Lets in who signs well, or needs not sign, and has the tokens. */
export function accountGate(accounts: Accounts, buckets: TokenBuckets): Gate {
  return (request) => Promise.resolve(verdictOn(request, accounts, buckets))
}

export function accountRoutes(accounts: Accounts): readonly Route[] {
  return [
    {
      method: 'GET',
      path: `${apiPath}/account/limits`,
      answer(request) {
        const identity = accounts.identify(request)
        if (identity.kind !== 'account') return unauthorised(identity)
        const { tier } = identity.account
        return found({
          usage_tier: tier ?? 'basic',
          read: budgetJson(budgetOf(tier, 'read')),
          write: budgetJson(budgetOf(tier, 'write')),
          grants: [],
        })
      },
    },
    {
      method: 'GET',
      path: `${apiPath}/account/endpoint_costs`,
      answer: () => found({ default_cost: defaultCost, endpoint_costs: cheapCalls }),
    },
  ]
}

function verdictOn(
  request: ApiRequest,
  accounts: Accounts,
  buckets: TokenBuckets,
): ApiReply | undefined {
  const identity = accounts.identify(request)
  if (identity.kind === 'refused') return unauthorised(identity)
  if (identity.kind === 'anonymous' && signedPaths.test(request.path)) return unauthorised(identity)

  const account = identity.kind === 'account' ? identity.account : undefined
  const name = request.method === 'GET' ? 'read' : 'write'
  return buckets.take(account, name, callCost(request)) ? undefined : tooMany
}

function unauthorised(identity: Identity): ApiReply {
  const details = identity.kind === 'refused' ? identity.reason : 'no credentials'
  const error = { code: 'authentication_error', message: 'authentication_error', details }
  return { status: 401, body: { error } }
}

function budgetJson({ refillRate, capacity }: Budget): object {
  return { refill_rate: refillRate, bucket_capacity: capacity }
}
