import { describe, expect, test } from 'vitest'
import type { EpochMs } from '../core/units.ts'
import type { Confirmation } from './confirm.ts'
import { confirmPair } from './confirm.ts'
import type { Evidence } from './evidence.ts'
import { weigh } from './evidence.ts'
import { readListing } from './extract.ts'
import { readLabelledPairs } from './fixtures/labelled-pairs.ts'

const { pairs } = readLabelledPairs()
const ann: Confirmation = { by: 'Ann', at: 0 as EpochMs, allow: [], note: undefined }

function evidenceOf(kalshi: string, polymarket?: string): Evidence {
  const pair = pairs.find(
    (one) =>
      one.kalshi.slug === kalshi && (polymarket ?? one.polymarket.slug) === one.polymarket.slug,
  )
  if (pair === undefined) throw new Error(kalshi)
  return weigh(readListing(pair.polymarket), readListing(pair.kalshi))
}

/** The same evidence, had Kalshi's market been named first. */
function swapped({ first, second }: Evidence): Evidence {
  return weigh(second, first)
}

describe('confirmPair', () => {
  test('confirms a pair that is the same, with hashes of what was read', () => {
    const result = confirmPair(evidenceOf('KXNBA-27-BOS'), ann)

    expect(result).toMatchObject({
      kind: 'confirmed',
      entry: { by: 'Ann', verdict: 'same', orientation: 'same', lesser: undefined },
    })
    if (result.kind !== 'confirmed') return
    expect(result.entry.id).toMatch(/^p-[0-9a-f]{10}$/)
    expect(result.entry.polymarket.rulesHash).not.toBe(result.entry.kalshi.rulesHash)
  })

  test('refuses a veto, whatever is allowed and noted', () => {
    const all = {
      ...ann,
      allow: ['void', 'postponement', 'tie', 'source', 'zone', 'revision', 'no-show'] as const,
      note: 'I know better',
    }

    const result = confirmPair(evidenceOf('KXNBA-28-BOS'), all)

    expect(result).toEqual({ kind: 'refused', reasons: ['year: 2027 against 2028'] })
  })

  test('refuses until each difference is allowed by name', () => {
    const evidence = evidenceOf('KXMLBGAME-27JUN121910NYYBOSG2-NYY')

    expect(evidence.allowances).toEqual(['tie', 'postponement', 'void'])
    expect(confirmPair(evidence, { ...ann, allow: ['postponement', 'void'] })).toMatchObject({
      kind: 'refused',
      reasons: [expect.stringContaining('--allow tie')],
    })
    const result = confirmPair(evidence, {
      ...ann,
      allow: ['postponement', 'void', 'tie', 'source'],
    })
    // What does not differ is not written down as allowed: it could differ tomorrow.
    expect(result).toMatchObject({ entry: { allow: ['postponement', 'void', 'tie'] } })
  })

  test('asks for a note where something could not be read', () => {
    const evidence = evidenceOf('KXGGDRAMA-27-DUN')

    expect(evidence.verdict).toBe('unknown')
    expect(confirmPair(evidence, ann).kind).toBe('refused')
    expect(confirmPair(evidence, { ...ann, note: '  ' }).kind).toBe('refused')
    expect(confirmPair(evidence, { ...ann, note: 'the 84th are those of 2027' }).kind).toBe(
      'confirmed',
    )
  })

  test('refuses a name that is none', () => {
    expect(confirmPair(evidenceOf('KXNBA-27-BOS'), { ...ann, by: ' ' }).kind).toBe('refused')
  })

  test.each([
    ['one way of the same side', 'KXETHD-27JAN1517-G5000', 'same', 'kalshi'],
    ['one way of a complement', 'KXNFLGAME-26DEC20KCBUF-BUF', 'complement', 'polymarket'],
  ])(
    'keeps the lesser side whichever market is named first: %s',
    (_, ticker, orientation, lesser) => {
      const evidence = evidenceOf(
        ticker,
        ticker.startsWith('KXNFL') ? 'will-the-chiefs-beat-the-bills-on-december-20' : undefined,
      )
      const confirmation = { ...ann, allow: evidence.allowances, note: 'read' }

      const [there, back] = [evidence, swapped(evidence)].map((one) =>
        confirmPair(one, confirmation),
      )

      expect(there).toMatchObject({ kind: 'confirmed', entry: { orientation, lesser } })
      expect(back).toEqual(there)
    },
  )
})
