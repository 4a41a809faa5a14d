/** The real process, as a person would start it: `zhanggui start` in a child, with its log read line by line. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { Health } from '../../src/app/health.ts'
import { until } from './until.ts'

const program = fileURLToPath(new URL('../../src/main.ts', import.meta.url))

export type LogLine = { level: number; msg: string; [field: string]: unknown }

export type BotOptions = {
  /** Variables on top of a bare environment (PATH and HOME). */
  env: Record<string, string>
  /** Arguments after `start`. */
  args?: string[]
}

export class BotProcess {
  readonly child: ChildProcess
  readonly log: LogLine[] = []
  /** What it printed that is no log line. */
  readonly printed: string[] = []
  readonly exited: Promise<number | null>

  /** Starts without waiting for anything. */
  static spawn({ env, args = [] }: BotOptions): BotProcess {
    return new BotProcess({ env, args })
  }

  /** Starts and waits until every account is connected. */
  static async start(options: BotOptions): Promise<BotProcess> {
    const bot = BotProcess.spawn(options)
    await bot.untilReady()
    return bot
  }

  private constructor({ env, args }: Required<BotOptions>) {
    const { PATH, HOME } = process.env
    this.child = spawn(process.execPath, [program, 'start', ...args], {
      env: { PATH, HOME, HEALTH_PORT: '0', DESK_PORT: 'off', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    this.exited = once(this.child, 'exit').then(([code]) => code as number | null)
    // A test process that dies must not leave it behind.
    const orphaned = (): boolean => this.child.kill('SIGKILL')
    process.once('exit', orphaned)
    void this.exited.then(() => process.off('exit', orphaned))
    for (const stream of [this.child.stdout, this.child.stderr]) {
      if (stream) createInterface({ input: stream }).on('line', (line) => this.#hear(line))
    }
  }

  #hear(line: string): void {
    if (line.startsWith('{')) this.log.push(JSON.parse(line) as LogLine)
    else this.printed.push(line)
  }

  said(msg: string): LogLine | undefined {
    return this.log.find((line) => line.msg === msg)
  }

  async health(): Promise<Health> {
    const response = await fetch(`http://127.0.0.1:${await this.#port()}/health`)
    return (await response.json()) as Health
  }

  async metrics(): Promise<string> {
    const response = await fetch(`http://127.0.0.1:${await this.#port()}/metrics`)
    return response.text()
  }

  async #port(): Promise<number> {
    const line = await until(() => this.said('health and metrics'), {
      within: 30_000,
      what: 'the health port is known',
    })
    return Number(line['port'])
  }

  async untilReady(within = 30_000): Promise<void> {
    await until(
      // Its end is not waited for in vain: without a port there is no health.
      async () => this.child.exitCode !== null || (this.said('health and metrics') && (await this.health()).ok),
      { within, what: 'the bot is ready' },
    )
    if (this.child.exitCode !== null) throw new Error(`The bot ended: ${this.printed.join('\n')}`)
  }

  async kill9(): Promise<void> {
    this.child.kill('SIGKILL')
    await this.exited
  }

  /** SIGTERM, and the exit code. */
  async stop(): Promise<number | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) this.child.kill('SIGTERM')
    return this.exited
  }
}
