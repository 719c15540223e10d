/**
 * One thing that was looked at.
 *
 * `failure` is wrong here and can be mended here; `unreachable` is a host that does not answer.
 */
export type Finding = {
  readonly name: string
  readonly state: 'ok' | 'warning' | 'failure' | 'unreachable'
  readonly found: string
  /** What to do. Empty when there is nothing to do. */
  readonly remedy: string
}
