/** The largest number that divides both. */
export function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

/** The least number that both divide. */
export function commonMultiple(a: number, b: number): number {
  return (a / commonDivisor(a, b)) * b
}

/** `step` without what it has in common with `count`: `count` of these are whole steps. */
export function stepOfEach(step: number, count: number): number {
  return step / commonDivisor(step, count)
}
