type Due = { readonly at: number; readonly order: number; readonly run: () => void }

/** What one call of `run` may do at the most: the loop is never held for long. */
const tasksPerRunMax = 400
/** How far the schedule may lag behind the clock before it lets the time go. */
const lagMsMax = 500

/**
 * A list of things to do, each at its time, counted in milliseconds from the start.
 *
 * The sequence of tasks depends on their times alone, never on how often somebody looks: the same
 * seed gives the same run on a fast machine and on a slow one. When the machine cannot keep up, the
 * schedule loses time; it does not catch up in a rush.
 */
export class Scheduler {
  readonly #heap: Due[] = []
  #count = 0
  #now = 0
  #lost = 0

  /** The time of the task that runs, or of the last one. */
  get now(): number {
    return this.#now
  }

  after(delayMs: number, run: () => void): void {
    this.#count += 1
    this.#push({ at: this.#now + Math.max(0, delayMs), order: this.#count, run })
  }

  /** Does everything that is due when `elapsedMs` have passed on the clock since the start. */
  run(elapsedMs: number): void {
    let left = tasksPerRunMax
    for (let next = this.#heap[0]; next !== undefined; next = this.#heap[0]) {
      if (next.at > elapsedMs - this.#lost) break
      if (left === 0) {
        this.#lost += Math.max(0, elapsedMs - this.#lost - next.at - lagMsMax)
        return
      }
      left -= 1
      this.#pop()
      this.#now = next.at
      next.run()
    }
  }

  #push(due: Due): void {
    const heap = this.#heap
    let index = heap.length
    heap.push(due)
    while (index > 0) {
      const above = (index - 1) >> 1
      const parent = heap[above]
      if (parent === undefined || !isBefore(due, parent)) break
      heap[index] = parent
      index = above
    }
    heap[index] = due
  }

  #pop(): void {
    const heap = this.#heap
    const last = heap.pop()
    if (last === undefined || heap.length === 0) return
    let index = 0
    for (;;) {
      let child = 2 * index + 1
      const left = heap[child]
      const right = heap[child + 1]
      if (left === undefined) break
      let first = left
      if (right !== undefined && isBefore(right, left)) {
        child += 1
        first = right
      }
      if (!isBefore(first, last)) break
      heap[index] = first
      index = child
    }
    heap[index] = last
  }
}

function isBefore(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order)
}
