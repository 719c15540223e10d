import { describe, expect, test } from 'vitest'
import { guardLoops } from './guard-loops.ts'

function guarded(text: string): string {
  const head = 'import { countLoop as __countLoop } from "counter"; '
  const result = guardLoops(text, 'counter')
  return result === text ? 'as it was' : result.replace(head, '')
}

describe('guardLoops', () => {
  test.each([
    ['for (;;);', 'for (;;__countLoop());'],
    ['for (let i = 0; i < n; i++) x()', 'for (let i = 0; i < n; __countLoop(),  i++) x()'],
    ['while (true) { x() }', 'while (__countLoop(), true) { x() }'],
    ['do { x() } while (f(a, b))', 'do { x() } while (__countLoop(), f(a, b))'],
    [
      'for (const f = (a: { b: 1; c: 2 }) => a; ; f(1)) {}',
      'for (const f = (a: { b: 1; c: 2 }) => a; ; __countLoop(),  f(1)) {}',
    ],
    ['while (a) for (;;) b()', 'while (__countLoop(), a) for (;;__countLoop()) b()'],
  ])('%s has a call in its head', (text, want) => {
    expect(guarded(text)).toBe(want)
  })

  test.each([
    'for (const a of b) c(a)',
    'for (const a in b) c(a)',
    "const a = 'while (true)'",
    '// while (true)\nconst a = 1',
    'const a = `for (;;)`',
    'a.while(true)',
    'const meanwhile = (a: number) => a',
  ])('%s is left as it was', (text) => {
    expect(guarded(text)).toBe('as it was')
  })

  test('moves no line, so that an error names the right one', () => {
    const text = 'const a = 1\n// One.\nwhile (a) {\n  b()\n}\n'

    expect(guardLoops(text, 'counter').split('\n')).toHaveLength(text.split('\n').length)
  })
})
