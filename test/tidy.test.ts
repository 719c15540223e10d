/**
 * The rules of STYLE.md that a machine can hold.
 *
 * Each rule is tried three times: it must refuse its bad examples, let its good ones pass, and hold
 * in the project as it stands.
 */
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { boundaryRules } from './tidy/boundary-rules.ts'
import { documentRules } from './tidy/document-rules.ts'
import { layerRules } from './tidy/layer-rules.ts'
import { moduleRules } from './tidy/module-rules.ts'
import type { Rule } from './tidy/rule.ts'
import { sizeRules } from './tidy/size-rules.ts'
import { textRules } from './tidy/text-rules.ts'
import { readTree, treeOf } from './tidy/tree.ts'
import { unitRules } from './tidy/unit-rules.ts'
import { venueRules } from './tidy/venue-rules.ts'

const project = readTree(path.resolve(import.meta.dirname, '..'))

const rules: readonly Rule[] = [
  ...sizeRules,
  ...moduleRules,
  ...boundaryRules,
  ...layerRules,
  ...unitRules,
  ...venueRules,
  ...documentRules,
  ...textRules,
]

describe.each(rules)('$name', ({ check, bad, good, instead }) => {
  test('holds in the project', () => {
    const findings = check(project).map(({ file, line, what }) => `${file}:${line}  ${what}`)

    expect(findings, `${findings.join('\n')}\nInstead: ${instead}.\n`).toEqual([])
  })

  test.each(bad)('refuses bad example %#', (example) => {
    expect(check(treeOf(example))).not.toEqual([])
  })

  test.each(good)('lets good example %# pass', (example) => {
    expect(check(treeOf(example))).toEqual([])
  })
})
