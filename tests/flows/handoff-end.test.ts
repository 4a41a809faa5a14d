/** After a case: how it was, once; and who comes back is with the same adviser. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

const always = '[{ days: daily, time: 0:00-24:00 }]'
const roster = `
- { id: lin, name: 林悦, skills: [过敏], shifts: ${always} }
- { id: su, name: 苏苏, shifts: ${always} }
- { id: boss, name: 周宁, role: manager, shifts: ${always} }
`

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad({ contentFiles: { 'advisers.yaml': roster } })
  for (const who of ['lin', 'su', 'boss']) await road.bind(who)
}, 60_000)
afterAll(() => road.stop())

const say = (who: string, text: string): Promise<string> => road.simulator.say(who, text)
const numberIn = (card: string): string => /#\d+/u.exec(card)?.[0] ?? ''
const asked = async (she: string): Promise<string[]> => (await road.all(she)).filter((text) => text.includes('1 到 5'))

/** A case of hers from its card to the adviser's last word; its number. */
async function serve(she: string, adviser = 'lin'): Promise<string> {
  await say(she, '全脸红肿')
  const number = numberIn(await road.told(adviser, she))
  await say(adviser, `接 ${number}`)
  await road.told(adviser, `接好了，${number}`)
  await say(adviser, `${number} 先停用看看`)
  await road.told(she, '先停用看看')
  return number
}

async function close(number: string, adviser = 'lin'): Promise<void> {
  await say(adviser, `${number} 结`)
  await until(async () => (await road.all(adviser)).some((text) => text.includes(number) && text.includes('结单了')), {
    within: 20_000,
    what: `${number} is closed`,
  })
}

const caseOf = (number: string, columns: string): Promise<Record<string, unknown>[]> =>
  road.rows(`SELECT ${columns} FROM handoff_case WHERE number = ${number.slice(1)}`)
const historyOf = async (number: string): Promise<unknown[]> =>
  (
    await road.rows(
      `SELECT kind FROM case_entry WHERE case_id = (SELECT id FROM handoff_case WHERE number = ${number.slice(1)}) AND kind <> 'drafts' ORDER BY id`,
    )
  ).map(({ kind }) => kind)

test('she is asked how it was, her mark is kept and she is thanked; a low one the manager reads', async () => {
  const [happy, angry] = [road.customer(), road.customer()]
  const first = await serve(happy)
  await close(first)
  await road.told(happy, '1 到 5')
  await say(happy, '谢谢')
  await say(happy, '5分，很快')
  await until(async () => (await caseOf(first, 'rating'))[0]?.['rating'] === 5, { within: 20_000 })
  await until(async () => (await road.all(happy)).at(-1)?.includes('谢谢') === true, { within: 20_000 })
  expect(await caseOf(first, 'rating, rating_words')).toEqual([{ rating: 5, rating_words: '很快' }])

  const second = await serve(angry)
  await close(second)
  await road.told(angry, '1 到 5')
  await say(angry, '不满意，等太久')
  expect(await road.told('boss', '【低分】')).toBe(`【低分】${second} ${angry} 打了 2 分，顾问林悦：不满意，等太久`)
  expect(await historyOf(second)).toContain('rated')
  expect((await road.all('boss')).join()).not.toContain(`【低分】${first}`)
}, 60_000)

test('what is no mark is a message like any other, and she is not asked again', async () => {
  const she = road.customer()
  const number = await serve(she)
  await close(number)
  await road.told(she, '1 到 5')
  await say(she, '多久发货？')
  await road.told(she, '两天之内')
  // The talk is about something else now: this is an answer to nobody.
  await say(she, '5')
  await until(async () => (await road.rows('SELECT count(*)::int AS n FROM open_question'))[0]?.['n'] === 0, {
    within: 20_000,
  })
  expect(await caseOf(number, 'rating')).toEqual([{ rating: null }])
  expect(await asked(she)).toHaveLength(1)
}, 60_000)

test('whom no human has spoken with is asked nothing', async () => {
  const she = road.customer()
  await say(she, '全脸红肿')
  const number = numberIn(await road.told('lin', she))
  await say('lin', `接 ${number}`)
  await road.told('lin', `接好了，${number}`)
  await close(number)
  await say(she, '多久发货')
  await road.told(she, '两天之内')
  expect(await asked(she)).toEqual([])
}, 60_000)

test('who needs a human again goes on with her case and with her adviser, and is asked how it was only once', async () => {
  const she = road.customer()
  const number = await serve(she)
  await close(number)
  await road.told(she, '1 到 5')
  await say(she, '找真人')
  await road.told('lin', `${number} ${she}【急】【又来了】`)
  await say('lin', `接 ${number}`)
  await until(async () => (await caseOf(number, 'state'))[0]?.['state'] === 'owned', { within: 20_000 })
  await say('lin', `${number} 我在呢`)
  await road.told(she, '我在呢')
  await close(number)
  await until(async () => (await historyOf(number)).filter((kind) => kind === 'resolved').length === 2, {
    within: 20_000,
  })
  expect(await historyOf(number)).toContain('reopened')
  expect(await caseOf(number, 'reopened, owner')).toEqual([{ reopened: 1, owner: 'lin' }])
  await say(she, '多久发货')
  await road.told(she, '两天之内')
  expect(await asked(she)).toHaveLength(1)
}, 60_000)

test('a mark with words that are our people’s matter is kept, and her case goes on', async () => {
  const she = road.customer()
  const number = await serve(she)
  await close(number)
  await road.told(she, '1 到 5')
  await say(she, '1 现在全脸红肿')
  await road.told('lin', `${number} ${she}【急】【又来了】`)
  await until(async () => (await caseOf(number, 'rating'))[0]?.['rating'] === 1, { within: 20_000 })
  await road.told('boss', '现在全脸红肿')
}, 60_000)

test('beyond the window it is a new case, offered to her last adviser first', async () => {
  const she = road.customer()
  const number = await serve(she)
  await close(number)
  await road.rows(
    `UPDATE handoff_case SET closed_at = closed_at - interval '2 days' WHERE number = ${number.slice(1)} RETURNING id`,
  )
  await say(she, '找真人')
  const other = await until(
    async () => {
      const cards = (await road.all('lin')).filter((text) => text.includes(`${she}\n`))
      return cards.map(numberIn).find((one) => one !== number)
    },
    { within: 20_000 },
  )
  expect(await caseOf(number, 'state, reopened')).toEqual([{ state: 'closed', reopened: 0 }])
  expect(await historyOf(other)).toEqual(['opened', 'offered'])
}, 60_000)
