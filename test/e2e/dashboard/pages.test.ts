import { cpSync, mkdirSync } from 'node:fs'
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Look } from './open-page.ts'
import { accessibilityFaults, launch, openPage, screenshots } from './open-page.ts'
import type { RunningDemo } from './running-demo.ts'
import { pause, startDemo } from './running-demo.ts'

let demo: RunningDemo
let browser: Browser

beforeAll(async () => {
  demo = await startDemo({ journal: true })
  browser = await launch()
  const backtests = path.join(demo.dataFolder, 'backtests')
  mkdirSync(backtests, { recursive: true })
  cpSync(path.join(import.meta.dirname, 'backtests'), backtests, { recursive: true })
  await somethingWasTraded()
})

afterAll(async () => {
  await browser.close()
  await demo.stop()
})

/** A page is judged with something on it. */
async function somethingWasTraded(): Promise<void> {
  const headers = { authorization: `Bearer ${demo.token('read')}` }
  for (let tries = 0; tries < 150; tries++) {
    const fills: unknown = await (await fetch(`${demo.url}/api/fills`, { headers })).json()
    if (Array.isArray(fills) && fills.length > 8) return
    await pause(200)
  }
  throw new Error('the demo traded nothing')
}

type Shown = {
  readonly name: string
  readonly at: string
  /** What has to be there before it is looked at. */
  readonly until: string
  /** Opens the first row of a list. */
  readonly opens?: boolean
}

const shown: readonly Shown[] = [
  { name: 'overview', at: '/', until: 'text=Profit and loss' },
  { name: 'opportunities', at: '/opportunities', until: '.table-line' },
  { name: 'opportunity', at: '/opportunities?show=traded', until: '.payoff', opens: true },
  { name: 'markets', at: '/markets', until: '.table-line' },
  // One that lasts: the most traded may be a round that ends while it is looked at.
  { name: 'market', at: '/markets?q=league', until: '.ladder', opens: true },
  { name: 'sets', at: '/markets?view=sets', until: '.table-line' },
  { name: 'set', at: '/markets?view=sets', until: 'text=At most one wins', opens: true },
  { name: 'baskets', at: '/baskets', until: '.table-line' },
  { name: 'basket', at: '/baskets', until: '.time-line', opens: true },
  { name: 'fills', at: '/baskets?view=fills', until: '.table-line' },
  { name: 'positions', at: '/baskets?view=positions', until: '[role=table]' },
  { name: 'operations', at: '/baskets?view=operations', until: '.table-line' },
  { name: 'ledger', at: '/baskets?view=ledger', until: '.table-line' },
  { name: 'health', at: '/health', until: '.bars' },
  { name: 'journal', at: '/journal?type=effect', until: '.table-line' },
  { name: 'record', at: '/journal?type=effect', until: '.journal-text', opens: true },
  { name: 'pairs', at: '/pairs', until: '.table-line' },
  { name: 'pair', at: '/pairs', until: '.sides', opens: true },
  { name: 'backtests', at: '/backtests', until: '.table-line' },
  { name: 'backtest-comparison', at: '/backtests/narrow/wide', until: '.compare-chart canvas' },
  { name: 'control', at: '/control', until: 'text=Configuration in force' },
]

const looks: readonly Look[] = [
  { theme: 'light', size: 'desk' },
  { theme: 'dark', size: 'desk' },
  { theme: 'light', size: 'phone' },
  { theme: 'dark', size: 'phone' },
]

async function show(page: Page, { at, until, opens = false }: Shown): Promise<void> {
  await page.goto(`${demo.url}${at}`)
  await page.waitForSelector('.connection .dot.gain')
  if (opens) await page.locator('.table-line.opens').first().click()
  await page.waitForSelector(until)
  // A chart is drawn after its data has come.
  await page.waitForTimeout(600)
}

describe.each(looks)('in $theme on a $size', (look) => {
  test.each(shown)('$name is whole, clean and accessible', async (each) => {
    const { page, context, faults, strangers } = await openPage(browser, demo, look)

    await show(page, each)

    const file = `${each.name}-${look.theme}-${look.size}.png`
    await page.screenshot({ path: path.join(screenshots, file) })
    expect(await accessibilityFaults(page)).toEqual([])
    expect(faults).toEqual([])
    expect(strangers).toEqual([])
    const overflow = await page.evaluate(
      'document.documentElement.scrollWidth - document.documentElement.clientWidth',
    )
    expect(overflow, 'nothing hangs over the side').toBe(0)
    await context.close()
  })
})
