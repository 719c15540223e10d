/** What stands where a secret stood. */
export const redacted = '[redacted]'

const secretName =
  /private_?key|secret|passphrase|password|mnemonic|authorization|cookie|api_?key|bearer|signature/i

/** Deeper fields than this are cut off: a log line is for reading. */
const depthMax = 6

/**
 * The same value without its secrets: fields that are named like one, and the given texts wherever
 * they occur. By value too, because an address with a key in it is a field named `url`.
 */
export function redact(value: unknown, secrets: readonly string[], depth = 0): unknown {
  if (typeof value === 'string') return redactText(value, secrets)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return value
  if (depth >= depthMax) return '[deeper]'
  if (value instanceof Error) return redactError(value, secrets, depth)
  if (Array.isArray(value)) return value.map((item) => redact(item, secrets, depth + 1))

  const clean: Record<string, unknown> = {}
  for (const [name, field] of Object.entries(value)) {
    clean[name] = secretName.test(name) ? redacted : redact(field, secrets, depth + 1)
  }
  return clean
}

export function redactText(text: string, secrets: readonly string[]): string {
  let clean = text
  for (const secret of secrets) {
    // A key is written with and without 0x; a text this short would blank out ordinary words.
    const core = secret.replace(/^0x/i, '')
    if (core.length >= 8) clean = clean.replaceAll(core, redacted)
  }
  return clean
}

function redactError(error: Error, secrets: readonly string[], depth: number): unknown {
  const { name, message, cause, stack } = error
  return {
    ...(redact(Object.fromEntries(Object.entries(error)), secrets, depth + 1) as object),
    name,
    message: redactText(message, secrets),
    ...(stack === undefined ? {} : { stack: redactText(stack, secrets) }),
    ...(cause === undefined ? {} : { cause: redact(cause, secrets, depth + 1) }),
  }
}
