import { readFileSync } from 'node:fs'
import path from 'node:path'
import { loginLink, refusal } from '../server/schema/control.ts'
import { tokenFile } from './access-tokens.ts'
import { loadConfig } from './load-config.ts'
import type { Machine } from './machine.ts'

export type LoginAnswer =
  | { readonly kind: 'link'; readonly url: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** Asks the engine that runs on this machine for a link that lets one browser in. */
export async function askForLoginLink(request: {
  readonly machine: Machine
  readonly configFile: string | undefined
  readonly port: number | undefined
}): Promise<LoginAnswer> {
  const { folder, environment } = request.machine
  const { config } = loadConfig({ file: request.configFile, folder, environment, overrides: [] })
  const file = tokenFile(path.resolve(folder, config.data.folder), 'control')
  const token = readToken(file)
  if (token === undefined) {
    return { kind: 'refused', reason: `${file} cannot be read; has an engine been started here?` }
  }
  const address = `http://127.0.0.1:${request.port ?? config.server.port}`
  try {
    const response = await fetch(`${address}/api/login-links`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}` },
    })
    const body: unknown = await response.json()
    if (response.ok) return { kind: 'link', url: loginLink.parse(body).url }
    const told = refusal.safeParse(body)
    return { kind: 'refused', reason: told.success ? told.data.message : `${response.status}` }
  } catch {
    return { kind: 'refused', reason: `no engine answers on ${address}; is it another port?` }
  }
}

function readToken(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    return undefined
  }
}
