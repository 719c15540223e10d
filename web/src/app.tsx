import type { ReactNode } from 'react'
import { useEffect, useState } from 'react'
import { session } from '../../src/server/schema/control.ts'
import type { Session } from '../../src/server/schema/control.ts'
import { Login } from './pages/login.tsx'
import { ask } from './request.ts'
import { Shell } from './shell.tsx'
import { StreamStore } from './stream/stream-store.ts'
import { StreamContext } from './stream/use-stream.ts'

/** The dashboard, or the door to it. */
export function App(): ReactNode {
  const [scope, setScope] = useState<Session['scope'] | 'asking' | 'unreachable'>('asking')
  const [turn, setTurn] = useState(0)
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined
    ask('/api/session', session).then(
      (answer) => setScope(answer.scope),
      () => {
        setScope('unreachable')
        timer = setTimeout(() => setTurn((known) => known + 1), 1_000)
      },
    )
    return () => clearTimeout(timer)
  }, [turn])
  const again = (): void => setTurn((known) => known + 1)

  switch (scope) {
    case 'asking':
      return null
    case 'unreachable':
      return <Unreachable />
    case 'none':
      return <Login onLogin={again} />
    case 'read':
    case 'control':
      return <Connected scope={scope} onRefused={again} />
  }
}

type ConnectedProps = { readonly scope: 'read' | 'control'; readonly onRefused: () => void }

function Connected({ scope, onRefused }: ConnectedProps): ReactNode {
  const [store] = useState(
    () =>
      new StreamStore(`ws://${location.host}/api/stream`, async () => {
        try {
          const refused = (await ask('/api/session', session)).scope === 'none'
          if (refused) onRefused()
          return refused
        } catch {
          // Nobody answers: that is no refusal.
          return false
        }
      }),
  )
  useEffect(() => store.start(), [store])
  return (
    <StreamContext value={store}>
      <Shell scope={scope} />
    </StreamContext>
  )
}

function Unreachable(): ReactNode {
  return (
    <main className="door">
      <h1>No answer</h1>
      <p className="soft" role="status">
        The server of this dashboard does not answer. This page tries again every second.
      </p>
    </main>
  )
}
