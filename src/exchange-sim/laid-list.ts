/** A run longer than this is judged by its first part. */
const keptMax = 50_000

type Lasting = { readonly id: string; readonly fromMs: number; readonly untilMs: number }

/** What was laid into the books, and when it was taken out again. */
export class LaidList<Facts extends object> {
  readonly #name: string
  readonly #ended: (Facts & Lasting)[] = []
  readonly #open = new Map<string, Facts & Lasting>()
  #count = 0

  constructor(name: string) {
    this.#name = name
  }

  /** Notes that something lies there now. What is returned is called when it does no more. */
  open(facts: Facts, now: number): (then: number) => void {
    this.#count += 1
    const id = `${this.#name}-${this.#count}`
    this.#open.set(id, { ...facts, id, fromMs: now, untilMs: now })
    return (then) => {
      const entry = this.#open.get(id)
      this.#open.delete(id)
      if (entry === undefined || this.#ended.length >= keptMax) return
      this.#ended.push({ ...entry, untilMs: then })
    }
  }

  /** All of it in the order it was laid; what still lies there ends now. */
  all(now: number): readonly (Facts & Lasting)[] {
    const open = [...this.#open.values()].map((one) => ({ ...one, untilMs: now }))
    return [...this.#ended, ...open].toSorted((a, b) => a.fromMs - b.fromMs)
  }
}
