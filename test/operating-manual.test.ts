import { readFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { metricCatalog } from '../src/telemetry/metric-catalog.ts'

const root = path.resolve(import.meta.dirname, '..')
const manual = readFileSync(path.join(root, 'docs/operating.md'), 'utf8')
const rulesText = readFileSync(path.join(root, 'ops/alerts.yml'), 'utf8')

const Rules = z.object({
  groups: z.array(
    z.object({
      rules: z.array(
        z.object({ alert: z.string(), annotations: z.object({ runbook_url: z.string() }) }),
      ),
    }),
  ),
})
const rules = Rules.parse(parse(rulesText)).groups.flatMap((group) => group.rules)

describe('the operating manual', () => {
  test('lists every metric there is, with its kind, its labels and its meaning', () => {
    const wanted = metricCatalog.map(({ name, kind, labels, help }) => {
      const words = labels.map((label) => `\`${label}\``).join(', ')
      return `| \`${name}\` | ${kind} | ${words} | ${help} |`
    })

    const listed = manual
      .split('\n')
      .filter((line) => /^\| `\w+` \| (counter|gauge|hist)/.test(line))

    expect(listed).toEqual(wanted)
  })

  test('has a part for every alert, and each alert leads to its own', () => {
    const [, alerts = ''] = manual.split('\n## Alerts\n')
    const parts = [...alerts.matchAll(/^### (\w+)$/gm)].map(([, name]) => name)

    expect(parts).toEqual(rules.map(({ alert }) => alert))
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook_url).toBe(`docs/operating.md#${alert.toLowerCase()}`)
    }
  })
})
