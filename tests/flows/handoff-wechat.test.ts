/** A case from a customer's words to its end, with advisers who work in WeChat alone. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad()
  await road.bind('lin')
  await road.bind('su')
})
afterAll(() => road.stop())

/** `#12` of a card. */
const numberIn = (card: string): string => /#\d+/u.exec(card)?.[0] ?? ''
const say = (who: string, text: string): Promise<string> => road.simulator.say(who, text)

test('from «全脸红肿» to «结»: the right adviser, every word, signed, and the bot silent between', async () => {
  const she = road.customer()
  await say(she, '用了面霜全脸红肿')
  await road.told(she, '顾问马上来看')
  const card = await road.told('lin', '全脸红肿')
  expect(card).toContain('皮肤过敏')
  expect(card).toContain('急')
  const number = numberIn(card)

  await say('lin', '接')
  expect(await road.told('lin', '现在由你回')).toContain(number)
  await road.told(she, '林悦')
  await say(she, '怎么办呀')
  await road.told('lin', `${number} ${she}：怎么办呀`)
  await say(she, '多久发货')
  await road.told('lin', '多久发货')
  await say('lin', '先停用，别急')
  expect(await road.told(she, '先停用')).toBe('先停用，别急（林悦）')
  await road.told('lin', `已发给 ${number} ${she}`)
  // Her question about the parcel was the adviser's to answer.
  expect((await road.all(she)).join()).not.toContain('两天之内')

  await say('lin', '结 已解决')
  await road.told('lin', '结单了')
  await road.told(she, '林悦')
  await say(she, '多久发货')
  await road.told(she, '两天之内')
  expect(
    await road.rows(`SELECT state, owner, resolution FROM handoff_case WHERE number = ${number.slice(1)}`),
  ).toEqual([{ state: 'closed', owner: 'lin', resolution: 'solved' }])
  expect((await road.all('su')).join()).not.toContain(she)
})

test('a declined case is offered to the next, and a command that comes too late says who has it', async () => {
  const she = road.customer()
  await say(she, '全脸红肿')
  const number = numberIn(await road.told('lin', she))
  await say('lin', '不接')
  await road.told('su', she)
  await say('lin', `接 ${number}`)
  await road.told('lin', `${number} 正等苏苏接`)
  await say('su', '接')
  await road.told('su', '现在由你回')
  await say('lin', `${number} 你好`)
  await road.told('lin', `${number} 不是你手上的单子，在苏苏那里`)
  await say('su', '结')
  await road.told('su', '结单了')
  expect((await road.all(she)).join()).not.toContain('你好')
})

test('two accept at once: one has it, the other is told so', async () => {
  const she = road.customer()
  await say(she, '全脸红肿')
  const number = numberIn(await road.told('lin', she))
  await say('lin', '不接')
  await road.told('su', she)
  await Promise.all([say('su', `接 ${number}`), say('su', `接 ${number}`), say('lin', `接 ${number}`)])
  await road.told('su', '已经是你的了')
  await road.told('lin', `${number} `)
  expect(
    await road.rows(`SELECT count(*)::int AS n FROM case_entry WHERE kind = 'accepted' AND case_id IN
    (SELECT id FROM handoff_case WHERE number = ${number.slice(1)})`),
  ).toEqual([{ n: 1 }])
  await say('su', `${number} 结`)
  await road.told('su', `${number} ${she} 结单了`)
})

test('with two cases on her hands nothing goes to the one whom she did not mean', async () => {
  const [first, second] = [road.customer(), road.customer()]
  await say(first, '全脸红肿')
  const one = numberIn(await road.told('lin', first))
  await say('lin', `接 ${one}`)
  await road.told('lin', `接好了，${one}`)
  await say(second, '全脸红肿')
  const other = numberIn(await road.told('lin', second))
  await say('lin', `接 ${other}`)
  await road.told('lin', `接好了，${other}`)
  await say(first, '你还在吗')
  await road.told('lin', '你还在吗')
  // She chose the second, and has just read the first.
  await say('lin', '在的，马上')
  expect(await road.told('lin', '没发出去')).toContain(one)
  await say('lin', one)
  expect(await road.told(first, '在的，马上')).toBe('在的，马上（林悦）')
  await road.told('lin', `已发给 ${one}`)
  await say('lin', `${other} 你先冲洗一下`)
  await road.told(second, '你先冲洗一下')
  expect((await road.all(second)).join()).not.toContain('马上（林悦）')
  expect((await road.all(first)).join()).not.toContain('冲洗')

  await say('lin', `${one} 转 苏苏 她等很久了`)
  expect(await road.told('su', first)).toContain('林悦转来：她等很久了')
  await road.told(first, '苏苏')
  await say(first, '谢谢')
  await road.told('su', `${first}：谢谢`)
  for (const [who, number] of [
    ['su', one],
    ['lin', other],
  ] as const) {
    await say(who, `${number} 结`)
    await road.told(who, `${number} `)
  }
})

test('who is told twice that nobody knows gets a human', async () => {
  const she = road.customer()
  await say(she, '你们老板是什么星座呀')
  await until(async () => (await road.all(she)).length === 1, { within: 30_000 })
  await say(she, '那他养的猫叫什么名字')
  await road.told('su', she)
  expect(await road.told(she, '顾问')).toBeDefined()
  await say('su', '不接')
})

test('a customer who sends what looks like a code, and one whose code is used up, is a customer still', async () => {
  const she = road.customer()
  await say(she, 'ABCDEFGH')
  await until(async () => (await road.all(she)).length > 0, { within: 30_000 })
  expect(await road.rows(`SELECT role FROM identity WHERE contact_id = '${she}'`)).toEqual([{ role: 'customer' }])
  expect(await road.rows(`SELECT adviser FROM adviser_binding ORDER BY 1`)).toEqual([
    { adviser: 'lin' },
    { adviser: 'su' },
  ])
  expect(await road.rows(`SELECT role FROM identity WHERE contact_id = 'lin'`)).toEqual([{ role: 'staff' }])
})
