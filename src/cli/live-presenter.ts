import type { RunEvent, RunView } from '../app/run-view.ts'
import { colorInk, noInk } from './ink.ts'
import type { Io, Screen } from './io.ts'
import { describeLogLine } from './describe-log-line.ts'
import { LiveScreen } from './live-screen.ts'
import type { Presenter } from './presenter.ts'
import { renderView } from './render-view.ts'

/** A picture of the run that is drawn over and over on a terminal. */
export class LivePresenter implements Presenter {
  readonly viewEveryMs = 200
  readonly #io: Io
  readonly #screen: Screen
  readonly #live: LiveScreen
  #started = false
  #notice = ''

  constructor(io: Io, screen: Screen) {
    this.#io = io
    this.#screen = screen
    this.#live = new LiveScreen(screen)
  }

  event(event: RunEvent): void {
    // Before there is anything to draw, what it waits for is worth a line that stays.
    if (!this.#started && event.kind === 'progress') this.#io.print(event.text)
  }

  view(view: RunView): void {
    // A process that dies while it draws must not leave its terminal without a cursor.
    if (!this.#started) this.#io.onExit(() => this.#live.leave())
    this.#started = true
    const ink = this.#io.color ? colorInk : noInk
    const frame = { columns: this.#screen.columns(), rows: this.#screen.rows(), ink }
    this.#live.draw(renderView(view, this.#notice, frame))
  }

  log(line: string): void {
    // Written to the terminal it would tear the picture; the picture has a place for the last one.
    this.#notice = describeLogLine(line)
  }

  close(): void {
    this.#live.leave()
  }
}
