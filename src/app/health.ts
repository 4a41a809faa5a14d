/** GET /health and GET /metrics, on loopback: for the machine's own supervisor and collector, not for the world. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Gauge, Registry } from 'prom-client'
import { UsageError } from '../kernel/errors.ts'
import type { Log } from '../kernel/log.ts'

export type AccountHealth = { account: string; state: string; deafSeconds: number; deafSecondsToday: number }

export type Health = {
  /** Ready: every account of this process is connected, and the database answers. */
  ok: boolean
  database: boolean
  accounts: AccountHealth[]
  inbox: { open: number; oldestMs: number }
  outbox: Record<string, number>
  /** Outcomes of sends since the process started. */
  sends: Record<string, number>
  /** What became of questions since the process started. */
  answers: Record<string, number>
  /** Why the model failed, how often since the process started. */
  modelFailures: Record<string, number>
  content: string | null
  alarms: { code: string; severity: string; since: string; message: string }[]
}

/** Serves until `close`. `look` is asked anew at each request. Throws a UsageError when the port cannot be had. */
export async function serveHealth(
  port: number,
  look: () => Promise<Health>,
  log: Log,
): Promise<{ port: number; close(): Promise<void> }> {
  const server = createServer((request, response) => {
    void answer(request.method, request.url, look)
      .then(({ status, type, body }) =>
        response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body),
      )
      .catch((error: unknown) => {
        log.error({ err: error }, 'health request failed')
        response.writeHead(500).end()
      })
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const message = `HEALTH_PORT: the port ${port} cannot be had (${cause.code}). Choose another one, 0 for any, or off.`
      reject(new UsageError({ code: 'health-port', message, cause }))
    })
    server.listen(port, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    close: () => closed(server),
  }
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

type Answer = { status: number; type: string; body: string }

async function answer(
  method: string | undefined,
  url: string | undefined,
  look: () => Promise<Health>,
): Promise<Answer> {
  if (method !== 'GET' && method !== 'HEAD') return { status: 405, type: 'text/plain', body: 'GET only\n' }
  const path = url?.split('?')[0]
  if (path === '/health') {
    const health = await look()
    return { status: health.ok ? 200 : 503, type: 'application/json', body: `${JSON.stringify(health)}\n` }
  }
  if (path === '/metrics') {
    const registry = metricsOf(await look())
    return { status: 200, type: registry.contentType, body: await registry.metrics() }
  }
  return { status: 404, type: 'text/plain', body: 'There is /health and /metrics.\n' }
}

function metricsOf(health: Health): Registry {
  const registry = new Registry()
  const gauge = (name: string, help: string, label?: string): Gauge => {
    return new Gauge({ name: `zhanggui_${name}`, help, labelNames: label ? [label] : [], registers: [registry] })
  }
  const connected = gauge('connected', 'Whether the account is connected and logged in', 'account')
  const deaf = gauge('deaf_seconds', 'How long the account has heard nothing, now', 'account')
  const deafToday = gauge('deaf_seconds_last_day', 'How long the account heard nothing in the last 24 hours', 'account')
  for (const { account, state, deafSeconds, deafSecondsToday } of health.accounts) {
    connected.set({ account }, state === 'connected' ? 1 : 0)
    deaf.set({ account }, deafSeconds)
    deafToday.set({ account }, deafSecondsToday)
  }
  gauge('database_up', 'Whether the database answers').set(health.database ? 1 : 0)
  gauge('inbox_open', 'Events accepted and not handled yet').set(health.inbox.open)
  gauge('inbox_lag_seconds', 'Age of the oldest event that is not handled yet').set(health.inbox.oldestMs / 1000)
  const outbox = gauge('outbox', 'Rows of the outbox by state', 'state')
  for (const [state, count] of Object.entries(health.outbox)) outbox.set({ state }, count)
  const sends = gauge('sends', 'Sends since the start by result', 'result')
  for (const [result, count] of Object.entries(health.sends)) sends.set({ result }, count)
  const answers = gauge('answers', 'Questions since the start by what became of them', 'outcome')
  for (const [outcome, count] of Object.entries(health.answers)) answers.set({ outcome }, count)
  const failures = gauge('model_failures', 'Failures of the model since the start by reason', 'why')
  for (const [why, count] of Object.entries(health.modelFailures)) failures.set({ why }, count)
  const alarms = gauge('alarms', 'Alarms that are raised now', 'code')
  for (const { code } of health.alarms) alarms.inc({ code })
  gauge('resident_bytes', 'Resident memory of the process').set(process.memoryUsage.rss())
  return registry
}
