/** Everything that can be made to go wrong on purpose. */
export const faultNames = [
  'silent-freeze',
  'dropped-snapshot',
  'stale-delta',
  'crossed-sweep',
  'malformed-frame',
  'disconnect',
  'http-429',
  'slow-reply',
  'corrupt-level',
  'duplicate-frame',
  // Of trading: what the sender of an order may never see, and what it may see twice.
  'lost-reply',
  'late-reply',
  'duplicate-user-event',
  'reordered-user-event',
  'user-disconnect',
  'trade-retried',
  'trade-failed',
  'heartbeat-lost',
  'signer-limit',
  'engine-restart',
] as const

export type FaultName = (typeof faultNames)[number]
