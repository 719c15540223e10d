import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { launch, openPage, screenshots } from './open-page.ts'
import type { RunningDemo } from './running-demo.ts'
import { startDemo } from './running-demo.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launch()
})

afterAll(async () => {
  await browser.close()
})

async function withDemo(run: (demo: RunningDemo) => Promise<void>): Promise<void> {
  const demo = await startDemo()
  try {
    await run(demo)
  } finally {
    await demo.stop()
  }
}

describe('a visitor', () => {
  test('is let in by the printed link once, and by a token after that', async () => {
    await withDemo(async (demo) => {
      const first = await browser.newContext()
      const page = await first.newPage()
      await page.goto(demo.loginUrl)
      await page.waitForSelector('text=Profit and loss')
      expect(page.url()).toBe(`${demo.url}/`)

      const second = await browser.newContext()
      const late = await second.newPage()
      await late.goto(demo.loginUrl)
      await late.waitForSelector('text=This link has been used')
      await late.screenshot({ path: path.join(screenshots, 'login.png') })
      await late.getByLabel(/give a token/).fill('guess')
      await late.getByRole('button', { name: 'Log in' }).click()
      await late.waitForSelector('text=that is no token of ours')
      await late.getByLabel(/give a token/).fill(demo.token('read'))
      await late.getByRole('button', { name: 'Log in' }).click()
      await late.waitForSelector('text=read only')
      expect(await late.getByRole('button', { name: 'Kill' }).count()).toBe(0)
      await Promise.all([first.close(), second.close()])
    })
  })
})

describe('an operator', () => {
  test('pauses and resumes, and kills with a word; every page says so', async () => {
    await withDemo(async (demo) => {
      const { page, context, faults } = await openPage(browser, demo)
      await page.goto(`${demo.url}/control`)
      await page.getByRole('button', { name: 'Pause trading' }).click()
      await page.waitForSelector('text=paused: no new baskets')
      await page.getByRole('button', { name: 'Resume trading' }).click()
      await page.waitForSelector('text=trading again')

      await page.goto(demo.url)
      await page.getByRole('button', { name: 'Kill' }).click()
      const end = page.getByRole('button', { name: 'End trading' })
      expect(await end.isDisabled()).toBe(true)
      await page.getByLabel('Type KILL to confirm').fill('kil')
      expect(await end.isDisabled()).toBe(true)
      await page.getByLabel('Type KILL to confirm').fill('kill')
      await end.click()
      await page.waitForSelector('text=Trading has ended')
      await page.screenshot({ path: path.join(screenshots, 'kill.png') })
      await page.getByRole('button', { name: 'Close', exact: true }).last().click()
      await page.waitForSelector('text=KILLED')

      const headers = { authorization: `Bearer ${demo.token('control')}` }
      const resume = await fetch(`${demo.url}/api/control/resume`, { method: 'POST', headers })
      expect(resume.status).toBe(409)
      const fills = await page.locator('.figure', { hasText: 'Fills' }).innerText()
      await page.waitForTimeout(4_000)
      expect(await page.locator('.figure', { hasText: 'Fills' }).innerText()).toBe(fills)
      expect(faults).toEqual([])
      await context.close()
    })
  })

  test('changes a limit and a parameter, and is told when one does not fit', async () => {
    await withDemo(async (demo) => {
      const { page, context } = await openPage(browser, demo)
      await page.goto(`${demo.url}/control`)
      await page.getByLabel('Baskets at work, at most').fill('7')
      await page.getByRole('button', { name: 'Change 1' }).click()
      await page.waitForSelector('text=the limits hold from the next signal on')
      await page.getByLabel('Total exposure, at most').fill('-1')
      await page.getByRole('button', { name: 'Change 1' }).click()
      await page.waitForSelector('text=totalExposureMax: expected dollars')

      const strategy = page.locator('.strategy', { hasText: 'Cross outcome' })
      await strategy.getByLabel('edge min').fill('0.03')
      await strategy.getByRole('button', { name: 'Change' }).click()
      await strategy.getByText('goes by them from the next look on').waitFor()
      await strategy.getByRole('button', { name: /Switch off/ }).click()
      await strategy.getByText('off: disabled').waitFor()
      await context.close()
    })
  })

  test('gets everywhere by the keyboard, and sees where he is', async () => {
    await withDemo(async (demo) => {
      const { page, context } = await openPage(browser, demo)
      await page.goto(demo.url)
      await page.waitForSelector('text=Profit and loss')
      await page.keyboard.press('?')
      await page.getByRole('dialog').waitFor()
      await page.screenshot({ path: path.join(screenshots, 'keys.png') })
      await page.keyboard.press('Escape')
      await page.getByRole('dialog').waitFor({ state: 'detached' })

      await page.keyboard.press('g')
      await page.keyboard.press('m')
      await page.waitForSelector('.table-line')
      await page.locator('.table-body').focus()
      await page.keyboard.press('j')
      await page.keyboard.press('j')
      expect(await page.evaluate('document.activeElement.ariaRowIndex')).toBe('2')
      const outline = await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')
      expect(outline).toBe('solid')
      await page.keyboard.press('Enter')
      await page.waitForSelector('.detail')
      await page.keyboard.press('Escape')
      await page.waitForSelector('.detail', { state: 'detached' })
      await page.keyboard.press('/')
      await page.keyboard.type('league')
      await page.waitForURL('**/markets?q=league')
      await page.locator('.table-line', { hasText: 'league' }).first().waitFor()
      await page.keyboard.press('Escape')
      await page.keyboard.press('t')
      expect(await page.evaluate('document.documentElement.dataset.theme')).toBe('dark')
      await context.close()
    })
  })
})
