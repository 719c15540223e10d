import path from 'node:path'
import type { Browser, CDPSession } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { marketOf } from '../../engine/market-of.ts'
import { tokens } from '../../server/api-scene.ts'
import { serve } from '../../server/test-server.ts'
import { WatchedScene } from '../../server/watched-scene.ts'
import { launch } from './open-page.ts'
import { pause } from './running-demo.ts'

const updateEveryMs = 20
const measuredMs = 6_000

let browser: Browser

beforeAll(async () => {
  browser = await launch()
})

afterAll(async () => {
  await browser.close()
})

async function metric(session: CDPSession, name: string): Promise<number> {
  const { metrics } = await session.send('Performance.getMetrics')
  return metrics.find((each) => each.name === name)?.value ?? Number.NaN
}

describe('fifty updates a second', () => {
  // A measurement on a machine that others use as well is taken again before it is believed.
  test(
    'leave the page more than half of its time, and never hold it up',
    { retry: 2 },
    async () => {
      const markets = Array.from({ length: 60 }, (_, index) => marketOf(`m${index}`))
      const scene = new WatchedScene(markets)
      const dashboardFolder = path.resolve(import.meta.dirname, '../../../web/dist')
      const { url, parts, clock } = await serve({ dashboardFolder }, scene.replica)
      let tick = 0
      const update = (): void => {
        // Each tick a mispricing comes, is traded, and another goes.
        scene.offer(`m${tick % 60}`)
        scene.settle(`m${(tick + 30) % 60}`)
        scene.tell()
        clock.ms += updateEveryMs
        parts.hub.publish()
        tick++
      }
      const beganMs = performance.now()
      // A timer that comes late makes up for what it missed.
      const timer = setInterval(() => {
        while (tick * updateEveryMs < performance.now() - beganMs) update()
      }, updateEveryMs)

      const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
      await context.request.post(`${url}/api/login`, { data: { token: tokens.control } })
      const page = await context.newPage()
      await page.goto(url)
      await page.waitForSelector('.table-line')
      await pause(2_000)
      const session = await context.newCDPSession(page)
      await session.send('Performance.enable')
      await page.evaluate(
        'window.slow = []; new PerformanceObserver((list) => { for (const task of list.getEntries()) ' +
          "window.slow.push(task.duration) }).observe({ type: 'longtask' })",
      )

      const [busyBefore, ticksBefore] = [await metric(session, 'TaskDuration'), tick]
      await pause(measuredMs)
      const busy = (await metric(session, 'TaskDuration')) - busyBefore
      const updates = (tick - ticksBefore) / (measuredMs / 1_000)
      const slow: unknown = await page.evaluate('window.slow.filter((ms) => ms > 100)')

      clearInterval(timer)
      console.log(`${updates.toFixed(0)} updates a second, page busy ${busy.toFixed(2)} of 6 s`)
      expect(updates).toBeGreaterThan(40)
      expect(busy / (measuredMs / 1_000)).toBeLessThan(0.5)
      expect(slow).toEqual([])
      await context.close()
    },
  )
})
