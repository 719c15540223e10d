import type { ReactNode } from 'react'
import { Baskets } from './baskets.tsx'
import { Backtests } from './backtests.tsx'
import { Control } from './control.tsx'
import { HealthPage } from './health.tsx'
import { Journal } from './journal.tsx'
import { Markets } from './markets.tsx'
import { Opportunities } from './opportunities.tsx'
import { Overview } from './overview.tsx'
import { Pairs } from './pairs.tsx'

export const pageNames = [
  'overview',
  'opportunities',
  'markets',
  'baskets',
  'health',
  'pairs',
  'backtests',
  'control',
] as const
export type PageName = (typeof pageNames)[number]

type PageFacts = {
  readonly path: string
  readonly title: string
  readonly short: string
  /** Where there is room for a few letters only. */
  readonly tiny?: string
}

export const pages: Readonly<Record<PageName, PageFacts>> = {
  overview: { path: '/', title: 'Overview', short: 'Overview' },
  opportunities: {
    path: '/opportunities',
    title: 'Opportunities',
    short: 'Opportunities',
    tiny: 'Edges',
  },
  markets: { path: '/markets', title: 'Markets', short: 'Markets' },
  baskets: { path: '/baskets', title: 'Baskets and orders', short: 'Baskets' },
  health: { path: '/health', title: 'Health', short: 'Health' },
  pairs: { path: '/pairs', title: 'Pairs', short: 'Pairs' },
  backtests: { path: '/backtests', title: 'Backtests', short: 'Backtests', tiny: 'Tests' },
  control: { path: '/control', title: 'Control', short: 'Control' },
}

export function pageOf([section]: readonly string[]): PageName {
  // The journal is a part of Health with an address of its own.
  if (section === 'journal') return 'health'
  return pageNames.find((name) => name === section) ?? 'overview'
}

export function Page({ path }: { readonly path: readonly string[] }): ReactNode {
  const [, ...rest] = path
  const [first] = rest
  switch (pageOf(path)) {
    case 'opportunities':
      return <Opportunities id={first} />
    case 'markets':
      return <Markets chosen={rest} />
    case 'baskets':
      return <Baskets id={first} />
    case 'health':
      return path[0] === 'journal' ? <Journal number={first} /> : <HealthPage />
    case 'pairs':
      return <Pairs id={first} />
    case 'backtests':
      return <Backtests chosen={rest} />
    case 'control':
      return <Control />
    case 'overview':
      return <Overview />
  }
}
