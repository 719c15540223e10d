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
export function bodyOf(message: AlertMessage): string {
  return [...message.lines.map(wordLine), ...heldLine(message.heldBack)].join('\n')
}

/**
 * Title and body as one text of at most so many characters. Lines that do not fit any more are
 * counted like those that were held back.
 */
export function plainText(message: AlertMessage, badge: string, lengthMax: number): string {
  const { heldBack, lines } = message
  const title = titleOf(message, badge)
  for (let shown = lines.length; shown > 0; shown--) {
    const text = [
      title,
      ...lines.slice(0, shown).map(wordLine),
      ...heldLine([...heldBack, ...lines.slice(shown)]),
    ].join('\n')
    if (text.length <= lengthMax) return text
  }
  return clip(`${title}\n${bodyOf(message)}`, lengthMax)
}

function heldLine(held: readonly HeldBack[]): readonly string[] {
  if (held.length === 0) return []
  const counts = new Map<AlertRule, number>()
  for (const { count, rule } of held) counts.set(rule, (counts.get(rule) ?? 0) + count)
  const words = [...counts].map(([rule, count]) => `${count} ${rule}`).join(', ')
  return [`Held back and only counted: ${words}.`]
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
