import { randomBytes } from 'node:crypto'
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { Log } from '../ports/log.ts'
import type { Scope, Tokens } from '../server/access.ts'

const tokenPattern = /^[\w-]{32,}$/
/** Nobody but who runs this may read a token. */
const ownerOnly = 0o600

/**
 * The tokens of the API, from files that are made at the first start.
 *
 * Where nothing can be written there are tokens for this run only: the login link works as well.
 */
export function loadTokens(folder: string, log: Log): Tokens {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 })
    return { read: loadToken(folder, 'read'), control: loadToken(folder, 'control') }
  } catch (error) {
    log.warn('the tokens of the API are for this run only: no file can be kept', { folder, error })
    return { read: newToken(), control: newToken() }
  }
}

export function tokenFile(folder: string, scope: Scope): string {
  return path.join(folder, `${scope}.token`)
}

function loadToken(folder: string, scope: Scope): string {
  const file = tokenFile(folder, scope)
  try {
    // Another process may start at the same moment: whoever comes second reads what is there.
    writeFileSync(file, `${newToken()}\n`, { flag: 'wx', mode: ownerOnly })
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
    chmodSync(file, ownerOnly)
  }
  const token = readFileSync(file, 'utf8').trim()
  if (!tokenPattern.test(token))
    throw new Error(`${file} holds no token; delete it to get a new one`)
  return token
}

function newToken(): string {
  return randomBytes(32).toString('base64url')
}
