import type { ReactNode } from 'react'
import { follow } from '../router.ts'

export type LinkProps = {
  readonly to: string
  readonly className?: string
  readonly label?: string
  readonly current?: boolean
  readonly children: ReactNode
}

/** A link to another page of the dashboard. */
export function Link({ to, className, label, current, children }: LinkProps): ReactNode {
  return (
    <a
      href={to}
      className={className}
      aria-label={label}
      aria-current={current === true ? 'page' : undefined}
      onClick={follow}
    >
      {children}
    </a>
  )
}
