/** Between a customer and her adviser: pictures, voice, files and cards both ways, and what is taken back. */
import { createHash, randomBytes } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { JournalEntry } from '../../src/gateways/simulator/journal.ts'
import type { MessageContentInput } from '../../src/gateways/simulator/messages.ts'
import { type HandoffRoad, openHandoffRoad } from '../support/handoff.ts'
import { until } from '../support/until.ts'

let road: HandoffRoad
beforeAll(async () => {
  road = await openHandoffRoad()
  await road.bind('lin')
})
afterAll(() => road.stop())

const say = (who: string, what: string | MessageContentInput): Promise<string> => road.simulator.say(who, what)

/** A customer whose case is lin's: her id, and `#12`. */
async function case_(): Promise<{ she: string; number: string }> {
  const she = road.customer()
  await say(she, '用了面霜全脸红肿')
  const number = /#\d+/u.exec(await road.told('lin', she))?.[0] ?? ''
  await say('lin', `接 ${number}`)
  await road.told('lin', `接好了，${number}`)
  await road.told(she, '林悦')
  return { she, number }
}

async function close(number: string): Promise<void> {
  await say('lin', `${number} 结`)
  await until(
    async () => (await road.rows(`SELECT FROM handoff_case WHERE number = ${number.slice(1)} AND state = 'closed'`))[0],
    { within: 20_000, what: `${number} is closed` },
  )
}

const picture = (words: string): { bytes: Buffer; base64: string; sha256: string } => {
  const bytes = Buffer.concat([Buffer.from('89504e470d0a1a0a', 'hex'), Buffer.from(words)])
  return { bytes, base64: bytes.toString('base64'), sha256: sha256Of(bytes) }
}
const sha256Of = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex')

const sent = (to: string, match: (entry: JournalEntry) => boolean): Promise<JournalEntry> =>
  until(async () => (await road.simulator.sends({ to })).find(match), { within: 60_000, what: `it is sent to ${to}` })
/** What was said to somebody just before. */
async function before(to: string, entry: JournalEntry): Promise<string> {
  const all = await road.simulator.sends({ to })
  return all[all.findIndex(({ messageId }) => messageId === entry.messageId) - 1]?.text ?? ''
}

test('pictures, voice, videos, files and stickers of a customer reach her adviser as themselves, with the number', async () => {
  const { she, number } = await case_()
  const kinds = [
    { content: { type: 'image', filename: 'face.png' }, as: 'image', said: '一张图片' },
    { content: { type: 'audio', filename: 'voice.mp3' }, as: 'audio', said: '一段语音' },
    { content: { type: 'video', filename: 'clip.mp4' }, as: 'video', said: '一段视频' },
    { content: { type: 'attachment', filename: 'bill.pdf' }, as: 'attachment', said: '一个文件' },
    { content: { type: 'emoticon', filename: 'cry.gif' }, as: 'image', said: '一个表情' },
  ] as const
  for (const { content, as, said } of kinds) {
    const file = picture(content.filename)
    await say(she, { ...content, base64: file.base64 })
    const entry = await sent('lin', ({ sha256 }) => sha256 === file.sha256)
    expect(entry).toMatchObject({ type: as, filename: content.filename })
    expect(await before('lin', entry)).toBe(`${number} ${she} 发来${said}：`)
  }
  // The desk finds them with the messages.
  const kept = await road.rows(`SELECT count(*)::int AS n FROM message WHERE direction = 'in' AND details ? 'mediaId'`)
  expect(kept).toEqual([{ n: kinds.length }])
  await close(number)
})

test('links and mini-programs of a customer reach her adviser as cards', async () => {
  const { she, number } = await case_()
  await say(she, { type: 'url', title: '这篇说会过敏', url: 'https://example.com/a' })
  const link = await sent('lin', ({ type }) => type === 'url')
  expect(link.details).toMatchObject({ title: '这篇说会过敏', url: 'https://example.com/a' })
  expect(await before('lin', link)).toBe(`${number} ${she} 发来一个链接：`)
  await say(she, { type: 'miniProgram', appid: 'wx1', title: '我的订单', pagePath: 'pages/order' })
  expect((await sent('lin', ({ type }) => type === 'miniProgram')).details).toMatchObject({ pagePath: 'pages/order' })
  await close(number)
})

test('what an adviser sends goes to the customer of her case, signed, and she is told who got it', async () => {
  const { she, number } = await case_()
  for (const content of [
    { type: 'image', filename: 'how.png' },
    { type: 'audio', filename: 'hello.mp3' },
    { type: 'attachment', filename: 'guide.pdf' },
  ] as const) {
    const file = picture(`adviser ${content.filename}`)
    await say('lin', { ...content, base64: file.base64 })
    const entry = await sent(she, ({ sha256 }) => sha256 === file.sha256)
    expect(entry).toMatchObject({ type: content.type, filename: content.filename })
    expect(await before(she, entry)).toContain('林悦发来')
  }
  await until(async () => (await road.all('lin')).filter((line) => line === `已发给 ${number} ${she}`).length === 3, {
    within: 20_000,
    what: 'each of the three is confirmed',
  })
  await close(number)
})

test('a picture that may be for two customers goes to nobody until she says for whom', async () => {
  const one = await case_()
  const two = await case_()
  await say(one.she, '在吗')
  await road.told('lin', `${one.number} ${one.she}：在吗`)
  const file = picture('for one of two')
  await say('lin', { type: 'image', filename: 'which.png', base64: file.base64 })
  await road.told('lin', '没发出去')
  expect((await road.simulator.sends()).filter(({ sha256 }) => sha256 === file.sha256)).toEqual([])
  await say('lin', one.number)
  await sent(one.she, ({ sha256 }) => sha256 === file.sha256)
  await road.told('lin', `已发给 ${one.number} ${one.she}`)
  expect((await road.simulator.sends({ to: two.she })).filter(({ sha256 }) => sha256 === file.sha256)).toEqual([])
  await close(one.number)
  await close(two.number)
})

test('a picture of 20 MB is passed on byte for byte, and holds up nobody meanwhile', async () => {
  const { she, number } = await case_()
  const bytes = randomBytes(20 * 1_024 * 1_024)
  await say(she, { type: 'image', filename: 'huge.png', base64: bytes.toString('base64') })
  await say(she, '图有点大')
  await road.told('lin', `${number} ${she}：图有点大`)
  expect(await sent('lin', ({ filename }) => filename === 'huge.png')).toMatchObject({
    bytes: bytes.length,
    sha256: sha256Of(bytes),
  })
  await close(number)
})

test('a picture that is larger than the settings allow is said to both, and is kept nowhere', async () => {
  const { she, number } = await case_()
  const bytes = randomBytes(20 * 1_024 * 1_024 + 1)
  await say(she, { type: 'image', filename: 'too-huge.png', base64: bytes.toString('base64') })
  await road.told('lin', `${number} ${she} 发来一张图片，超过 20 MB`)
  await road.told(she, '超过 20 MB，顾问那边收不到')
  expect((await road.simulator.sends()).filter(({ filename }) => filename === 'too-huge.png')).toEqual([])
  expect(await road.rows(`SELECT FROM media WHERE octet_length(bytes) > ${20 * 1_024 * 1_024}`)).toEqual([])
  await close(number)
})

test('a file that the platform does not show any more is said to the adviser', async () => {
  const { she, number } = await case_()
  await say(she, { type: 'image', filename: 'gone.png', base64: '' })
  await road.told('lin', `${number} ${she} 发来一张图片，取不到了`)
  await close(number)
})

test('«撤回» takes her last message back from the customer, once, and says so', async () => {
  const { she, number } = await case_()
  await say('lin', '你今天就退货吧')
  await road.told('lin', `已发给 ${number} ${she}`)
  const { messageId } = await sent(she, ({ text }) => text?.startsWith('你今天就退货吧') ?? false)
  await say('lin', '撤回')
  expect(await road.told('lin', '」撤回了')).toBe(`${number} ${she}：「你今天就退货吧（林悦）」撤回了。`)
  const recalls = (await road.simulator.journal()).filter(({ type }) => type === 'recall')
  expect(recalls.map(({ to }) => to)).toEqual([messageId])
  expect(
    await road.rows(`SELECT FROM message WHERE platform_id = '${messageId}' AND recalled_at IS NOT NULL`),
  ).toHaveLength(1)
  // What she answered with is gone, so that the customer waits again.
  expect(
    await road.rows(`SELECT FROM handoff_case WHERE number = ${number.slice(1)} AND unanswered_since IS NOT NULL`),
  ).toHaveLength(1)
  await say('lin', '撤回')
  await road.told('lin', `${number} 上一句已经在撤回了`)
  expect((await road.simulator.journal()).filter(({ type }) => type === 'recall')).toHaveLength(1)
  await close(number)
})

test('what still waits is not sent when she takes it back', async () => {
  const { she, number } = await case_()
  await road.simulator.plan('hang', { times: 1, to: she })
  await say('lin', '第一句')
  await until(async () => (await road.simulator.state()).accounts[0]?.held === 1)
  await say('lin', '第二句')
  await until(
    async () => (await road.rows(`SELECT FROM outbox WHERE body ->> 'text' LIKE '第二句%' AND state = 'pending'`))[0],
  )
  await say('lin', '撤回')
  await road.told('lin', '「第二句（林悦）」还没发出去，拦下来了')
  await road.simulator.act('release', {})
  await road.told(she, '第一句')
  await say('lin', '第三句')
  await road.told(she, '第三句')
  expect((await road.all(she)).join()).not.toContain('第二句')
  await close(number)
})

test('too late, and refused by the platform: she is told that the customer can still read it', async () => {
  const { she, number } = await case_()
  await say('lin', '说错的话')
  const { messageId = '' } = await sent(she, ({ text }) => text?.startsWith('说错的话') ?? false)
  await road.simulator.plan('refuse', { times: 1, to: messageId })
  await say('lin', '撤回')
  await road.told('lin', '「说错的话（林悦）」微信没让撤回')
  await say('lin', '过了很久')
  await road.told(she, '过了很久')
  await road.rows(`UPDATE case_entry SET at = at - interval '3 minutes' WHERE kind = 'adviser-said'`)
  await say('lin', '撤回')
  await road.told('lin', `${number} 上一句发出去太久`)
  await close(number)
})

test('a customer takes back what she said: her adviser hears which, without the words, and cards say so', async () => {
  const { she, number } = await case_()
  const id = await say(she, '我的身份证号是秘密')
  await road.told('lin', '我的身份证号是秘密')
  await road.simulator.act('recall', { messageId: id })
  expect(await road.told('lin', `${number} ${she} 撤回了`)).toMatch(
    new RegExp(`^${number} ${she} 撤回了 \\d\\d:\\d\\d 发的一条消息。$`, 'u'),
  )
  await road.bind('su')
  await say('lin', `${number} 转 苏苏`)
  const card = await road.told('su', '林悦转来')
  expect(card).toContain('顾客：（已撤回）')
  expect(card).not.toContain('秘密')
  await say('su', '结')
  await road.told('su', '结单了')
})

test('words that the platform refused are told to the adviser, and go again only when she says so', async () => {
  const { she, number } = await case_()
  await road.simulator.plan('refuse', { times: 1, to: she })
  await say('lin', '先停用面霜')
  expect(await road.told('lin', '「先停用面霜')).toBe(
    `${number} ${she}：「先停用面霜（林悦）」没发出去。要再发一次，回「重发 ${number.slice(1)}」。`,
  )
  expect((await road.all(she)).join()).not.toContain('先停用面霜')
  // Nobody else is called for what the adviser knows.
  expect(
    await road.rows(`SELECT FROM case_entry WHERE kind = 'again' AND data ->> 'reason' = 'refused-reply'`),
  ).toEqual([])
  await say('lin', `重发 ${number.slice(1)}`)
  await road.told(she, '先停用面霜')
  const states = await until(
    async () => {
      const rows = await road.rows(
        `SELECT data ->> 'state' AS state FROM case_entry e JOIN handoff_case h ON h.id = e.case_id
         WHERE h.number = ${number.slice(1)} AND e.kind = 'delivery' ORDER BY e.id`,
      )
      return rows.length === 2 && rows
    },
    { within: 20_000, what: 'both outcomes stand in the history' },
  )
  expect(states).toEqual([{ state: 'refused' }, { state: 'sent' }])
  await say('lin', `重发 ${number.slice(1)}`)
  await road.told('lin', `${number} 没有要重发的话`)
  expect((await road.all(she)).filter((text) => text.startsWith('先停用面霜'))).toHaveLength(1)
  await close(number)
})

test('words of which nobody knows whether they arrived are never sent again by themselves', async () => {
  const { she, number } = await case_()
  await road.simulator.act('setManners', { echo: false })
  await road.simulator.plan('drop-connection', { times: 1, to: she })
  await say('lin', '不确定的话')
  await road.told('lin', '「不确定的话（林悦）」不确定发到了没有')
  expect((await road.all(she)).filter((text) => text.startsWith('不确定的话'))).toHaveLength(1)
  await road.simulator.act('setManners', { echo: true })
  await say('lin', `${number} 重发`)
  await until(async () => (await road.all(she)).filter((text) => text.startsWith('不确定的话')).length === 2, {
    within: 20_000,
    what: 'it is sent again as she chose',
  })
  await close(number)
})
