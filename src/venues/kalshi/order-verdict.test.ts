import { describe, expect, test } from 'vitest'
import {
  readBatchCancels,
  readBatchVerdicts,
  readCancelVerdict,
  readVerdict,
} from './order-verdict.ts'

const good = { order_id: 'v1', fill_count: '2.00', remaining_count: '8.00', ts_ms: 1 }

describe('the answer to an order', () => {
  test('that is good says how it stands', () => {
    expect(readVerdict(201, good)).toEqual({
      kind: 'accepted',
      id: 'v1',
      filled: 2_000_000,
      remaining: 8_000_000,
    })
  })

  test.each([
    { status: 400, code: 'invalid_order', details: 'post only cross', is: 'post-only-would-cross' },
    {
      status: 400,
      code: 'invalid_order',
      details: 'Expiration timestamp must be in the future',
      is: 'expiration',
    },
    { status: 400, code: 'invalid_order', details: 'price is not on the grid', is: 'tick-size' },
    { status: 400, code: 'invalid_order', is: 'invalid' },
    { status: 400, code: 'invalid_parameters', is: 'invalid' },
    { status: 400, code: 'invalid_price_tick', is: 'tick-size' },
    { status: 400, code: 'invalid_order_size', is: 'size-too-small' },
    { status: 400, code: 'insufficient_balance', is: 'balance' },
    { status: 400, code: 'available_balance_too_low', is: 'balance' },
    {
      status: 400,
      code: 'invalid_order',
      details: 'EXCEEDED_ORDER_GROUP_RISK_LIMIT',
      is: 'order-group-limit',
    },
    { status: 400, code: 'EXCEEDED_PER_MARKET_RISK_LIMIT', is: 'risk-limit' },
    { status: 400, code: 'SELF_CROSS_ATTEMPT', is: 'self-trade' },
    { status: 404, code: 'not_found', is: 'market-not-ready' },
    { status: 404, code: 'market_not_found', is: 'market-not-ready' },
    { status: 409, code: 'market_inactive', is: 'market-not-ready' },
    { status: 400, code: 'MARKET_ALREADY_CLOSED', is: 'market-not-ready' },
    { status: 409, code: 'fill_or_kill_insufficient_resting_volume', is: 'killed' },
    { status: 400, code: 'something_new', is: 'other' },
    { status: 401, code: 'authentication_error', is: 'not-allowed' },
    { status: 403, code: 'forbidden', is: 'not-allowed' },
  ])('$status $code is a refusal: $is', ({ status, code, is, ...details }) => {
    const nested = readVerdict(status, { error: { code, message: 'm', ...details } })
    const flat = readVerdict(status, { code, message: 'm', ...details })

    expect(nested).toMatchObject({ kind: 'rejected', reason: is })
    expect(flat).toEqual(nested)
  })

  test.each([
    { name: 'a used name', status: 409, code: 'order_already_exists', is: 'duplicate' },
    { name: 'a conflict nobody knows', status: 409, code: 'something_new', is: 'unclear' },
    { name: 'a pause of trading', status: 409, code: 'trading_paused', is: 'closed' },
    { name: 'a pause of everything', status: 503, code: 'EXCHANGE_PAUSED', is: 'closed' },
    { name: 'an engine nobody reaches', status: 503, code: 'EXCHANGE_UNAVAILABLE', is: 'unclear' },
    { name: 'an error inside', status: 500, code: 'internal_server_error', is: 'unclear' },
    { name: 'a time that is up', status: 408, code: 'timeout', is: 'unclear' },
  ])('$name is $is', ({ status, code, is }) => {
    expect(readVerdict(status, { error: { code } }).kind).toBe(is)
  })

  test.each([
    { name: 'a page of a proxy', status: 502, body: '<html>' },
    { name: 'a good answer without an order', status: 201, body: { ts_ms: 1 } },
    { name: 'a count that is none', status: 201, body: { ...good, fill_count: '2.005' } },
  ])('$name is unclear, and no refusal', ({ status, body }) => {
    expect(readVerdict(status, body).kind).toBe('unclear')
  })

  test('too many calls is a bare word', () => {
    expect(readVerdict(429, { error: 'too many requests' })).toMatchObject({
      kind: 'rejected',
      reason: 'rate-limited',
    })
  })
})

describe('the answer to a batch', () => {
  test('is a verdict for each, by our name of it, in whatever order they come', () => {
    const killed = {
      client_order_id: 'b',
      error: { code: 'fill_or_kill_insufficient_resting_volume' },
    }
    const body = { orders: [killed, { ...good, client_order_id: 'a' }] }

    const verdicts = readBatchVerdicts(201, body, ['a', 'b', 'c'])

    expect(verdicts.map((verdict) => verdict.kind)).toEqual(['accepted', 'rejected', 'unclear'])
  })

  test('without names goes by the place, when all are answered', () => {
    const body = { orders: [good, { error: { code: 'insufficient_balance' } }] }

    const verdicts = readBatchVerdicts(201, body, ['a', 'b'])

    expect(verdicts.map((verdict) => verdict.kind)).toEqual(['accepted', 'rejected'])
  })

  test('without names goes by nothing, when some are not answered', () => {
    const verdicts = readBatchVerdicts(201, { orders: [good] }, ['a', 'b'])

    expect(verdicts.map((verdict) => verdict.kind)).toEqual(['unclear', 'unclear'])
  })

  test('that was refused whole refuses each', () => {
    const verdicts = readBatchVerdicts(429, { error: 'too many requests' }, ['a', 'b'])

    expect(verdicts.map((verdict) => verdict.kind)).toEqual(['rejected', 'rejected'])
  })

  test('an error of one that is not known leaves it unclear', () => {
    const [verdict] = readBatchVerdicts(201, { orders: [{ error: { code: 'new' } }] }, ['a'])

    expect(verdict?.kind).toBe('unclear')
  })
})

describe('the answer to a cancel', () => {
  test('says how much was still open', () => {
    const verdict = readCancelVerdict(200, { order_id: 'v', reduced_by: '3.50' })

    expect(verdict).toEqual({ kind: 'cancelled', reducedBy: 3_500_000 })
  })

  test.each([
    { status: 404, body: { error: { code: 'not_found' } }, is: 'not-there' },
    { status: 500, body: {}, is: 'unclear' },
    { status: 200, body: {}, is: 'unclear' },
    { status: 409, body: { error: { code: 'market_inactive' } }, is: 'unclear' },
  ])('$status is $is', ({ status, body, is }) => {
    expect(readCancelVerdict(status, body).kind).toBe(is)
  })

  test('of a batch is one for each that is named', () => {
    const verdicts = readBatchCancels(200, {
      orders: [
        { order_id: 'a', reduced_by: '1.00' },
        { order_id: 'b', reduced_by: '0.00', error: { code: 'not_found' } },
        { order_id: 'c', reduced_by: '0.00', error: { code: 'market_inactive' } },
      ],
    })

    expect([...verdicts.values()].map(({ kind }) => kind)).toEqual([
      'cancelled',
      'not-there',
      'unclear',
    ])
  })
})
