/**
 * Load: customers who ask in direct messages, and a stopwatch from the question to the bot's send for that customer.
 * It runs beside the world, so that measuring costs the two shared cores next to nothing.
 */
import { z } from 'zod'
import type { Simulator } from './simulator.ts'
import { WorldContact, type WorldEvents } from './world.ts'

export const LoadPlan = z.strictObject({
  account: z.string().optional(),
  customers: z.int().positive().default(50),
  /** Unanswered questions in flight; never more than one of a customer. */
  window: z.int().positive().default(16),
  /** Questions in all, after the warm-up. */
  messages: z.int().positive(),
  /** Questions asked and answered before the stopwatch starts. */
  warmUp: z.int().nonnegative().default(0),
  /** Asked in turn. */
  questions: z.array(z.string()).min(1),
  /** Milliseconds after which a question counts as lost. */
  patience: z.int().positive().default(10_000),
})
export type LoadPlan = z.infer<typeof LoadPlan>

export type LoadReport = {
  asked: number
  answered: number
  /** Not answered within the patience. */
  lost: number
  /** Sends to a customer who had no open question: doubles, or a second part of an answer. */
  unexpected: number
  seconds: number
  /** Answers a second. */
  rate: number
  /** Milliseconds from the question to the arrival of the send. */
  median: number
  p99: number
}

/** Asks everything that the plan says and resolves with the figures when the last question is answered or lost. */
export async function runLoad(simulator: Simulator, plan: LoadPlan): Promise<LoadReport> {
  const customers = settleCustomers(simulator, plan.customers)
  if (plan.warmUp > 0) await round(simulator, plan, customers, plan.warmUp)
  return round(simulator, plan, customers, plan.messages)
}

/** The same people in every round, so that a second round finds customers whom the bot knows. */
function settleCustomers(simulator: Simulator, count: number): string[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `load-customer-${index + 1}`
    if (!simulator.world.contacts.has(id)) simulator.world.putContact(WorldContact.parse({ id, name: `L${index + 1}` }))
    return id
  })
}

function round(simulator: Simulator, plan: LoadPlan, customers: string[], total: number): Promise<LoadReport> {
  const { world } = simulator
  const self = simulator.account(plan.account).contactId
  // Who waited longest asks next: late parts of an answer then meet nobody's next question.
  const idle = [...customers]
  const open = new Map<string, number>()
  const latencies: number[] = []
  let asked = 0
  let lost = 0
  let unexpected = 0
  const begun = performance.now()

  const ask = (): void => {
    while (asked < total && open.size < plan.window) {
      const customer = idle.shift()
      if (customer === undefined) return
      const text = plan.questions[asked % plan.questions.length] ?? ''
      asked += 1
      open.set(customer, performance.now())
      world.say(customer, { listenerId: self }, { type: 'text', text })
    }
  }

  return new Promise((resolve) => {
    const settled = (customer: string): void => {
      open.delete(customer)
      idle.push(customer)
      if (asked < total) return ask()
      if (open.size > 0) return
      clearInterval(sweeper)
      world.events.off('message', onMessage)
      const seconds = (performance.now() - begun) / 1_000
      resolve({ asked, answered: latencies.length, lost, unexpected, seconds, ...figures(latencies, seconds) })
    }
    const onMessage = (...[message, origin]: WorldEvents['message']): void => {
      if (origin !== 'send' || message.talkerId !== self || message.listenerId === undefined) return
      const since = open.get(message.listenerId)
      if (since === undefined) {
        unexpected += 1
        return
      }
      latencies.push(performance.now() - since)
      settled(message.listenerId)
    }
    const sweeper = setInterval(() => {
      const now = performance.now()
      for (const [customer, since] of open) {
        if (now - since < plan.patience) continue
        lost += 1
        settled(customer)
      }
    }, 250)
    world.events.on('message', onMessage)
    ask()
  })
}

function figures(latencies: number[], seconds: number): Pick<LoadReport, 'rate' | 'median' | 'p99'> {
  const sorted = Float64Array.from(latencies).sort()
  const at = (share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
  return { rate: latencies.length / seconds, median: at(0.5), p99: at(0.99) }
}
