/** A road with advisers: two whose WeChat is bound, and customers whose words lead to a case. */
import { issueCode } from '../../src/domains/handoff/index.ts'
import { WorldContact } from '../../src/gateways/simulator/world.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { systemIds } from '../../src/kernel/ids.ts'
import { openRoad, type Road, type RoadOptions } from './runtime.ts'
import { until } from './until.ts'

const always = '[{ days: daily, time: 0:00-24:00 }]'
const advisers = `
- { id: lin, name: 林悦, skills: [过敏], shifts: ${always} }
- { id: su, name: 苏苏, shifts: ${always} }
`
const guards = `
topics:
  - { id: allergy, title: 过敏, words: [全脸红肿], urgent: true, says: [顾问马上来看] }
  - { id: asked, title: 要人工, words: [找真人], says: [这就去叫] }
`
const handoffFile = `
reasons:
  - { id: 'topic:allergy', title: 皮肤过敏, skill: 过敏, urgency: 90 }
resolutions:
  - { id: solved, title: 已解决 }
`
const faq = `- { id: ship, questions: [多久发货], answer: 两天之内发出。 }\n`

export type HandoffRoad = Road & {
  /** Binds the WeChat of an adviser (`lin`, `su`), by a code as she would send it. */
  bind(adviser: string): Promise<void>
  /** Somebody whom the bot has not met: her contact id. Her name is the id. */
  customer(): string
  /** The last thing said to somebody, once it holds `words`. */
  told(to: string, words: string): Promise<string>
  /** Everything said to somebody. */
  all(to: string): Promise<string[]>
  rows(text: string): Promise<Record<string, unknown>[]>
}

let people = 0

export async function openHandoffRoad(options: RoadOptions = {}): Promise<HandoffRoad> {
  const { contentFiles = {}, settings = {}, ...rest } = options
  const road = await openRoad({
    contentFiles: {
      ...{ 'advisers.yaml': advisers, 'handoff.yaml': handoffFile, 'guards.yaml': guards, 'faq/road.yaml': faq },
      ...contentFiles,
    },
    settings: { ...settings, handoff: { hours: [{ days: 'daily', time: '0:00-24:00' }], ...settings['handoff'] } },
    ...rest,
  })
  const { simulator, database } = road
  const all = async (to: string): Promise<string[]> => (await simulator.sends({ to })).map(({ text }) => text ?? '')
  const told = async (to: string, words: string): Promise<string> =>
    until(
      async () => {
        const said = await all(to)
        const found = said.findLast((text) => text.includes(words))
        if (found === undefined) throw new Error(`what was said last is ${JSON.stringify(said.slice(-3))}`)
        return found
      },
      { what: `«${words}» is said to ${to}` },
    )
  const meet = (id: string): void => {
    simulator.simulator.world.putContact(WorldContact.parse({ id, name: id }))
  }
  return {
    ...road,
    all,
    told,
    rows: async (text) => (await database.db.pool.query<Record<string, unknown>>(text)).rows,
    customer() {
      people += 1
      meet(`customer-${people}`)
      return `customer-${people}`
    },
    async bind(adviser) {
      meet(adviser)
      const content = road.runtime.content.current()
      const on = { content, ids: systemIds(systemClock), now: systemClock.now() }
      const { code } = await issueCode(database.db.pool, adviser, on)
      await simulator.say(adviser, code.toLowerCase())
      await told(adviser, '绑定好了')
    },
  }
}
