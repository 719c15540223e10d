import type { Random } from '../core/random.ts'

/**
 * What the outcomes of a group of books are really worth, as a state that wanders.
 *
 * Whatever the state, the values fit together: those of a set add up, a ladder falls. So no
 * portfolio at fair value earns anything, and quotes on both sides of it leave no mispricing.
 */
export type FairModel = {
  /** The chance of each book's outcome, in the order of the group's books. */
  values(): readonly number[]
  /** A state a little further on. */
  step(random: Random): FairModel
  /** A state in which the outcome of the book at `index` is worth less or more. */
  shift(index: number, direction: -1 | 1, strength: number): FairModel
}

/** One question. `separate`: its two outcomes are two books. */
export function singleModel(odds: number, form: 'one-book' | 'two-books'): FairModel {
  const logit = clamp(odds, 3)
  return {
    values() {
      const chance = sigmoid(logit)
      return form === 'one-book' ? [chance] : [chance, 1 - chance]
    },
    step: (random) => singleModel(logit * 0.998 + random.normal() * 0.03, form),
    shift: (index, direction, strength) =>
      singleModel(logit + (index === 0 ? 1 : -1) * direction * strength, form),
  }
}

/**
 * At most one of several wins. The weight of those who are not listed is the last one, and it has
 * no book.
 */
export function outrightModel(weights: readonly number[]): FairModel {
  return {
    values() {
      const powers = weights.map(Math.exp)
      const total = powers.reduce((sum, power) => sum + power, 0)
      return powers.slice(0, -1).map((power) => power / total)
    },
    step: (random) =>
      outrightModel(
        weights.map((weight) =>
          Number.isFinite(weight) ? clamp(weight + random.normal() * 0.02, 2.5) : weight,
        ),
      ),
    shift: (index, direction, strength) =>
      outrightModel(
        weights.map((weight, at) => (at === index ? weight + direction * strength : weight)),
      ),
  }
}

/** A book on a line: of "above `from`", or of the range between two numbers. */
export type LineBook =
  | { readonly kind: 'above'; readonly from: number }
  | { readonly kind: 'between'; readonly from: number; readonly to: number }

export type Line = { readonly center: number; readonly spread: number; readonly width: number }

/** Everything that one number decides: thresholds and ranges of it. */
export function lineModel(line: Line, books: readonly LineBook[]): FairModel {
  const { center, spread, width } = line
  const above = (from: number): number => sigmoid((center - from) / spread)
  const moved = (by: number): FairModel => lineModel({ ...line, center: center + by }, books)
  return {
    values: () =>
      books.map((book) =>
        book.kind === 'above' ? above(book.from) : above(book.from) - above(book.to),
      ),
    // It is drawn back to the middle, so that no book goes dead for good.
    step: (random) => moved(random.normal() * 0.04 * spread - (center - width) * 0.004),
    shift(index, direction, strength) {
      const book = books[index]
      const isLow = book?.kind === 'between' && (book.from + book.to) / 2 < center
      return moved((isLow ? -1 : 1) * direction * strength * spread)
    },
  }
}

/** "By then", for later and later dates: the chance grows with the time. */
export function datesModel(logRate: number, times: readonly number[]): FairModel {
  return {
    values: () => times.map((time) => 1 - Math.exp(-Math.exp(logRate) * time)),
    step: (random) => datesModel(clamp(logRate * 0.998 + random.normal() * 0.02, 1.5), times),
    shift: (_, direction, strength) => datesModel(logRate + direction * strength, times),
  }
}

/** Questions that are asked several times, each at the place in `inner` that `places` tells. */
export function copiedModel(inner: FairModel, places: readonly number[]): FairModel {
  return {
    values() {
      const values = inner.values()
      return places.map((place) => values[place] ?? 0.5)
    },
    step: (random) => copiedModel(inner.step(random), places),
    shift: (index, direction, strength) =>
      copiedModel(inner.shift(places[index] ?? 0, direction, strength), places),
  }
}

/** A question of minutes: the closer the end, the surer the answer. */
export function closingModel(odds: number, winner: -1 | 1): FairModel {
  const logit = clamp(odds, 5)
  return {
    values: () => [sigmoid(logit)],
    step: (random) => closingModel(logit + winner * 0.06 + random.normal() * 0.12, winner),
    shift: (_, direction, strength) => closingModel(logit + direction * strength, winner),
  }
}

function sigmoid(x: number): number {
  return 1 / (1 + Math.exp(-x))
}

function clamp(x: number, most: number): number {
  return Math.max(-most, Math.min(most, x))
}
