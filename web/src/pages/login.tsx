import type { FormEvent, ReactNode } from 'react'
import { useState } from 'react'
import { session } from '../../../src/server/schema/control.ts'
import { useQuery } from '../router.ts'
import { ask } from '../request.ts'

/** Asks for a token where no link has let the browser in. */
export function Login({ onLogin }: { readonly onLogin: () => void }): ReactNode {
  const linkWasUsed = useQuery().get('login') === 'used'
  const [token, setToken] = useState('')
  const [error, setError] = useState('')
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    try {
      await ask('/api/login', session, { method: 'POST', body: { token: token.trim() } })
      history.replaceState(null, '', '/')
      onLogin()
    } catch (failure) {
      setError(failure instanceof Error ? failure.message : String(failure))
    }
  }
  return (
    <main className="door">
      <h1>Prediction Engine</h1>
      <p className="soft">
        {linkWasUsed
          ? 'This link has been used, or is too old: a link lets one browser in, once.'
          : 'The engine prints a link when it starts. It lets one browser in, once.'}
      </p>
      <form onSubmit={(event) => void submit(event)}>
        <label className="stacked">
          Or give a token, from <code>control.token</code> or <code>read.token</code> in the data
          folder
          <input
            className="field"
            type="password"
            autoComplete="off"
            required
            value={token}
            onChange={({ target }) => setToken(target.value)}
          />
        </label>
        {error === '' ? null : (
          <p className="loss" role="alert">
            {error}
          </p>
        )}
        <button type="submit" className="button primary">
          Log in
        </button>
      </form>
    </main>
  )
}
