import type { ReactNode } from 'react'
import { Tabs } from '../parts/tabs.tsx'
import { go } from '../router.ts'

const views = ['engine', 'journal'] as const
type HealthView = (typeof views)[number]

/** How the engine does, or what it wrote down. */
export function HealthTabs({ chosen }: { readonly chosen: HealthView }): ReactNode {
  return (
    <Tabs
      label="What is shown"
      names={views}
      titles={{ engine: 'Engine', journal: 'Journal' }}
      chosen={chosen}
      onChoose={(name) => go(name === 'engine' ? '/health' : '/journal')}
    />
  )
}
