import type { ReactNode } from 'react'

export type TabsProps<Name extends string> = {
  readonly label: string
  readonly names: readonly Name[]
  readonly titles: Readonly<Record<Name, string>>
  readonly chosen: Name
  readonly onChoose: (name: Name) => void
}

/** A few views of which one is shown. */
export function Tabs<Name extends string>(props: TabsProps<Name>): ReactNode {
  const { label, names, titles, chosen, onChoose } = props
  return (
    <div className="tabs" role="group" aria-label={label}>
      {names.map((name) => (
        <button
          key={name}
          type="button"
          aria-pressed={name === chosen}
          onClick={() => onChoose(name)}
        >
          {titles[name]}
        </button>
      ))}
    </div>
  )
}
