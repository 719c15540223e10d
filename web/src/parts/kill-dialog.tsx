import type { FormEvent, ReactNode } from 'react'
import { useState } from 'react'
import { killWord } from '../../../src/server/schema/control.ts'
import { useControl } from '../use-control.ts'
import { Dialog } from './dialog.tsx'

/** Ends the trading, after a word is typed, and says what came of it. */
export function KillDialog({ onClose }: { readonly onClose: () => void }): ReactNode {
  const control = useControl()
  const [typed, setTyped] = useState('')
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (typed === killWord) void control.send('/api/control/kill', 'POST', { confirm: killWord })
  }
  if (control.said?.done === true) {
    return (
      <Dialog title="Trading has ended" onClose={onClose}>
        <p role="status" className="kept-lines">
          {control.said.message}
        </p>
        <p className="muted">A new start of the engine begins it again.</p>
        <div className="actions">
          <button type="button" className="button primary" onClick={onClose}>
            Close
          </button>
        </div>
      </Dialog>
    )
  }
  return (
    <Dialog title="End all trading" onClose={onClose}>
      <p>
        No new basket will be sent until the engine is started again, and every order that rests is
        called back. Orders on their way cannot be.
      </p>
      <form onSubmit={submit}>
        <label className="stacked">
          Type {killWord} to confirm
          <input
            className="field"
            autoFocus
            autoComplete="off"
            spellCheck={false}
            value={typed}
            onChange={({ target }) => setTyped(target.value.toUpperCase())}
          />
        </label>
        {control.said === undefined ? null : (
          <p className="loss kept-lines" role="alert">
            {control.said.message}
          </p>
        )}
        <div className="actions">
          <button type="button" className="button" onClick={onClose}>
            Cancel
          </button>
          <button
            type="submit"
            className="button danger solid"
            disabled={typed !== killWord || control.busy}
          >
            End trading
          </button>
        </div>
      </form>
    </Dialog>
  )
}
