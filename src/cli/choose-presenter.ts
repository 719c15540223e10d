import type { Io } from './io.ts'
import { JsonPresenter } from './json-presenter.ts'
import { LinePresenter } from './line-presenter.ts'
import { LivePresenter } from './live-presenter.ts'
import type { Presenter } from './presenter.ts'

/** JSON lines for machines, a live picture on a terminal, plain lines everywhere else. */
export function choosePresenter(io: Io, json: boolean): Presenter {
  if (json) return new JsonPresenter(io)
  return io.screen === undefined ? new LinePresenter(io) : new LivePresenter(io, io.screen)
}
