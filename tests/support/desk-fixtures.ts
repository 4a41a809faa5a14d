/** A morning at the desk, as the server would tell of it: for pages that are looked at without one. */
import type { CaseDetail, CaseLine, Line, Me, SeatLine, Words } from '../../src/desk/api.ts'

/** Every instant of the fixtures is told from here; the pages count from what the server says. */
export const began = Date.parse('2026-11-23T02:10:00.000Z')
export const at = (minutes: number): string => new Date(began + minutes * 60_000).toISOString()

export const me: Me = {
  ...{ id: 'lin-yue', name: '林悦', role: 'manager', brand: '屿白', zone: 'Asia/Shanghai', away: false, demo: true },
}

const seat = (id: string, name: string, load: number, more: Partial<SeatLine> = {}): SeatLine => ({
  ...{ id, name, role: 'adviser', onDuty: true, away: false, bound: true, load, capacity: 8 },
  ...more,
})
export const team: SeatLine[] = [
  seat('lin-yue', '林悦', 2, { role: 'manager' }),
  seat('su-su', '苏苏', 3),
  seat('he-miao', '何淼', 0, { onDuty: false }),
  seat('zhou-ning', '周宁', 1, { away: true }),
]

const blank: CaseLine = {
  ...{ id: '', number: 0, state: 'waiting', name: '', customerId: null, reason: { code: 'asked', title: '要求人工' } },
  ...{ urgency: 30, level: '', region: '', group: '', owner: null, offeredTo: null, offeredUntil: null },
  ...{ openedAt: at(-8), closedAt: null, unansweredSince: null, unread: 0, lastWords: '', lastAt: at(-2) },
  ...{ promised: null, readable: true },
}
const line = (number: number, more: Partial<CaseLine>): CaseLine => ({
  ...blank,
  ...{ id: `case-${number}`, number, customerId: `customer-${number}` },
  ...more,
})

export const hostile = '<img src=x onerror="document.title=1">'

export const lines: CaseLine[] = [
  line(128, {
    ...{ name: '小满', state: 'offered', offeredTo: 'lin-yue', offeredUntil: at(1), urgency: 90, level: '高消费' },
    ...{
      reason: { code: 'topic:severe-reaction', title: '严重不适' },
      region: '浙江',
      group: '屿白护肤交流 3 群',
      unread: 2,
    },
    ...{ lastWords: '脸上又红又烫，昨晚用了精华以后就这样', promised: { what: 'first', warnAt: at(0), due: at(1) } },
  }),
  line(121, {
    ...{ name: '阿宁', state: 'owned', owner: 'lin-yue', urgency: 60, level: '高消费', region: '上海', unread: 3 },
    ...{ reason: { code: 'topic:reaction', title: '用后不适' }, group: '屿白护肤交流 1 群', unansweredSince: at(-4) },
    ...{ lastWords: '照片发你了，这样还要继续用吗？', promised: { what: 'next', warnAt: at(-2), due: at(3) } },
  }),
  line(117, {
    ...{
      name: '周周爱防晒',
      state: 'owned',
      owner: 'lin-yue',
      urgency: 20,
      reason: { code: 'order', title: '订单问题' },
    },
    ...{ lastWords: '好的，那我等等看', promised: { what: 'resolve', warnAt: at(100), due: at(200) }, lastAt: at(-46) },
  }),
  line(126, { readable: false, customerId: null, promised: { what: 'first', warnAt: at(4), due: at(6) } }),
  line(119, {
    ...{ name: hostile, state: 'owned', owner: 'su-su', reason: { code: 'order-late', title: '订单超时' } },
    ...{ lastWords: hostile, promised: { what: 'next', warnAt: at(-20), due: at(-9) }, unread: 1 },
  }),
  line(111, {
    name: 'Lily',
    state: 'closed',
    owner: 'lin-yue',
    closedAt: at(-90),
    lastWords: '谢谢姐姐',
    lastAt: at(-95),
  }),
]

const said = (id: string, minutes: number, who: Line['who'], text: string, more: Partial<Line> = {}): Line => ({
  ...{ id, who, by: '', type: 'text', text, quoted: null, media: null, at: at(minutes), group: '', recalled: false },
  ...{ state: who === 'customer' ? null : 'sent', say: null },
  ...more,
})
const hers = (id: string, minutes: number, text: string, more: Partial<Line> = {}): Line =>
  said(id, minutes, 'adviser', text, { by: '林悦', say: `handoff-say:${id}`, ...more })

const photo = { id: 'a'.repeat(64), mime: 'image/png', name: '脸颊.png', bytes: 184_000 }

export function detailOf(one: CaseLine): CaseDetail {
  const name = one.name
  return {
    ...{ line: one, reachable: true, mood: one.urgency >= 60 ? 'worried' : '' },
    evidence: [
      { title: 'question', value: '用完脸红了，有点刺痛' },
      { title: 'words', value: '过敏' },
    ],
    summary:
      '昨晚第一次用「夜屿精华」，二十分钟后两颊发红刺痛，今早仍有。平时敏感肌，没有就医。问还能不能用、能不能退。',
    drafts: {
      state: 'ready',
      drafts: [
        {
          n: 1,
          text: '先把精华停掉，这两天只用清水和平时用惯的保湿。如果肿起来或者呼吸不舒服，请马上去医院。',
          cites: ['用后不适'],
          source: 'model',
        },
        { n: 2, text: '方便拍一张现在的样子给我看看吗？自然光下、不要开美颜。', cites: ['皮肤反应'], source: 'model' },
        { n: 3, text: '开封后不适合的，可以在签收七天内退。', cites: ['退换货'], source: 'faq' },
      ],
    },
    promises: one.promised ? [one.promised, { what: 'resolve', warnAt: at(120), due: at(180) }] : [],
    conversation: [
      said('l1', -9, 'customer', '用完脸红了，有点刺痛 有人吗', { group: one.group }),
      said('l2', -9, 'bot', '我私下跟你说，马上找人来看。', { group: one.group }),
      said('l3', -8, 'bot', '已经帮你转给顾问了，大约 5 分钟内有人回你。'),
      hers('l4', -6, '你好小宁，我是林悦。先停用精华，今晚只用清水。', { quoted: '用完脸红了，有点刺痛 有人吗' }),
      hers('l5', -5.5, '发错了', { recalled: true, text: '' }),
      said('l6', -5, 'customer', '', { type: 'image', media: photo }),
      said('l7', -4.5, 'customer', '', {
        type: 'file',
        media: { ...photo, mime: 'application/pdf', name: '病历.pdf' },
      }),
      hers('l8', -4.2, '收到照片了，我看一下。', { state: 'unknown' }),
      said('l9', -4, 'customer', `照片发你了，这样还要继续用吗？ ${hostile}`),
      hers('l10', -0.5, '先别用，等我问一下配方同事。'),
    ],
    earlier: 'before-these',
    history: [
      { id: 'h1', at: at(-8.6), kind: 'opened', by: '', to: '', text: one.reason.title },
      { id: 'h2', at: at(-8.4), kind: 'offered', by: '', to: '苏苏', text: '' },
      { id: 'h3', at: at(-7.5), kind: 'passed', by: '', to: '苏苏', text: 'expired' },
      { id: 'h4', at: at(-7), kind: 'accepted', by: '林悦', to: '', text: '' },
      { id: 'h5', at: at(-3), kind: 'note', by: '林悦', to: '', text: '上个月也红过一次，当时换了保湿霜就好了。' },
    ],
    customer:
      one.customerId === null
        ? null
        : {
            ...{
              id: one.customerId,
              name,
              level: one.level,
              region: one.region,
              valueGroup: '重要保持',
              since: at(-300_000),
            },
            tags: [
              { dimension: 'skin', title: '肤质', values: [{ value: '敏感肌', valueTitle: '敏感肌', locked: true }] },
              {
                dimension: 'interest',
                title: '兴趣',
                values: [
                  { value: '修护', valueTitle: '修护', locked: false },
                  { value: '防晒', valueTitle: '防晒', locked: false },
                ],
              },
            ],
            orders: [
              {
                number: 'YB20261118077',
                state: '已签收',
                placedAt: at(-7_000),
                amount: '¥268.00',
                items: ['夜屿精华 30ml'],
              },
              {
                number: 'YB20261002013',
                state: '已完成',
                placedAt: at(-70_000),
                amount: '¥129.00',
                items: ['海盐洁面', '旅行装'],
              },
            ],
            groups: ['屿白护肤交流 1 群', '会员福利群'],
            cases: [
              {
                number: 88,
                openedAt: at(-60_000),
                closedAt: at(-59_000),
                reason: '订单问题',
                resolution: '已解决',
                mark: 5,
              },
            ],
          },
    rating: null,
  }
}

export const words: Words = {
  canned: [
    { title: '先停用', text: '先把新用的产品都停一停，只用清水和平时用惯的保湿，看两天。' },
    { title: '要订单号', text: '方便把订单号发我一下吗？' },
  ],
  resolutions: [
    { id: 'solved', title: '已解决' },
    { id: 'refunded', title: '已退款' },
  ],
  reasons: [{ id: 'asked', title: '要求人工' }],
  tags: [
    {
      dimension: 'skin',
      title: '肤质',
      many: false,
      values: [
        { value: '敏感肌', title: '敏感肌' },
        { value: '油皮', title: '油皮' },
      ],
    },
  ],
  recallSeconds: 120,
}
