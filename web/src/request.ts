import { useEffect, useState } from 'react'
import { z } from 'zod'
import { refusal } from '../../src/server/schema/control.ts'

// A schema is interpreted: what would compile it is code made of text, which the policy forbids.
z.config({ jitless: true })

/** An answer that was a refusal, in the server's own words. */
export class RefusedError extends Error {
  override readonly name = 'RefusedError'
  readonly code: string
  readonly status: number

  constructor(status: number, code: string, message: string) {
    super(message)
    this.status = status
    this.code = code
  }
}

export type RequestOptions = {
  readonly method?: 'GET' | 'POST' | 'PUT'
  readonly body?: unknown
  readonly signal?: AbortSignal
}

/** Asks the API. Throws a {@link RefusedError}, or an error when nobody answers. */
export async function ask<T>(
  path: string,
  schema: z.ZodType<T>,
  { method = 'GET', body, signal }: RequestOptions = {},
): Promise<T> {
  const response = await fetch(path, {
    method,
    ...(signal === undefined ? {} : { signal }),
    ...(body === undefined
      ? {}
      : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } }),
  })
  const answer: unknown = await response.json()
  if (response.ok) return schema.parse(answer)
  const told = refusal.safeParse(answer)
  if (told.success) throw new RefusedError(response.status, told.data.error, told.data.message)
  throw new RefusedError(response.status, 'UNKNOWN', `the server answered ${response.status}`)
}

/** What is known of something that was asked for: the last good answer outlives a failure. */
export type Asked<T> = {
  readonly data: T | undefined
  readonly error: Error | undefined
  readonly loading: boolean
}

/**
 * Asks for `path` when it changes, and again every so often. An undefined path asks for nothing.
 */
export function useAnswer<T>(
  path: string | undefined,
  schema: z.ZodType<T>,
  everyMs?: number,
): Asked<T> & { readonly again: () => void } {
  const [asked, setAsked] = useState<Asked<T> & { readonly path: string | undefined }>({
    path,
    data: undefined,
    error: undefined,
    loading: path !== undefined,
  })
  const [turn, setTurn] = useState(0)

  useEffect(() => {
    if (path === undefined) return undefined
    const abort = new AbortController()
    let timer: ReturnType<typeof setTimeout> | undefined
    const load = async (): Promise<void> => {
      try {
        const data = await ask(path, schema, { signal: abort.signal })
        setAsked({ path, data, error: undefined, loading: false })
      } catch (error) {
        if (abort.signal.aborted) return
        const told = error instanceof Error ? error : new Error(String(error))
        setAsked((known) => ({
          path,
          data: known.path === path ? known.data : undefined,
          error: told,
          loading: false,
        }))
      }
      // After the answer and not by the clock: a slow server is not asked twice at once.
      if (everyMs !== undefined && !abort.signal.aborted) timer = setTimeout(reload, everyMs)
    }
    const reload = (): void => void load()
    reload()
    return () => {
      abort.abort()
      clearTimeout(timer)
    }
  }, [path, schema, everyMs, turn])

  const current = asked.path === path
  return {
    data: current ? asked.data : undefined,
    error: current ? asked.error : undefined,
    loading: current ? asked.loading : path !== undefined,
    again: () => setTurn((known) => known + 1),
  }
}
