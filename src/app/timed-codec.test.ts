import { describe, expect, test } from 'vitest'
import { LineCodec } from '../../test/engine/line-codec.ts'
import { CountingMetrics } from '../../test/engine/scene.ts'
import type { EpochMs, Nanos } from '../core/units.ts'
import { MarketCache } from '../engine/market-cache.ts'
import { Turn } from '../engine/turn.ts'
import type { Clock } from '../ports/clock.ts'
import { TimedCodec } from './timed-codec.ts'

/** A clock by which reading a frame takes two microseconds. */
class StepClock implements Clock {
  #nanos = 1_000_000

  epochMs(): EpochMs {
    return 0 as EpochMs
  }

  nanos(): Nanos {
    this.#nanos += 2_000
    return this.#nanos as Nanos
  }
}

function scene(): {
  readonly codec: TimedCodec
  readonly times: (stage: string) => readonly number[]
  readonly frame: () => void
} {
  const metrics = new CountingMetrics()
  const codec = new TimedCodec(new LineCodec(), new StepClock(), metrics)
  const counter = () => ({ add: () => undefined })
  const turn = new Turn(
    'polymarket',
    { proof() {}, needSnapshot() {}, lifecycle() {}, trade() {} },
    { event: counter, refused: counter, proof: counter },
  )
  return {
    codec,
    times: (stage) => metrics.records.get(`path_stage_us{venue=polymarket,stage=${stage}}`) ?? [],
    frame: () => codec.onFrame(0, new TextEncoder().encode('close none'), new MarketCache(), turn),
  }
}

describe('a timed codec', () => {
  test('times one frame in eight, and says where the time went', () => {
    const { codec, frame, times } = scene()

    for (let each = 0; each < 16; each++) {
      frame()
      // It came in 5 µs before the first look at the clock, and was done 7 µs after the second.
      codec.turned(997_000 as Nanos, 1_011_000 as Nanos)
    }

    expect(times('wire')).toEqual([5, 9])
    expect(times('decode')).toEqual([2, 2])
    expect(times('decide')).toEqual([7, 3])
  })

  test('says how long after a frame its orders went out', () => {
    const { codec, times } = scene()

    codec.placed(990_000 as Nanos)

    expect(times('order')).toEqual([12])
  })
})
