import { describe, expect, test } from 'vitest'
import { LiveScreen } from './live-screen.ts'

function terminal(): { written: string[]; screen: LiveScreen; resize: (columns: number) => void } {
  const written: string[] = []
  let columns = 80
  const screen = new LiveScreen({
    columns: () => columns,
    rows: () => 24,
    write: (text) => void written.push(text),
  })
  return { written, screen, resize: (to) => (columns = to) }
}

describe('LiveScreen', () => {
  test('draws on the second screen and gives the first back with its cursor', () => {
    const { written, screen } = terminal()

    screen.draw(['a'])
    screen.leave()

    expect(written[0]).toContain('\u001b[?1049h\u001b[?25l')
    expect(written.at(-1)).toBe('\u001b[?25h\u001b[?1049l')
  })

  test('writes only the lines that changed, in one piece', () => {
    const { written, screen } = terminal()
    screen.draw(['same', 'old', 'same too'])

    screen.draw(['same', 'new', 'same too'])

    expect(written).toHaveLength(2)
    expect(written[1]).toBe('\u001b[?2026h\u001b[2;1Hnew\u001b[K\u001b[?2026l')
  })

  test('draws everything again when the terminal has another size', () => {
    const { written, screen, resize } = terminal()
    screen.draw(['a', 'b'])

    resize(100)
    screen.draw(['a', 'b'])

    expect(written[1]).toContain('\u001b[2J')
    expect(written[1]).toContain('\u001b[1;1Ha')
  })

  test('clears what is left of a longer picture', () => {
    const { written, screen } = terminal()
    screen.draw(['a', 'b', 'c'])

    screen.draw(['a'])

    expect(written[1]).toContain('\u001b[2;1H\u001b[J')
  })

  test('leaving a screen that was never drawn on writes nothing', () => {
    const { written, screen } = terminal()

    screen.leave()

    expect(written).toEqual([])
  })
})
