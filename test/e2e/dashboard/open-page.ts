import { mkdirSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { chromium } from 'playwright-core'
import { z } from 'zod'
import type { RunningDemo } from './running-demo.ts'

/** Debian's own browser, kept from calling home. */
const chromiumPath = '/usr/bin/chromium'
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

export const screenshots: string = path.resolve(
  import.meta.dirname,
  '../../../test-results/screenshots',
)

export function launch(): Promise<Browser> {
  mkdirSync(screenshots, { recursive: true })
  return chromium.launch({ executablePath: chromiumPath, args: flags })
}

export type Look = { readonly theme: 'light' | 'dark'; readonly size: 'desk' | 'phone' }

const sizes = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } }

/** A page of a logged-in browser, and everything that went wrong on it. */
export type OpenedPage = {
  readonly page: Page
  readonly context: BrowserContext
  /** Errors of scripts, of the content policy, and lines on the console. */
  readonly faults: string[]
  /** Where it has sent requests to, besides the demo. */
  readonly strangers: string[]
}

export async function openPage(
  browser: Browser,
  demo: RunningDemo,
  { theme, size }: Look = { theme: 'light', size: 'desk' },
): Promise<OpenedPage> {
  const context = await browser.newContext({
    viewport: sizes[size],
    colorScheme: theme,
    hasTouch: size === 'phone',
    reducedMotion: 'reduce',
  })
  const login = await context.request.post(`${demo.url}/api/login`, {
    data: { token: demo.token('control') },
  })
  if (!login.ok()) throw new Error(`the login was refused: ${await login.text()}`)
  const page = await context.newPage()
  const faults: string[] = []
  const strangers: string[] = []
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(message.text())
  })
  page.on('request', (request) => {
    const { host, protocol } = new URL(request.url())
    if (host !== new URL(demo.url).host && protocol !== 'data:') strangers.push(request.url())
  })
  return { page, context, faults, strangers }
}

const Violations = z.array(
  z.object({ id: z.string(), nodes: z.array(z.object({ html: z.string() })) }),
)

const require = createRequire(import.meta.url)
const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8')

/** What a person who sees, hears or moves differently would stumble over, by axe. */
export async function accessibilityFaults(page: Page): Promise<readonly string[]> {
  // Evaluated by the debugger, which the content policy of the page does not concern.
  await page.evaluate(axeSource)
  const found: unknown = await page.evaluate(
    'axe.run(document, { resultTypes: ["violations"] }).then((result) => result.violations)',
  )
  return Violations.parse(found).map(
    ({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`,
  )
}
