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
] as const

export type FaultName = (typeof faultNames)[number]
