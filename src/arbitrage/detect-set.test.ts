import { describe, expect, test } from 'vitest'
import type { Market } from '../core/market.ts'
import type { OutcomeSet } from '../core/outcome-set.ts'
import { unknownClaim } from '../core/outcome-set.ts'
import type { MicroShares, MicroUsd, Ppm } from '../core/units.ts'
import { checkCertificate } from './check-certificate.ts'
import { planConversion } from './conversion.ts'
import { detectNoBasket, detectYesBasket } from './detect-set.ts'
import {
  evidenceOf,
  optionsOf,
  smallBooks,
  smallFee,
  smallMarket,
  smallSet,
  type SmallBook,
} from './fixtures/small-market.ts'
import type { Group } from './group.ts'
import { groupOfSet } from './set-group.ts'

const names = ['ann', 'bob', 'cid']

type Given = {
  readonly books: readonly SmallBook[]
  readonly facts?: Partial<Market>
  readonly set?: Partial<OutcomeSet>
  readonly changed?: Readonly<Record<string, Partial<Market>>>
}

function sceneOf({ books, facts, set, changed = {} }: Given): {
  group: Group | string
  books: ReturnType<typeof smallBooks>
} {
  const used = books.map((_, index) => names[index] ?? `m${index}`)
  const markets = used.map((name) => smallMarket(name, { ...facts, ...changed[name] }))
  const group = groupOfSet(smallSet(markets, set), (id) => markets.find((one) => one.id === id))
  return { group, books: smallBooks(markets, books) }
}

function yesEdge(given: Given): number | undefined {
  const { group, books } = sceneOf(given)
  if (typeof group === 'string') return undefined
  return detectYesBasket(group, optionsOf(books))?.edge
}

function noEdge(given: Given): number | undefined {
  const { group, books } = sceneOf(given)
  if (typeof group === 'string') return undefined
  return detectNoBasket(group, optionsOf(books))?.edge
}

/** A YES of each for 97 cents. docs/strategies/outcome-basket.md works this example. */
const at97 = [{ asks: [[40, 100]] }, { asks: [[35, 100]] }, { asks: [[22, 100]] }] as const

describe('a basket of every YES', () => {
  test('earns the three cents of each set, on every share there is', () => {
    expect(yesEdge({ books: at97 })).toBe(3_000_000)
  })

  test('earns less what the fees can come to', () => {
    // 0.04 × (0.40 × 0.60 + 0.35 × 0.65 + 0.22 × 0.78) × 100 = $2.5564, and ten for each rounding.
    expect(yesEdge({ books: at97, facts: { fee: smallFee(40_000) } })).toBe(3_000_000 - 2_556_430)
  })

  test.each<{ name: string; given: Given }>([
    { name: 'one outcome is left out', given: { books: at97.slice(0, 2) } },
    {
      name: 'the set is not known to be exhaustive',
      given: { books: at97, set: { exhaustive: unknownClaim } },
    },
    { name: 'two may win', given: { books: at97, set: { exclusive: unknownClaim } } },
    { name: 'a fee has risen', given: { books: at97, facts: { fee: smallFee(70_000) } } },
    {
      name: 'a fee is not known',
      given: { books: at97, changed: { bob: { fee: { kind: 'unknown', reason: '' } } } },
    },
    { name: 'a member has closed', given: { books: at97, changed: { bob: { status: 'closed' } } } },
    {
      name: 'a member has won',
      given: { books: at97, changed: { bob: { resolution: { yesValue: 1_000_000 as Ppm } } } },
    },
    {
      name: 'a member was split',
      given: { books: at97, changed: { bob: { resolution: { yesValue: 500_000 as Ppm } } } },
    },
    { name: 'a book is empty', given: { books: [...at97.slice(0, 2), {}] } },
    {
      name: 'together they cost a dollar',
      given: { books: [...at97.slice(0, 2), { asks: [[25, 100]] }] },
    },
  ])('is not there when $name', ({ name, given }) => {
    const shown =
      name === 'one outcome is left out' ? { ...given, set: { members: membersOf(names) } } : given

    expect(yesEdge(shown)).toBeUndefined()
  })

  test.each(['placeholder', 'untradable'])('is not there when a member is %s', (kind) => {
    const members = membersOf(names).map((member, index) => {
      if (index > 0) return member
      return kind === 'placeholder'
        ? { ...member, role: 'placeholder' as const }
        : { ...member, tradable: false }
    })

    expect(yesEdge({ books: at97, set: { members } })).toBeUndefined()
  })

  test('stands when the missing member has lost already', () => {
    const lost = { resolution: { yesValue: 0 as Ppm }, status: 'resolved' } as const

    expect(yesEdge({ books: at97, changed: { cid: lost } })).toBe(25_000_000)
  })

  test('stops where the next share costs more than it pays', () => {
    const books = [
      {
        asks: [
          [40, 10],
          [43.5, 90],
        ],
      },
      { asks: [[35, 100]] },
      { asks: [[22, 100]] },
    ] as const

    expect(yesEdge({ books })).toBe(10 * 30_000)
  })

  test('is cut down to the money there is', () => {
    const { group, books } = sceneOf({ books: at97 })
    if (typeof group === 'string') throw new Error(group)
    const cash = new Map([['polymarket' as const, 48_500_000 as MicroUsd]])

    const found = detectYesBasket(group, optionsOf(books, { cash }))

    expect([found?.size, found?.edge]).toEqual([50_000_000, 1_500_000])
  })

  test('is not worth a year of waiting at a tenth by the year', () => {
    const facts = { closesAt: undefined }
    const { group, books } = sceneOf({ books: at97, facts })
    if (typeof group === 'string') throw new Error(group)

    const hurdlePerYear = 100_000 as Ppm

    expect(detectYesBasket(group, optionsOf(books, { hurdlePerYear }))).toBeUndefined()
  })
})

function membersOf(all: readonly string[]): OutcomeSet['members'] {
  return smallSet(all.map((name) => smallMarket(name))).members
}

/** E4 of the notes on arbitrage: bids of 45, 30, 15, 8 and 6 cents, 104 together. */
const at104 = [45, 30, 15, 8, 6].map((cents): SmallBook => ({ bids: [[cents, 100]] }))

describe('a basket of NO', () => {
  test('earns what the bids come to above a dollar', () => {
    expect(noEdge({ books: at104 })).toBe(4_000_000)
  })

  test('earns $1.14 of $4 at a fee of 0.04, as the worked example says', () => {
    // Minus ten micro-dollars for each leg's rounding.
    expect(noEdge({ books: at104, facts: { fee: smallFee(40_000) } })).toBe(1_140_000 - 50)
  })

  test('needs no exhaustive set', () => {
    expect(noEdge({ books: at104, set: { exhaustive: unknownClaim } })).toBe(4_000_000)
  })

  test('is not there when two may win', () => {
    expect(noEdge({ books: at104, set: { exclusive: unknownClaim } })).toBeUndefined()
  })

  test('drops a leg whose depth has ended, and goes on with the others', () => {
    const books: readonly SmallBook[] = [
      { bids: [[50, 100]] },
      { bids: [[52, 100]] },
      { bids: [[10, 20]] },
    ]
    const { group, books: made } = sceneOf({ books })
    if (typeof group === 'string') throw new Error(group)

    const found = detectNoBasket(group, optionsOf(made))

    expect(found?.certificate.legs.map(({ size }) => size)).toEqual([
      100_000_000, 100_000_000, 20_000_000,
    ])
    expect(found?.edge).toBe(100 * 20_000 + 20 * 100_000)
  })

  test('pays as cash what it pays at the least, once converted', () => {
    const sizes = [100, 100, 20].map((shares) => (shares * 1_000_000) as MicroShares)

    const plan = planConversion(sizes, 0)

    expect(plan).toEqual({
      steps: [
        { amount: 20_000_000, given: [0, 1, 2], cash: 40_000_000 },
        { amount: 80_000_000, given: [0, 1], cash: 80_000_000 },
      ],
      cash: 120_000_000,
    })
  })

  test('converts at once where the contracts do it for nothing, and waits where it costs', () => {
    const by = (feeBips: number | undefined): string | undefined => {
      const conversion = feeBips === undefined ? undefined : { id: '0x', feeBips }
      const { group, books } = sceneOf({
        books: at104,
        facts: { negRisk: true },
        set: { conversion },
      })
      if (typeof group === 'string') return group
      return detectNoBasket(group, optionsOf(books))?.realisation.by
    }

    expect([by(0), by(10), by(undefined)]).toEqual(['convert', 'settlement', 'settlement'])
  })
})

describe('an opportunity', () => {
  test('is the same one when it is seen again, and its certificate holds', () => {
    const { group, books } = sceneOf({ books: at97 })
    if (typeof group === 'string') throw new Error(group)

    const found = detectYesBasket(group, optionsOf(books))
    const again = detectYesBasket(group, optionsOf(books))

    expect(again?.id).toBe(found?.id)
    expect(found && checkCertificate(found.certificate, evidenceOf(group, books))).toEqual({
      kind: 'true',
    })
  })

  test('tells what it makes by the year, and when the money is back', () => {
    const { group, books } = sceneOf({ books: at97 })
    if (typeof group === 'string') throw new Error(group)

    const found = detectYesBasket(group, optionsOf(books))

    // $3 on $97 for 30 days and one to settle.
    expect(found?.annualisedReturn).toBe(Math.floor(((3 / 97) * 1_000_000 * 365) / 31))
    expect(found?.realisation.lockedDays).toBe(31)
  })

  test('tells what could break it, and what is left then', () => {
    const { group, books } = sceneOf({ books: at97 })
    if (typeof group === 'string') throw new Error(group)

    const breaks = detectYesBasket(group, optionsOf(books))?.breaks ?? []

    expect(breaks.map(({ what, profit }) => [what, profit])).toContainEqual([
      'not true: at least one wins (proven: the rules say so)',
      -97_000_000,
    ])
    expect(breaks.map(({ what, profit }) => [what, profit])).toContainEqual([
      'ann resolves half and half',
      -47_000_000,
    ])
  })
})
