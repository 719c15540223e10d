import type { ReactNode } from 'react'
import { Icon } from '../icon.tsx'

export type SearchFieldProps = {
  readonly label: string
  readonly value: string
  readonly onChange: (text: string) => void
}

export function SearchField({ label, value, onChange }: SearchFieldProps): ReactNode {
  return (
    <label className="search">
      <span className="visually-hidden">{label}</span>
      <Icon name="search" />
      <input
        type="search"
        className="field"
        placeholder={label}
        value={value}
        onChange={({ target }) => onChange(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') event.currentTarget.blur()
        }}
      />
      {value === '' ? <kbd aria-hidden="true">/</kbd> : null}
    </label>
  )
}
