/**
 * Alarms: said once while they last, in the log and to the webhook. They depend on no account, so that a bot which is
 * banned or deaf can still call for help (law 4).
 */
import type { Log } from './log.ts'
import type { Alarm, Alarms, Clock } from './ports.ts'

const deadlineMs = 5_000
const triesMs = [0, 2_000, 10_000]

/** `webhook` gets `{code, severity, message, account, details, state: 'raised' | 'cleared', at}` as JSON. */
export function createAlarms({ webhook, clock, log }: { webhook?: string; clock: Clock; log: Log }): Alarms & {
  /** Resolves when nothing is on its way to the webhook. */
  sent(): Promise<void>
} {
  const raised = new Map<string, Alarm & { since: Date }>()
  const posting = new Set<Promise<void>>()

  async function post(body: Record<string, unknown>): Promise<void> {
    if (!webhook) return
    for (const wait of triesMs) {
      if (wait > 0) await new Promise<void>((resume) => clock.after(wait, resume))
      try {
        const response = await fetch(webhook, {
          method: 'POST',
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(body),
          signal: AbortSignal.timeout(deadlineMs),
        })
        if (response.ok) return
        log.warn({ status: response.status, code: body['code'] }, 'alarm webhook refused')
      } catch (error) {
        log.warn({ err: error, code: body['code'] }, 'alarm webhook not reached')
      }
    }
  }

  function tell(alarm: Alarm, state: 'raised' | 'cleared'): void {
    const { key: _, ...said } = alarm
    const sending = post({ ...said, state, at: clock.now().toISOString() }).finally(() => posting.delete(sending))
    posting.add(sending)
  }

  return {
    raise(alarm) {
      if (raised.has(alarm.key)) return
      raised.set(alarm.key, { ...alarm, since: clock.now() })
      const { message, details, ...rest } = alarm
      log[alarm.severity === 'critical' ? 'error' : 'warn']({ ...rest, ...details, reason: message }, 'alarm raised')
      tell(alarm, 'raised')
    },
    clear(key) {
      const alarm = raised.get(key)
      if (!alarm) return
      raised.delete(key)
      log.info({ key, code: alarm.code, account: alarm.account }, 'alarm cleared')
      tell(alarm, 'cleared')
    },
    current: () => [...raised.values()].sort((a, b) => a.since.getTime() - b.since.getTime()),
    async sent() {
      await Promise.all(posting)
    },
  }
}
