import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'
import type { Asked } from '../request.ts'

/** Nothing is here, and that is as it should be. */
export function Empty({ title, children }: Told): ReactNode {
  return (
    <div className="state">
      <p className="strong">{title}</p>
      <p className="muted">{children}</p>
    </div>
  )
}

type Told = { readonly title: string; readonly children?: ReactNode }

export function Loading({ rows = 4 }: { readonly rows?: number }): ReactNode {
  return (
    <div className="skeletons" role="status">
      <span className="visually-hidden">Loading</span>
      {Array.from({ length: rows }, (_, index) => (
        <span key={index} className="skeleton" />
      ))}
    </div>
  )
}

export function Failed({ error, again }: Failure): ReactNode {
  return (
    <div className="state" role="alert">
      <span className="warn">
        <Icon name="alert" />
      </span>
      <p className="strong">This could not be loaded</p>
      <p className="muted">{error.message}</p>
      <button type="button" className="button" onClick={again}>
        Try again
      </button>
    </div>
  )
}

type Failure = { readonly error: Error; readonly again: () => void }

type AnsweredProps<T> = {
  readonly asked: Asked<T> & { readonly again: () => void }
  readonly rows?: number
  readonly children: (data: T) => ReactNode
}

/** What was asked for once it is there; until then that it is loading, or why it is not there. */
export function Answered<T>({ asked, rows, children }: AnsweredProps<T>): ReactNode {
  const { data, error, again } = asked
  if (data !== undefined) return children(data)
  if (error !== undefined) return <Failed error={error} again={again} />
  return <Loading {...(rows === undefined ? {} : { rows })} />
}
