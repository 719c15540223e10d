import { describe, expect, test } from 'vitest'
import type { MicroUsd } from '../core/units.ts'
import { EquityCurve } from './equity-curve.ts'

function curveOf(seconds: number): EquityCurve {
  const curve = new EquityCurve()
  for (let second = 0; second < seconds; second++) {
    curve.note(second * 1_000, second as MicroUsd, 0 as MicroUsd)
  }
  return curve
}

describe('the curve of a run', () => {
  test('has a point a second, however often it is told', () => {
    const curve = new EquityCurve()

    for (let tick = 0; tick < 40; tick++) curve.note(tick * 50, 0 as MicroUsd, 0 as MicroUsd)

    expect(curve.points().map(({ atMs }) => atMs)).toEqual([0, 1_000])
  })

  test('of a day has no more points than that of an hour, as evenly spread', () => {
    const points = curveOf(86_400).points()

    expect(points.length).toBeLessThanOrEqual(4_096)
    const steps = new Set(
      points.slice(1).map(({ atMs }, index) => atMs - (points[index]?.atMs ?? 0)),
    )
    expect(steps).toEqual(new Set([32_000]))
    expect(points[0]?.atMs).toBe(0)
  })
})
