import type { EpochMs } from '../../core/units.ts'

/** What a message may be about. Each can be switched off, and has its severity and its channels. */
export const alertRules = [
  'fill',
  'basket-unwinding',
  'basket-stuck',
  'locked-loss',
  'limit-near',
  'feed-broken',
  'strategy-stopped',
  'pair-withdrawn',
  'account-differs',
  'kill',
  'journal-ended',
  'daily-summary',
] as const
export type AlertRule = (typeof alertRules)[number]

/** The least first. */
export const severities = ['info', 'warning', 'critical'] as const
export type Severity = (typeof severities)[number]

export const alertChannels = ['telegram', 'discord', 'slack', 'email', 'webhook'] as const
export type AlertChannel = (typeof alertChannels)[number]

export type RuleSettings = {
  readonly enabled: boolean
  readonly severity: Severity
  /** Empty: every channel that is on. */
  readonly channels: readonly AlertChannel[]
}

/** Something that a person wants to know. */
export type Alert = {
  readonly rule: AlertRule
  readonly severity: Severity
  /** The same cause again within a while is the same message with a count. */
  readonly cause: string
  /** One line, for people. */
  readonly text: string
  readonly atMs: EpochMs
}

/** Negative when `a` is the more severe. */
export function bySeverity(a: Severity, b: Severity): number {
  return severities.indexOf(b) - severities.indexOf(a)
}
