import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { markDifferences } from './mark-differences.ts'

const own = (text: string): { text: string; isOwn: boolean } => ({ text, isOwn: true })
const both = (text: string): { text: string; isOwn: boolean } => ({ text, isOwn: false })

describe('what two rules say', () => {
  test('is marked where only one of them says it', () => {
    expect(markDifferences('is 4.5% or more', 'is above 4.5%')).toEqual([
      [both('is 4.5% '), own('or more')],
      [both('is '), own('above '), both('4.5%')],
    ])
  })

  test('is alike in spite of capitals and full stops', () => {
    const [first, second] = markDifferences('Resolves to Yes.', 'resolves to "yes"')

    expect(first).toEqual([both('Resolves to Yes.')])
    expect(second).toEqual([both('resolves to "yes"')])
  })

  test('of very long rules is not compared, and not lost', () => {
    const long = 'word '.repeat(2_000)

    expect(markDifferences(long, 'word')).toEqual([[both(long)], [both('word')]])
  })

  test('put together again is what was written', () => {
    const text = fc.array(fc.constantFrom('yes', 'no', 'above', '4.5%', 'if'), { maxLength: 20 })
    fc.assert(
      fc.property(text, text, (a, b) => {
        const [first, second] = [a.join(' '), b.join(' ')]
        const marked = markDifferences(first, second)

        expect(marked.map((each) => each.map(({ text }) => text).join(''))).toEqual([first, second])
        const shared = marked.map((each) =>
          each
            .filter(({ isOwn }) => !isOwn)
            .map(({ text }) => text)
            .join('')
            .split(/\s+/)
            .filter(Boolean),
        )
        expect(shared[0]).toEqual(shared[1])
      }),
    )
  })
})
