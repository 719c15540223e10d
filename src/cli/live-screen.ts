import type { Screen } from './io.ts'

const enter = '\u001b[?1049h\u001b[?25l'
const leave = '\u001b[?25h\u001b[?1049l'
/** Between these a terminal that knows them shows nothing half drawn; others ignore them. */
const begin = '\u001b[?2026h'
const end = '\u001b[?2026l'

/**
 * Draws whole pictures on the terminal's second screen, and gives the first back as it was.
 *
 * Only lines that changed are written, in one write: a screen that is cleared before it is drawn
 * flickers.
 */
export class LiveScreen {
  readonly #screen: Screen
  #shown: readonly string[] | undefined
  #size = ''

  constructor(screen: Screen) {
    this.#screen = screen
  }

  draw(lines: readonly string[]): void {
    const size = `${this.#screen.columns()}x${this.#screen.rows()}`
    let text = begin
    if (this.#shown === undefined) text += enter
    if (size !== this.#size) {
      text += '\u001b[2J'
      this.#shown = []
      this.#size = size
    }
    for (const [index, line] of lines.entries()) {
      if (this.#shown?.[index] === line) continue
      text += `\u001b[${index + 1};1H${line}\u001b[K`
    }
    if ((this.#shown?.length ?? 0) > lines.length) text += `\u001b[${lines.length + 1};1H\u001b[J`
    this.#shown = lines
    this.#screen.write(text + end)
  }

  leave(): void {
    if (this.#shown !== undefined) this.#screen.write(leave)
    this.#shown = undefined
    this.#size = ''
  }
}
