import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { EpochMs, Ticks } from '../../core/units.ts'
import type { OrderMessage, OrderType } from './order-message.ts'
import { isExpirationLawful, readTerms } from './order-rules.ts'

const zero32 = `0x${'0'.repeat(64)}`

function message(side: 'BUY' | 'SELL', money: number, size: number, orderType: OrderType) {
  const [maker, taker] = side === 'BUY' ? [money, size] : [size, money]
  const order: OrderMessage['order'] = {
    salt: 1,
    maker: '0x',
    signer: '0x',
    tokenId: '1',
    makerAmount: String(maker),
    takerAmount: String(taker),
    side,
    signatureType: 0,
    timestamp: '1',
    expiration: '0',
    metadata: zero32,
    builder: zero32,
    signature: '0x',
  }
  return { order, owner: '', orderType, postOnly: false }
}

const cent = 100 as Ticks

describe('the amounts of an order', () => {
  test('say the price and the size of a limit order exactly, on every grid', () => {
    const sides = fc.constantFrom('BUY' as const, 'SELL' as const)
    const ticks = fc.constantFrom(1000, 100, 50, 25, 10, 1)
    const sizes = fc.integer({ min: 500, max: 10_000_000 })
    fc.assert(
      fc.property(sides, ticks, fc.nat(), sizes, (side, tick, step, hundredths) => {
        const price = tick * (1 + (step % (10_000 / tick - 1)))
        const size = hundredths * 10_000
        // Ten thousand to the dollar times hundredths of a share: millionths of a dollar.
        const sent = message(side, price * hundredths, size, 'GTC')

        const terms = readTerms(sent, '0xa', tick as Ticks)

        expect(terms).toMatchObject({ price, size, side: side === 'BUY' ? 'buy' : 'sell' })
      }),
    )
  })

  test.each([
    {
      name: 'a price between two steps',
      sent: message('BUY', 2_575_000, 5_000_000, 'GTC'),
      says: 'order 0xa is invalid. Price (0.515) breaks minimum tick size rule: 0.01',
    },
    {
      name: 'a size below the least',
      sent: message('BUY', 2_000_000, 4_000_000, 'GTC'),
      says: 'order 0xa is invalid. Size (4) lower than the minimum: 5',
    },
    {
      name: 'a price of a dollar',
      sent: message('BUY', 5_000_000, 5_000_000, 'GTC'),
      says: 'order 0xa is invalid. Price (1) breaks minimum tick size rule: 0.01',
    },
    {
      name: 'shares finer than hundredths',
      sent: message('BUY', 2_500_000, 5_000_001, 'GTC'),
      says:
        'invalid amounts, the buy orders maker amount supports a max accuracy of 4 decimals, ' +
        'taker amount a max of 2 decimals',
    },
    {
      name: 'a market purchase finer than cents',
      sent: message('BUY', 2_501_000, 5_000_000, 'FOK'),
      says:
        'invalid amounts, the market buy orders maker amount supports a max accuracy of 2 ' +
        'decimals, taker amount a max of 4 decimals',
    },
    {
      name: 'a sale of thousandths of a share',
      sent: message('SELL', 2_500_000, 5_001_000, 'FAK'),
      says:
        'invalid amounts, the sell orders maker amount supports a max accuracy of 2 decimals, ' +
        'taker amount a max of 4 decimals',
    },
  ])('$name is refused in the words of the venue', ({ sent, says }) => {
    expect(readTerms(sent, '0xa', cent)).toEqual({ error: says })
  })

  test('imply a price in favour of who sends a market order, never beyond the limit', () => {
    // $10 for 19.2307 shares: $0.52000236, so at most $0.52 is paid.
    const bought = readTerms(message('BUY', 10_000_000, 19_230_700, 'FOK'), '0xa', cent)
    // $5.2301 for 10 shares: at least $0.52301, so no tick below $0.5231 is taken.
    const sold = readTerms(message('SELL', 5_230_100, 10_000_000, 'FAK'), '0xa', cent)

    expect([bought, sold]).toMatchObject([{ price: 5200 }, { price: 5231 }])
  })
})

test.each([
  { name: 'a minute ahead is taken', type: 'GTD' as const, seconds: 1060, lawful: true },
  { name: 'less is refused', type: 'GTD' as const, seconds: 1059, lawful: false },
  { name: 'only GTD has an end', type: 'GTC' as const, seconds: 5000, lawful: false },
])('an end: $name', ({ type, seconds, lawful }) => {
  const sent = message('BUY', 5_000_000, 10_000_000, type)
  const dated = { ...sent, order: { ...sent.order, expiration: String(seconds) } }

  expect(isExpirationLawful(dated, 1_000_000 as EpochMs)).toBe(lawful)
})
