/** A host that a command cannot do without does not answer. */
export class UnreachableError extends Error {
  override readonly name = 'UnreachableError'
  readonly host: string

  constructor(host: string, reason: string, cause: unknown) {
    super(
      `cannot reach ${host} (${reason}); check the internet connection with ` +
        '"prediction-engine doctor", or see it work without one: npm run demo',
      { cause },
    )
    this.host = host
  }
}
