import type { ReactNode } from 'react'

export type FigureProps = {
  readonly label: string
  readonly value: ReactNode
  readonly note?: ReactNode
  readonly tone?: string
  /** The one that is seen first. */
  readonly hero?: boolean
}

/** One number and what it is. */
export function Figure({ label, value, note, tone = '', hero = false }: FigureProps): ReactNode {
  return (
    <div className={hero ? 'figure hero' : 'figure'}>
      <dt>{label}</dt>
      <dd className={tone}>{value}</dd>
      {note === undefined ? null : <dd className="figure-note">{note}</dd>}
    </div>
  )
}

export function Figures({ children }: { readonly children: ReactNode }): ReactNode {
  return <dl className="figures">{children}</dl>
}
