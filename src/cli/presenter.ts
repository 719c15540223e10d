import type { RunEvent, RunView } from '../app/run-view.ts'

/** Shows a run while it goes. */
export type Presenter = {
  /** How often it wants to see where the run stands. */
  readonly viewEveryMs: number
  event(event: RunEvent): void
  view(view: RunView): void
  /** Shows a line of the log, which is JSON. */
  log(line: string): void
  /** Gives the terminal back: what is printed after this stays. */
  close(): void
}
