import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

import { describe, expect, test } from 'vitest'
import { z } from 'zod'

import { encodeOrder } from './encode.ts'
import { zero32 } from './order-hash.ts'
import { matchedAmounts, readVerdict, refusalOf } from './order-verdict.ts'

const accepted = {
  success: true,
  errorMsg: '',
  orderID: '0xabc',
  takingAmount: '',
  makingAmount: '',
  status: 'live',
}

describe('readVerdict', () => {
  test.each([
    ['an order that rests', accepted, { kind: 'live', id: '0xabc' }],
    ['an order that waits', { ...accepted, status: 'delayed' }, { kind: 'delayed', id: '0xabc' }],
    [
      'an order that matched',
      { ...accepted, status: 'matched', takingAmount: '10', makingAmount: '5.2', tradeIDs: ['t1'] },
      { kind: 'matched', id: '0xabc', taking: 10_000_000, making: 5_200_000, tradeIds: ['t1'] },
    ],
    [
      'a refusal that says success',
      {
        ...accepted,
        orderID: '',
        status: '',
        errorMsg: 'post-only mode: only post-only orders and cancels are allowed',
      },
      { kind: 'rejected', reason: 'post-only-mode' },
    ],
    [
      'a refusal by status code',
      { error: 'not enough balance / allowance' },
      { kind: 'rejected', reason: 'balance' },
    ],
    ['an unmatched order, as unclear', { ...accepted, status: 'unmatched' }, { kind: 'unclear' }],
    ['an acceptance without an id, as unclear', { ...accepted, orderID: '' }, { kind: 'unclear' }],
    [
      'a match without amounts, as unclear',
      { ...accepted, status: 'matched' },
      { kind: 'unclear' },
    ],
    ['a status nobody has named, as unclear', { ...accepted, status: 'ok' }, { kind: 'unclear' }],
    ['another shape, as unclear', ['live'], { kind: 'unclear' }],
  ])('reads %s', (_, body, want) => {
    expect(readVerdict(body)).toMatchObject(want)
  })
})

describe('refusalOf', () => {
  test.each([
    ["order couldn't be fully filled. FOK orders are fully filled or killed.", 'killed'],
    ['order 0x1 is invalid. Price (0.505) breaks minimum tick size rule: 0.01', 'tick-size'],
    ['order 0x1 is invalid. Size (3) lower than the minimum: 5', 'size-too-small'],
    ['invalid amount for a marketable BUY order ($0.5), min size: $1', 'size-too-small'],
    ['order 0x1 is invalid. Duplicated.', 'duplicate'],
    ['maker address not allowed, please use the deposit wallet flow', 'not-allowed'],
    ['something new', 'other'],
  ])('%s', (words, want) => {
    expect(refusalOf(words)).toBe(want)
  })
})

describe('encodeOrder', () => {
  test('writes the shape that the venue reads', () => {
    const body: unknown = JSON.parse(
      encodeOrder({
        signed: {
          id: '0x1',
          signature: '0x3246',
          fields: {
            salt: 1_701_306_573_562,
            maker: '0xaa',
            signer: '0xaa',
            tokenId: '7132',
            makerAmount: 5_200_000,
            takerAmount: 10_000_000,
            side: 0,
            signatureType: 0,
            timestamp: 1_795_386_715_621,
            metadata: zero32,
            builder: zero32,
          },
        },
        owner: '1111',
        orderType: 'GTC',
        postOnly: false,
        expirationSeconds: 0,
      }),
    )

    expect(body).toEqual({
      deferExec: false,
      postOnly: false,
      order: {
        salt: 1_701_306_573_562,
        maker: '0xaa',
        signer: '0xaa',
        tokenId: '7132',
        makerAmount: '5200000',
        takerAmount: '10000000',
        side: 'BUY',
        signatureType: 0,
        timestamp: '1795386715621',
        expiration: '0',
        metadata: zero32,
        builder: zero32,
        signature: '0x3246',
      },
      owner: '1111',
      orderType: 'GTC',
    })
  })
})

const folder = join(process.env['CAPTURES_DIR'] ?? '/nowhere', 'polymarket', 'orders')

describe.skipIf(!existsSync(folder))('captured answers (CAPTURES_DIR)', () => {
  test.each([
    ['poly_full_fill_real_tydog99.json', { size: 5_000_000 }],
    ['poly_partial_fill_real_tydog99.json', { size: 5_000_000 }],
  ])('%s is a match of the shares it says', (name, want) => {
    const captured = z.looseObject({ response: z.looseObject({ body_raw: z.string() }) })
    const { response } = captured.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))
    const body: unknown = JSON.parse(response.body_raw)

    const verdict = readVerdict(body)

    expect(verdict.kind).toBe('matched')
    if (verdict.kind === 'matched') expect(matchedAmounts('buy', verdict)).toMatchObject(want)
  })
})
