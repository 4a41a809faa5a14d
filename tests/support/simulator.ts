/**
 * A simulated WeChat for tests: in this process (`startSimulator`), or in one of its own that can be frozen and killed
 * (`SimulatorProcess`). Both do the same actions, see src/gateways/simulator/actions.ts.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type ActionInput, type ActionName, type ActionOutput, act } from '../../src/gateways/simulator/actions.ts'
import { type SimulatorState, stateOf } from '../../src/gateways/simulator/control.ts'
import type { JournalEntry } from '../../src/gateways/simulator/journal.ts'
import type { MessageContentInput } from '../../src/gateways/simulator/messages.ts'
import { silenceWechaty } from '../../src/gateways/simulator/server.ts'
import { Simulator, type SimulatorOptions } from '../../src/gateways/simulator/simulator.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { afterFile } from './after-file.ts'

type SayOptions = Omit<ActionInput<'say'>, 'from' | 'text' | 'content'>
type FaultOptions = Omit<ActionInput<'planFault'>, 'kind'>

/** What a test can do with a simulator, wherever it runs. */
export abstract class SimulatorClient {
  abstract readonly token: string
  /** `host:port` of an account; of the first one without a name. */
  abstract endpoint(account?: string): string
  abstract act<K extends ActionName>(name: K, input: ActionInput<K>): Promise<ActionOutput<K>>
  abstract journal(account?: string): Promise<JournalEntry[]>
  abstract state(): Promise<SimulatorState>
  abstract stop(): Promise<void>

  /** A person says something, in a direct message unless `room` is given; resolves with the message's id. */
  async say(from: string, what: string | MessageContentInput, options: SayOptions = {}): Promise<string> {
    const words = typeof what === 'string' ? { text: what } : { content: what }
    return (await this.act('say', { from, ...words, ...options })).messageId
  }

  async plan(kind: ActionInput<'planFault'>['kind'], options: FaultOptions = {}): Promise<void> {
    await this.act('planFault', { kind, ...options })
  }

  /** The journal without what is no message (accepted friends and invitations, recalls, changes of rooms). */
  async sends(filter: { account?: string; to?: string } = {}): Promise<JournalEntry[]> {
    const entries = await this.journal(filter.account)
    return entries.filter((entry) => entry.messageId !== undefined && (filter.to ?? entry.to) === entry.to)
  }
}

export class InProcessSimulator extends SimulatorClient {
  readonly simulator: Simulator
  readonly token: string

  constructor(simulator: Simulator) {
    super()
    this.simulator = simulator
    this.token = simulator.token
  }

  override endpoint(account?: string): string {
    return this.simulator.endpoint(account)
  }
  override act<K extends ActionName>(name: K, input: ActionInput<K>): Promise<ActionOutput<K>> {
    return act(this.simulator, name, input)
  }
  override async journal(account?: string): Promise<JournalEntry[]> {
    return this.simulator.journal.entries(account)
  }
  override async state(): Promise<SimulatorState> {
    return stateOf(this.simulator)
  }
  override async stop(): Promise<void> {
    await this.simulator.stop()
  }
}

let started = 0

/** A token of its own for every simulator: Wechaty's client caches payloads under the home folder by token. */
function freshToken(): string {
  started += 1
  return `insecure_simulator_${process.pid}_${started}`
}

export async function startSimulator(options: Partial<SimulatorOptions> = {}): Promise<InProcessSimulator> {
  silenceWechaty()
  const simulator = new Simulator({ token: freshToken(), clock: systemClock, ...options })
  await simulator.start()
  afterFile.add(() => simulator.stop())
  return new InProcessSimulator(simulator)
}

/** Gives this process (and its children) a home folder of its own, so that Wechaty's payload caches never meet. */
export function temporaryHome(): () => void {
  const before = process.env.HOME
  const home = mkdtempSync(join(tmpdir(), 'zhanggui-home-'))
  process.env.HOME = home
  return () => {
    process.env.HOME = before
    rmSync(home, { recursive: true, force: true, maxRetries: 5 })
  }
}

export type SimulatorProcessOptions = {
  accounts?: string[]
  token?: string
  /** Written and synced before each answer; it outlives kills and restarts. */
  journal?: string
  /** False: no sync, and nothing kept in memory; for benches. */
  durableJournal?: boolean
  /** A JSON file to start the world from. */
  world?: string
  run?: string
  loggedIn?: boolean
  echo?: boolean
}

type Ready = { control: number; token: string; run: string; accounts: Record<string, { endpoint: string }> }

const program = fileURLToPath(new URL('../../src/gateways/simulator/main.ts', import.meta.url))

export class SimulatorProcess extends SimulatorClient {
  readonly #options: SimulatorProcessOptions & { token: string }
  #child: ChildProcess | undefined
  #ready: Ready | undefined

  static async start(options: SimulatorProcessOptions = {}): Promise<SimulatorProcess> {
    const simulator = new SimulatorProcess(options)
    afterFile.add(() => simulator.kill9())
    await simulator.#spawn()
    return simulator
  }

  private constructor(options: SimulatorProcessOptions) {
    super()
    this.#options = { token: freshToken(), ...options }
  }

  override get token(): string {
    return this.#options.token
  }
  get pid(): number | undefined {
    return this.#child?.pid
  }
  override endpoint(account?: string): string {
    const accounts = this.#ready?.accounts ?? {}
    const place = account === undefined ? Object.values(accounts)[0] : accounts[account]
    if (!place) throw new Error(`The simulator has no account ${account ?? ''}`)
    return place.endpoint
  }
  override act<K extends ActionName>(name: K, input: ActionInput<K>): Promise<ActionOutput<K>> {
    return this.#call('POST', name, input)
  }
  override journal(account?: string): Promise<JournalEntry[]> {
    return this.#call('GET', account === undefined ? 'journal' : `journal?account=${encodeURIComponent(account)}`)
  }
  override state(): Promise<SimulatorState> {
    return this.#call('GET', 'state')
  }

  override async stop(): Promise<void> {
    await this.#end('SIGTERM')
  }
  async kill9(): Promise<void> {
    await this.#end('SIGKILL')
  }
  freeze(): void {
    this.#child?.kill('SIGSTOP')
  }
  resume(): void {
    this.#child?.kill('SIGCONT')
  }
  /** Starts again, after a kill too, on the same ports with the same token and journal; message ids differ. */
  async restart(): Promise<void> {
    await this.stop()
    await this.#spawn()
  }

  async #end(signal: NodeJS.Signals): Promise<void> {
    const child = this.#child
    this.#child = undefined
    if (child?.exitCode !== null || child.signalCode !== null) return
    const exit = once(child, 'exit')
    child.kill(signal)
    await exit
  }

  async #spawn(): Promise<void> {
    const { accounts = ['main'], token, journal, durableJournal = true, world, run, loggedIn, echo } = this.#options
    const ports = Object.values(this.#ready?.accounts ?? {}).map(({ endpoint }) => endpoint.split(':')[1])
    const flags = [
      ...['--control', String(this.#ready?.control ?? 0), '--accounts', accounts.join(','), '--token', token],
      ...(ports.length > 0 ? ['--ports', ports.join(',')] : []),
      ...(journal === undefined ? [] : ['--journal', journal]),
      ...(durableJournal ? [] : ['--no-sync', '--no-keep']),
      ...(world === undefined ? [] : ['--world', world]),
      ...(run === undefined ? [] : ['--run', run]),
      ...(loggedIn === false ? ['--logged-out'] : []),
      ...(echo === false ? ['--no-echo'] : []),
    ]
    const child = spawn(process.execPath, [program, ...flags], { stdio: ['ignore', 'pipe', 'inherit'] })
    this.#child = child
    // A test process that dies must not leave it behind.
    const orphaned = (): boolean => child.kill('SIGKILL')
    process.once('exit', orphaned)
    child.once('exit', () => process.off('exit', orphaned))
    this.#ready = JSON.parse(await firstLine(child)) as Ready
  }

  #call<T>(method: string, path: string, body?: unknown): Promise<T> {
    // Not fetch: a load of half an hour answers long after fetch has lost its patience.
    return new Promise((resolve, reject) => {
      const call = request({ host: '127.0.0.1', port: this.#ready?.control, method, path: `/${path}` }, (response) => {
        response.setEncoding('utf8')
        let text = ''
        response.on('data', (chunk: string) => {
          text += chunk
        })
        response.on('error', reject)
        response.on('end', () => {
          const answer = JSON.parse(text) as T & { error?: { code: string; message: string } }
          if (response.statusCode === 200) resolve(answer)
          else reject(new Error(`${path}: ${answer.error?.code} ${answer.error?.message}`))
        })
      })
      call.on('error', reject)
      call.end(body === undefined ? undefined : JSON.stringify(body))
    })
  }
}

/** The first line that a child prints; rejects when it exits without one. */
export async function firstLine(child: ChildProcess): Promise<string> {
  if (!child.stdout) throw new Error('The child has no standard output')
  const lines = createInterface({ input: child.stdout })
  return new Promise((resolve, reject) => {
    lines.once('line', resolve)
    child.once('error', reject)
    child.once('exit', (code) => reject(new Error(`Exited with ${code} before it was ready`)))
  })
}
