import type { EpochMs } from '../../core/units.ts'
import type { AlertRule, Severity } from './alert.ts'
import { severities } from './alert.ts'
import { wordTime } from './word-alert.ts'

/** Alerts of one cause, as they go out. */
export type AlertLine = {
  readonly rule: AlertRule
  readonly severity: Severity
  readonly cause: string
  /** Of the latest. */
  readonly text: string
  readonly count: number
  readonly firstMs: EpochMs
  readonly lastMs: EpochMs
}

/** How many alerts of a rule are not told one by one. */
export type HeldBack = { readonly rule: AlertRule; readonly count: number }

/** What goes out on a channel at once. */
export type AlertMessage = {
  readonly atMs: EpochMs
  /** The most severe first. */
  readonly lines: readonly AlertLine[]
  readonly heldBack: readonly HeldBack[]
}

/** A line is cut here: a market's question may be long, and channels take only so much. */
const lineLengthMax = 350

export function severityOf({ lines }: AlertMessage): Severity {
  const found = severities.findLast((severity) => lines.some((line) => line.severity === severity))
  return found ?? 'info'
}

/** The subject of a mail, the heading of a post: `[PAPER] critical: kill, 2 fill`. */
export function titleOf(message: AlertMessage, badge: string): string {
  const counts = new Map<AlertRule, number>()
  for (const { rule } of message.lines) counts.set(rule, (counts.get(rule) ?? 0) + 1)
  const rules = [...counts].map(([rule, count]) => (count === 1 ? rule : `${count} ${rule}`))
  return `[${badge}] ${severityOf(message)}: ${rules.join(', ')}`
}

/** What stands below the title: a line for each cause, and what was held back. */
export function bodyOf({ heldBack, lines }: AlertMessage): string {
  const held = heldBack.map(({ count, rule }) => `${count} ${rule}`).join(', ')
  return [
    ...lines.map(wordLine),
    ...(held === '' ? [] : [`Held back and only counted: ${held}.`]),
  ].join('\n')
}

function wordLine({ count, firstMs, lastMs, text }: AlertLine): string {
  const line = clip(oneLine(text), lineLengthMax)
  const often = count === 1 ? '' : `, ${count} times since ${wordTime(firstMs)}`
  return `${line} (${wordTime(lastMs)}${often})`
}

/** Text that cannot break out of its line: venues write part of it. */
export function oneLine(text: string): string {
  return text.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim()
}

/** At most so many characters, with a sign where something was cut off. */
export function clip(text: string, lengthMax: number): string {
  if (text.length <= lengthMax) return text
  return `${text.slice(0, lengthMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`
}

/** Title and body as one text of at most so many characters. */
export function plainText(message: AlertMessage, badge: string, lengthMax: number): string {
  return clip(`${titleOf(message, badge)}\n${bodyOf(message)}`, lengthMax)
}
