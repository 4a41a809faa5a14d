/** A real Chromium for tests of pages. It sees nothing but loopback, and what a page complains about fails the test. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'
import { afterFile } from './after-file.ts'

const flags = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]
const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

/** Generous: two cores may be busy with other tests. */
const patienceMs = 30_000

let running: Promise<Browser> | undefined

async function browser(): Promise<Browser> {
  running ??= chromium
    .launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: flags })
    .then((one) => {
      afterFile.add(() => one.close())
      return one
    })
  return running
}

export type Seen = {
  page: Page
  /** What the page threw, what it wrote as an error, what the content policy refused, and requests to other machines. */
  complaints: string[]
}

/** A fresh page in a context of its own: no cookies, no storage of others. */
export async function openPage(options: BrowserContextOptions = {}): Promise<Seen> {
  const one = await browser()
  const context = await one.newContext({ viewport: { width: 1280, height: 800 }, locale: 'zh-CN', ...options })
  context.setDefaultTimeout(patienceMs)
  const page = await context.newPage()
  const complaints: string[] = []
  page.on('pageerror', (error) => complaints.push(`threw: ${error.message}`))
  page.on('console', (message) => {
    // A refused door answers 4xx, and Chromium says so: those are looked at where they are asked for.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
      complaints.push(`said: ${message.text()}`)
    }
  })
  page.on('request', (request) => {
    const { protocol, hostname } = new URL(request.url())
    if (/^https?:$/.test(protocol) && hostname !== '127.0.0.1') complaints.push(`asked ${request.url()}`)
  })
  return { page, complaints }
}

/** Findings of axe that are serious or worse, in words: rule, what it is about, and where. */
export async function seriousFindings(page: Page): Promise<string[]> {
  // Evaluated by the debugger, which no content policy binds.
  await page.evaluate(axeSource)
  const { violations } = await page.evaluate(async () => {
    const { axe } = globalThis as unknown as { axe: { run(): Promise<{ violations: AxeFinding[] }> } }
    return axe.run()
  })
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help} — ${nodes.map(({ target }) => target.join(' ')).join('; ')}`)
}

type AxeFinding = { id: string; impact: string | null; help: string; nodes: { target: string[] }[] }
