import path from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { WebSocket } from 'ws'
import { launch, openPage, screenshots } from './open-page.ts'
import type { RunningDemo } from './running-demo.ts'
import { pause, startDemo } from './running-demo.ts'

let browser: Browser

beforeAll(async () => {
  browser = await launch()
})

afterAll(async () => {
  await browser.close()
})

/** Watchers that follow, or that never read: how many of them are still there. */
function watchersOf(demo: RunningDemo, count: number): readonly WebSocket[] {
  const headers = { authorization: `Bearer ${demo.token('read')}` }
  return Array.from({ length: count }, () => {
    const socket = new WebSocket(`${demo.url.replace('http', 'ws')}/api/stream`, { headers })
    // A server that stops hangs up on everybody: that is no fault of this test.
    socket.on('error', () => socket.terminate())
    return socket
  })
}

describe('a page', () => {
  test('says that it lost the server, and goes on when there is one again', async () => {
    const before = await startDemo()
    const { page, context } = await openPage(browser, before)
    await page.goto(before.url)
    await page.waitForSelector('.connection .dot.gain')
    const port = Number(new URL(before.url).port)

    await before.stop()
    await page.waitForSelector('text=The connection is lost')
    await page.screenshot({ path: path.join(screenshots, 'disconnected.png') })

    const after = await startDemo({ port, dataFolder: before.dataFolder, seed: 2 })
    await page.waitForSelector('.connection .dot.gain')
    await page.waitForSelector('text=The connection is lost', { state: 'detached' })
    await page.locator('.top .title', { hasText: 'seed 2' }).waitFor()
    await context.close()
    await after.stop()
  })

  test('whose scripts stand still is dropped, and is whole again when they go on', async () => {
    const demo = await startDemo()
    const { page, context, faults } = await openPage(browser, demo)
    await page.goto(demo.url)
    await page.waitForSelector('.connection .dot.gain')

    // Nothing of the page runs meanwhile: it neither reads nor says that it follows.
    await page.evaluate('const until = Date.now() + 40_000; while (Date.now() < until);')

    await page.waitForSelector('.connection .dot.gain', { timeout: 20_000 })
    const elapsed = page.locator('.panel-head .note', { hasText: 'running for' })
    const shown = await elapsed.innerText()
    await pause(2_500)
    expect(await elapsed.innerText()).not.toBe(shown)
    expect(faults).toEqual([])
    await context.close()
    await demo.stop()
  })
})

describe('two hundred watchers', () => {
  test('follow, those that do not read are dropped, and the engine trades on', async () => {
    const demo = await startDemo()
    const headers = { authorization: `Bearer ${demo.token('read')}` }
    const reading = watchersOf(demo, 150)
    const deaf = watchersOf(demo, 50)
    let messages = 0
    for (const socket of reading) {
      socket.on('message', () => {
        messages++
        if (messages % 500 === 0) for (const each of reading) each.send('{"seen":true}')
      })
    }
    for (const socket of deaf) socket.on('open', () => socket.pause())

    await pause(36_000)

    expect(reading.every(({ readyState }) => readyState === WebSocket.OPEN)).toBe(true)
    // Twenty a second are sent; a busy machine is given some grace.
    expect(messages).toBeGreaterThan(150 * 36 * 5)
    for (const socket of deaf) socket.resume()
    await expect
      .poll(() => deaf.filter(({ readyState }) => readyState !== WebSocket.CLOSED).length, {
        timeout: 20_000,
      })
      .toBe(0)
    const status = await fetch(`${demo.url}/api/status`, { headers })
    expect(await status.json()).toMatchObject({
      trading: 'running',
      money: { ledgerBalanced: true },
    })
    await demo.stop()
  })
})
