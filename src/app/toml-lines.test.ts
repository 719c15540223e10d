import { describe, expect, test } from 'vitest'
import { lineOfPath, tomlLines } from './toml-lines.ts'

const text = `mode = "paper" # a comment
server.port = 9000

[venues.polymarket]
tags = [
  "a",
]
note = """
port = 1
[server]
"""
"quoted key" = 1

[[list]]
name = "x"
`

describe('tomlLines', () => {
  const lines = tomlLines(text)

  test.each([
    [['mode'], 1],
    [['server', 'port'], 2],
    [['venues', 'polymarket'], 4],
    [['venues', 'polymarket', 'tags'], 5],
    [['venues', 'polymarket', 'quoted key'], 12],
    [['list', 'name'], 15],
  ])('finds %j on line %i', (path, line) => {
    expect(lineOfPath(lines, path)).toBe(line)
  })

  test('what stands in a long string is no key', () => {
    expect(lineOfPath(lines, ['server', 'port'])).toBe(2)
    expect(lines.has('venues.polymarket.port')).toBe(false)
  })

  test('a path that is not there is found by what holds it', () => {
    expect(lineOfPath(lines, ['venues', 'polymarket', 'tags', '1'])).toBe(5)
    expect(lineOfPath(lines, ['risk', 'x'])).toBeUndefined()
  })
})
