import { describe, expect, test } from 'vitest'
import { gridOf, parseAxis, randomTrials } from './parameter-grid.ts'

describe('a grid of parameters', () => {
  test.each([
    { text: 'a.b=0.002..0.02/4', values: ['0.002', '0.008', '0.014', '0.02'] },
    { text: 'a.b=1..1/1', values: ['1'] },
    { text: 'a.b=25,100, 400', values: ['25', '100', '400'] },
    { text: 'a.b=true,false', values: ['true', 'false'] },
  ])('reads $text', ({ text, values }) => {
    expect(parseAxis(text)).toEqual({ name: 'a.b', values })
  })

  test.each(['a', '=1', 'a=', 'a=2..1/3', 'a=1,,2', 'a=1..2/0'])('refuses %s', (text) => {
    expect(parseAxis(text)).toBeUndefined()
  })

  test('is every choice of the values, and by chance some of them, each once', () => {
    const axes = [
      { name: 'a', values: ['1', '2'] },
      { name: 'b', values: ['x', 'y'] },
    ]

    const all = gridOf(axes)
    const some = randomTrials(axes, 3, 7)

    expect(all).toEqual([
      { a: '1', b: 'x' },
      { a: '1', b: 'y' },
      { a: '2', b: 'x' },
      { a: '2', b: 'y' },
    ])
    expect(new Set(some.map((trial) => JSON.stringify(trial))).size).toBe(3)
    expect(randomTrials(axes, 3, 7)).toEqual(some)
    expect(randomTrials(axes, 99, 7)).toHaveLength(4)
  })
})
