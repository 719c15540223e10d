/**
 * How well pairs of two venues are found and judged, on the labelled set.
 *
 * `precision` and `recall` are those of the gate, on both halves together; `dev` is the half that
 * rules and weights were made on, `test` the other. Run by `npm run bench:pairs -- --json`.
 */
import { parseArgs } from 'node:util'
import { readLabelledPairs } from '../src/propositions/fixtures/labelled-pairs.ts'
import {
  measureCandidates,
  measureCrossProduct,
  measureGate,
} from '../src/propositions/fixtures/measure.ts'

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })

const set = readLabelledPairs()
const halves = (['dev', 'test'] as const).map((split) => {
  const pairs = set.pairs.filter((pair) => pair.split === split)
  return { split, gate: measureGate(pairs), candidates: measureCandidates(set, pairs) }
})
const all = measureGate(set.pairs)
const startedAt = performance.now()
const crossProduct = measureCrossProduct(set)
const weighMicros = ((performance.now() - startedAt) * 1_000) / crossProduct.pairs

const rounded = (value: number): number => Math.round(value * 1_000) / 1_000
const figures = {
  pairs: all.pairs,
  precision: rounded(all.precision),
  recall: rounded(all.recall),
  costWeightedPrecision: rounded(all.costWeightedPrecision),
  candidates: measureCandidates(set, set.pairs),
  ...Object.fromEntries(
    halves.map(({ split, gate, candidates }) => [split, { gate, candidates }] as const),
  ),
  crossProduct,
  weighMicros: rounded(weighMicros),
}

if (values.json) console.log(JSON.stringify(figures))
else for (const line of report()) console.log(line)

// A pair that is wrongly called alike costs a dollar a share: that is a failure, not a figure.
process.exitCode = all.precision < 1 || crossProduct.wrong.length > 0 ? 1 : 0

function report(): readonly string[] {
  return [
    `${all.pairs} labelled pairs, ${crossProduct.pairs} others that must not be called alike`,
    ...halves.flatMap(({ split, gate, candidates }) => [
      `${split.padEnd(5)} gate        precision ${rounded(gate.precision)}, recall ${rounded(gate.recall)}, ` +
        `one way ${rounded(gate.oneWay.precision)} / ${rounded(gate.oneWay.recall)}, ` +
        `differences named ${rounded(gate.allowancesNamed)}`,
      `      candidates  R@1 ${rounded(candidates.recallAt1)}, R@5 ${rounded(candidates.recallAt5)}, ` +
        `R@20 ${rounded(candidates.recallAt20)}`,
    ]),
    `wrong       ${[...all.wrong, ...crossProduct.wrong].join('; ') || 'none'}`,
    `one pair is weighed in ${rounded(weighMicros)} µs`,
  ]
}
