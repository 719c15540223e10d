/** What a person must allow by name before a pair with such a difference may trade. */
export const allowances = [
  'void',
  'postponement',
  'no-show',
  'tie',
  'revision',
  'source',
  'zone',
] as const

export type Allowance = (typeof allowances)[number]

/**
 * What one look at two listings has shown.
 *
 * - `veto`: they ask different things. - `unknown`: we cannot tell. - `one-way`: they differ, and
 * whenever they do the same one pays more. - `allow`: they differ where hardly anything ends up,
 * and a person may accept that. - `same`: looked at, and alike.
 */
export type Finding = {
  readonly dimension: string
  /** For people: both values, or what could not be read. */
  readonly detail: string
} & (
  | { readonly kind: 'same' }
  | { readonly kind: 'veto' }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'one-way'; readonly lesser: 'first' | 'second'; readonly scenario: Scenario }
  | { readonly kind: 'allow'; readonly allowance: Allowance; readonly scenario: Scenario }
)

/** A way the world may turn out in which the two could pay differently, and what each then pays. */
export type Scenario = {
  readonly what: string
  readonly first: string
  readonly second: string
}

export function same(dimension: string, detail: string): Finding {
  return { kind: 'same', dimension, detail }
}

export function veto(dimension: string, detail: string): Finding {
  return { kind: 'veto', dimension, detail }
}

export function unknown(dimension: string, detail: string): Finding {
  return { kind: 'unknown', dimension, detail }
}
