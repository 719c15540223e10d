import type { Bound } from './bounds.ts'
import { onLattice, relateBounds } from './bounds.ts'
import type { Reading } from './extract.ts'
import type { Finding } from './finding.ts'
import { same, unknown, veto } from './finding.ts'
import { formatDecimal } from '../core/decimal.ts'

/** What the numbers of two listings say of each other. */
export type BoundComparison = {
  readonly findings: readonly Finding[]
  /** The numbers are each other's complement: YES of one is NO of the other. */
  readonly isComplement: boolean
}

export function compareBounds(a: Reading, b: Reading): BoundComparison {
  const result = (...findings: Finding[]): BoundComparison => ({ findings, isComplement: false })
  if (a.bound === undefined && b.bound === undefined) return result()
  if (a.boundUnclear || b.boundUnclear) {
    return result(unknown('number', 'a listing names different numbers'))
  }
  if (a.bound === undefined || b.bound === undefined) {
    return result(veto('number', `only one turns on it: ${text(a.bound ?? b.bound)}`))
  }
  if (a.bound.unit !== undefined && b.bound.unit !== undefined && a.bound.unit !== b.bound.unit) {
    return result(veto('unit', `${a.bound.unit} against ${b.bound.unit}`))
  }
  const step = a.bound.step ?? b.bound.step
  if (a.bound.step !== undefined && b.bound.step !== undefined && a.bound.step !== b.bound.step) {
    return result(unknown('number', 'the figures are published in different steps'))
  }
  const [first, second] =
    step === undefined ? [a.bound, b.bound] : [onLattice(a.bound, step), onLattice(b.bound, step)]
  const detail = `${text(first)} against ${text(second)}`
  switch (relateBounds(first, second)) {
    case 'same':
      return result(same('number', text(first)))
    case 'complement':
      return { findings: [same('number', `${detail}: one or the other`)], isComplement: true }
    case 'first-inside':
      return result(oneWay('first', first, second, detail))
    case 'second-inside':
      return result(oneWay('second', first, second, detail))
    case 'other':
      return result(veto(vetoName(first, second), detail))
  }
}

function oneWay(lesser: 'first' | 'second', a: Bound, b: Bound, detail: string): Finding {
  return {
    kind: 'one-way',
    lesser,
    dimension: 'number',
    detail,
    scenario: {
      what: `the figure is ${lesser === 'first' ? text(b) : text(a)} but not ${lesser === 'first' ? text(a) : text(b)}`,
      first: lesser === 'first' ? 'NO' : 'YES',
      second: lesser === 'first' ? 'YES' : 'NO',
    },
  }
}

function vetoName(a: Bound, b: Bound): string {
  const shapes = new Set([shapeOf(a), shapeOf(b)])
  if (shapes.size === 1) return 'number'
  return shapes.has('band') ? 'band or tail' : 'direction of the number'
}

function shapeOf({ low, high }: Bound): string {
  if (low !== undefined && high !== undefined) return 'band'
  return low === undefined ? 'below' : 'above'
}

function text(bound: Bound | undefined): string {
  if (bound === undefined) return 'none'
  const { low, high, lowOpen, highOpen, unit } = bound
  const after = unit === undefined ? '' : ` ${unit}`
  if (low !== undefined && low === high) return `exactly ${formatDecimal(low, 6)}${after}`
  const parts = [
    low === undefined ? '' : `${lowOpen ? '>' : '≥'} ${formatDecimal(low, 6)}`,
    high === undefined ? '' : `${highOpen ? '<' : '≤'} ${formatDecimal(high, 6)}`,
  ]
  return `${parts.filter((part) => part !== '').join(' and ')}${after}`
}
