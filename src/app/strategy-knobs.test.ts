import { describe, expect, test } from 'vitest'
import { crossOutcomeDefaults } from '../strategies/cross-outcome/cross-outcome.ts'
import { StrategyKnobs } from './strategy-knobs.ts'

function kept(): { readonly knobs: StrategyKnobs; readonly config: typeof crossOutcomeDefaults } {
  const knobs = new StrategyKnobs()
  const config = knobs.keep('cross-outcome', { ...crossOutcomeDefaults, enabled: true })
  return { knobs, config }
}

describe('what may be changed of a strategy', () => {
  test('is told as exact decimals, without its switch', () => {
    expect(kept().knobs.of('cross-outcome')).toEqual({
      edgeMin: '0.01',
      sizeMin: '5',
      sizeMax: '100',
    })
  })

  test('reaches the settings that the strategy reads, and not those of the configuration', () => {
    const { knobs, config } = kept()

    knobs.set('cross-outcome', { edgeMin: '0.0125' })

    expect(config.edgeMin).toBe(12_500)
    expect(crossOutcomeDefaults.edgeMin).toBe(10_000)
  })

  test.each([
    {
      name: 'a setting there is not',
      values: { lotMin: '1' },
      want: 'cross-outcome has no lotMin',
    },
    {
      name: 'a seventh decimal',
      values: { edgeMin: '0.0000001' },
      want: 'edgeMin: expected a number with 6 decimals',
    },
    {
      name: 'a number below zero',
      values: { edgeMin: '-0.01' },
      want: 'edgeMin: expected a number that is not below zero',
    },
    {
      name: 'a least size above the most',
      values: { sizeMin: '101' },
      want: 'sizeMin is above sizeMax',
    },
    {
      name: 'a word',
      values: { edgeMin: 'much' },
      want: 'edgeMin: expected a number with 6 decimals',
    },
  ])('refuses $name, and changes nothing', ({ values, want }) => {
    const { knobs, config } = kept()

    expect(knobs.refusal('cross-outcome', values)).toBe(want)
    knobs.set('cross-outcome', { sizeMax: '50', ...values })

    expect(config).toEqual({ ...crossOutcomeDefaults, enabled: true })
  })
})
