/** The advisers of the demo: people of the simulated world, each with her own WeChat, bound as in life. */
import { issueCode, rosterOf } from '../../domains/handoff/index.ts'
import { act } from '../../gateways/simulator/actions.ts'
import type { WorldMessage } from '../../gateways/simulator/messages.ts'
import type { Simulator } from '../../gateways/simulator/simulator.ts'
import { WorldContact } from '../../gateways/simulator/world.ts'
import type { Content } from '../../kernel/content.ts'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock, Ids } from '../../kernel/ports.ts'
import type { Queryable } from '../../kernel/work.ts'

const patienceMs = 30_000

type On = { db: Queryable; content: Content; clock: Clock; ids: Ids }

/** Everybody of advisers.yaml who has not left gets a contact, and is put into `settled`: contact id → id in advisers.yaml. */
export function settleAdvisers(simulator: Simulator, content: Content, settled: Map<string, string>): void {
  for (const { id: adviser, name, skills, disabled } of rosterOf(content).values()) {
    if (disabled) continue
    const contact = WorldContact.parse({ id: `adviser-${adviser}`, name, title: skills.join(' · ') })
    settled.set(contact.id, adviser)
    simulator.world.putContact(contact)
  }
}

/**
 * Each sends the bot her one-time code from her own WeChat, and waits until the bot has answered. Throws
 * `adviser-not-bound` when it does not.
 */
export async function bindAdvisers(simulator: Simulator, advisers: ReadonlyMap<string, string>, on: On): Promise<void> {
  const bound = [...advisers].map(async ([contactId, adviser]) => {
    const { code, name } = await issueCode(on.db, adviser, { ...on, now: on.clock.now() })
    const answered = botWrites(simulator, contactId, on.clock)
    await act(simulator, 'say', { from: contactId, text: code })
    if (await answered) return
    const message = `The bot did not answer the code of ${name}.`
    throw new ZhangguiError({ code: 'adviser-not-bound', message })
  })
  await Promise.all(bound)
}

/** Whether the bot writes to her in time. */
function botWrites(simulator: Simulator, contactId: string, clock: Clock): Promise<boolean> {
  const { events } = simulator.world
  const bot = simulator.account().contactId
  return new Promise((resolve) => {
    const end = (written: boolean): void => {
      events.off('message', hear)
      stop()
      resolve(written)
    }
    const hear = ({ talkerId, listenerId }: WorldMessage): void => {
      if (talkerId === bot && listenerId === contactId) end(true)
    }
    const stop = clock.after(patienceMs, () => end(false))
    events.on('message', hear)
  })
}
