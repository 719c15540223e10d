import { readFileSync } from 'node:fs'

import { z } from 'zod'

const shape = z.object({ version: z.string() })

/** The version of this program, as its package says. */
export function programVersion(): string {
  const text = readFileSync(new URL('../../package.json', import.meta.url), 'utf8')
  return shape.parse(JSON.parse(text)).version
}
