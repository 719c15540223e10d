import type { DestinationStream } from 'pino'

/** More lines than this while starting say no more. */
const heldMax = 200

/**
 * Holds the lines that are logged while a run starts.
 *
 * A start that fails ends in one line that says why; what was logged on the way there would bury
 * it. A start that succeeds lets them through.
 */
export class HeldLog implements DestinationStream {
  readonly #write: (line: string) => void
  #held: string[] | undefined = []

  constructor(write: (line: string) => void) {
    this.#write = write
  }

  write(line: string): void {
    if (this.#held === undefined) this.#write(line)
    else if (this.#held.length < heldMax) this.#held.push(line)
  }

  release(): void {
    for (const line of this.#held ?? []) this.#write(line)
    this.#held = undefined
  }
}
