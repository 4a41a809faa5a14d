/** Region: where somebody lives, from what she says, her orders and her profile. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { wanted } from '../../src/domains/tags/region/decide.ts'
import { placesSaid } from '../../src/domains/tags/region/said.ts'
import { RegionDimension } from '../../src/domains/tags/region/schema.ts'
import type { Facts, OrderFact } from '../../src/domains/tags/schema.ts'
import { effortOf } from '../support/effort.ts'

const day = 86_400_000
const now = new Date('2026-11-22T12:00:00Z')
const ago = (days: number) => new Date(now.getTime() - days * day)
const dimension = RegionDimension.parse({ kind: 'region', id: 'region' })

/** «浙江省 杭州市», «? 2» of two candidates, with «maybe» before what is not firm. */
function said(text: string): string {
  const places = placesSaid(text).map(({ place, firm }) => {
    const names = [...new Set([place.province ?? place.area, place.city, place.district])].filter(
      (name) => name !== null,
    )
    return [firm ? '' : 'maybe', ...names, place.ambiguous ? `? ${place.ambiguous.length}` : '']
      .filter(Boolean)
      .join(' ')
  })
  return places.join('; ') || 'nowhere'
}

describe('a place that she says is hers', () => {
  it.each([
    ['我在杭州', '浙江省 杭州市'],
    ['我在杭州，最近皮肤好干', '浙江省 杭州市'],
    ['我在成都皮肤好干怎么办', '四川省 成都市'],
    ['我现在人在西安', '陕西省 西安市'],
    ['人在广州，刚下单', '广东省 广州市'],
    ['我们成都这边', '四川省 成都市'],
    ['我们这边是哈尔滨', '黑龙江省 哈尔滨市'],
    ['我这里是昆明', '云南省 昆明市'],
    ['我上海的', '上海市'],
    ['我是杭州的，几天能到', '浙江省 杭州市'],
    ['我家在苏州', '江苏省 苏州市'],
    ['我住在苏州园区', '江苏省 苏州市 苏州工业园区'],
    ['我公司在上海', '上海市'],
    ['坐标深圳', '广东省 深圳市'],
    ['坐标：武汉', '湖北省 武汉市'],
    ['base杭州', '浙江省 杭州市'],
    ['现居重庆', '重庆市'],
    ['我人在东北，好冷', '东北'],
    ['我在内蒙', '内蒙古自治区'],
    ['我在海南', '海南省'],
    ['我在北京大学读书', '北京市'],
    ['我在深圳宝安', '广东省 深圳市 宝安区'],
    ['我和闺蜜都在杭州', '浙江省 杭州市'],
    ['我在上海南京路附近', '上海市'],
    ['我們在臺北這邊', '台湾省 台北市'],
    ['我是湖南人，现在在深圳上班', '广东省 深圳市'],
  ])('«%s»', (text, place) => expect(said(text)).toBe(place))

  it.each([
    ['搬到上海了', '上海市'],
    ['刚搬来厦门', '福建省 厦门市'],
    ['去年搬到成都了', '四川省 成都市'],
    ['从杭州搬到了义乌', '浙江省 金华市 义乌市'],
    ['以前在北京，现在搬到杭州了', '浙江省 杭州市'],
    ['不住杭州了，搬到苏州了', '江苏省 苏州市'],
    ['我嫁到山东了', '山东省'],
    ['我去上海工作了', '上海市'],
  ])('«%s» moves her', (text, place) => expect(said(text)).toBe(place))

  it.each([
    ['寄到苏州工业园区', '江苏省 苏州市 苏州工业园区'],
    ['明天寄到公司，上海市浦东新区张江路 88 号', '上海市 浦东新区'],
    ['收货地址：广东省深圳市南山区科技园 1 栋', '广东省 深圳市 南山区'],
    ['地址 江苏省 苏州市 吴中区 木渎镇', '江苏省 苏州市 吴中区'],
    ['浙江省杭州市西湖区文三路 123 号', '浙江省 杭州市 西湖区'],
    ['别寄到北京，寄到天津', '天津市'],
    ['从上海发到苏州', '江苏省 苏州市'],
    ['能寄到新疆吗', 'maybe 新疆维吾尔自治区'],
    ['发到西藏要几天', 'maybe 西藏自治区'],
  ])('«%s» is an address', (text, place) => expect(said(text)).toBe(place))

  it.each([
    ['我在朝阳区', '? 2'],
    ['我住朝阳', '? 3'],
    ['我家在鼓楼区', '? 4'],
  ])('«%s» stays ambiguous', (text, place) => expect(said(text)).toBe(place))
})

describe('a place that is not hers', () => {
  it.each([
    '老家湖南',
    '我老家在湖南',
    '我是湖南人',
    '去北京出差',
    '我在北京出差',
    '我在三亚玩',
    '我在成都吃火锅',
    '我在杭州买的',
    '我在北京的时候买过',
    '下个月要搬到上海',
    '准备去广州工作',
    '如果我在北京就好了',
    '过年回湖南',
    '我不在北京',
    '我不是在北京',
    '你在北京吗',
    '你们在杭州吗',
    '你们从广州发货吗',
    '你们发货到新疆吗',
    '我妈在成都',
    '我老公在北京',
    '他在北京',
    '她说她在上海',
    '寄给我妈，地址湖南长沙',
    '我杭州的朋友',
    '武汉的姐妹在吗',
    '我在南京路',
    '我在上海银行上班',
    '我在上海迪士尼',
    '我在北京烤鸭店排队',
    '我想吃长沙臭豆腐',
    '西安凉皮真好吃',
    '海南菜好吃',
    '我在平安',
    '广州今天下雨',
    '我在想去成都玩',
    '杭州',
    '我在忙',
  ])('«%s»', (text) => expect(said(text)).toBe('nowhere'))

  it('cannot be told from hers where only the sentence before says who speaks', () => {
    expect(said('我是湖南人，在深圳')).toBe('nowhere')
    expect(said('上海浦东的，能用什么快递')).toBe('nowhere')
  })
})

function facts(given: Partial<Facts>): Facts {
  return {
    personId: 'p',
    firstSeenAt: ago(900),
    lastSeenAt: now,
    profile: {},
    orders: [],
    interactions: [],
    messages: [],
    referredCents: 0n,
    consent: { profiling: true, sensitive: true },
    current: [],
    ...given,
  }
}

const message = (text: string, days: number) => ({ id: `m${days}`, at: ago(days), text })

function order(city: string, days: number, cents = 10_000n): OrderFact {
  return {
    id: BigInt(days),
    orderNo: `o${days}`,
    at: ago(days),
    cents,
    status: 'done',
    refundOf: null,
    categories: [],
    skus: [],
    province: null,
    city,
    area: null,
  }
}

const tags = (given: Partial<Facts>) => wanted(facts(given), dimension, now, 'Asia/Shanghai')
const values = (given: Partial<Facts>) =>
  tags(given)
    .map(({ value }) => value)
    .join(' ')

describe('the region of a customer', () => {
  it('is area, province and city of one place, each with its evidence', () => {
    const [area, province, city] = tags({ messages: [message('我在杭州', 10)] })
    expect([area?.value, province?.value, city?.value]).toEqual(['华东', '浙江省', '杭州市'])
    expect([area?.rule, province?.rule, city?.rule]).toEqual(['region/area', 'region/province', 'region/city'])
    expect(city?.evidence).toEqual([{ kind: 'message', ref: 'm10', at: ago(10).toISOString() }])
    expect(city?.strength).toBe(0.9)
    expect(city?.until).toEqual(new Date(ago(10).getTime() + 730 * day))
  })

  it('is what she says rather than an address, and that rather than her profile', () => {
    const profile = { province: '广东', city: '深圳' }
    expect(values({ profile })).toBe('华南 广东省 深圳市')
    expect(values({ profile, orders: [order('成都', 300)] })).toBe('西南 四川省 成都市')
    expect(values({ profile, orders: [order('成都', 3)], messages: [message('我在杭州', 10)] })).toBe(
      '华东 浙江省 杭州市',
    )
  })

  it('follows her when she moves: the newer of two says counts', () => {
    expect(values({ messages: [message('搬到上海了', 5), message('我在杭州', 50)] })).toBe('华东 上海市')
    expect(values({ orders: [order('北京', 5), order('成都', 50)] })).toBe('华北 北京市')
  })

  it('follows her orders when two in a row go elsewhere than she said before', () => {
    const messages = [message('我在杭州', 100)]
    expect(values({ messages, orders: [order('成都', 5)] })).toBe('华东 浙江省 杭州市')
    expect(values({ messages, orders: [order('成都', 5), order('成都', 20)] })).toBe('西南 四川省 成都市')
    expect(values({ messages, orders: [order('成都', 5), order('北京', 20)] })).toBe('华东 浙江省 杭州市')
    expect(values({ messages, orders: [order('成都', 200), order('成都', 220)] })).toBe('华东 浙江省 杭州市')
  })

  it('settles an ambiguous name by a city that stands elsewhere', () => {
    const messages = [message('我在朝阳区', 5)]
    expect(values({ messages })).toBe('')
    expect(values({ messages, orders: [order('北京', 50)] })).toBe('华北 北京市')
    expect(values({ messages, profile: { province: '吉林' } })).toBe('东北 吉林省 长春市')
    expect(values({ messages: [message('我家在鼓楼区', 1), message('寄到福州', 9)] })).toBe('华东 福建省 福州市')
  })

  it('says of an ambiguous name what all its places share', () => {
    expect(values({ messages: [message('我在西湖区', 5)] })).toBe('华东')
    expect(values({ messages: [message('我住江苏省鼓楼区', 5)] })).toBe('华东 江苏省')
  })

  it('completes a province with the city of an order there', () => {
    const messages = [message('我在浙江', 5)]
    expect(values({ messages })).toBe('华东 浙江省')
    expect(values({ messages, orders: [order('杭州', 50)] })).toBe('华东 浙江省 杭州市')
    expect(values({ messages, orders: [order('成都', 50)] })).toBe('华东 浙江省')
  })

  it('is surer the more speaks for it', () => {
    const alone = tags({ messages: [message('我在杭州', 5)] })[2]
    const twice = tags({ messages: [message('我在杭州', 5)], orders: [order('杭州', 50)] })[2]
    expect(twice?.strength).toBe(0.98)
    expect(twice?.strength).toBeGreaterThan(alone?.strength ?? 1)
    expect(twice?.evidence.map(({ kind }) => kind)).toEqual(['message', 'order'])
  })

  it('is forgotten when nothing has been heard of it for long', () => {
    expect(values({ messages: [message('我在杭州', 731)] })).toBe('')
    expect(values({ messages: [message('我在杭州', 731)], profile: { city: '深圳' } })).toBe('华南 广东省 深圳市')
  })

  it('takes no address from a refund', () => {
    expect(values({ orders: [order('成都', 5, -10_000n)] })).toBe('')
  })

  it('does not depend on the order of the lists, and never has two places at once', () => {
    const texts = ['我在杭州', '搬到上海了', '我在朝阳区', '寄到苏州工业园区', '能寄到新疆吗', '我在浙江', '好的']
    const heard = fc.uniqueArray(fc.tuple(fc.constantFrom(...texts), fc.nat(900)), {
      maxLength: 8,
      selector: ([, d]) => d,
    })
    const bought = fc.uniqueArray(fc.tuple(fc.constantFrom('北京', '成都', '杭州', '鼓楼区', ''), fc.nat(900)), {
      maxLength: 8,
      selector: ([, days]) => days,
    })
    fc.assert(
      fc.property(heard, bought, (said, ordered) => {
        const messages = said.map(([text, days]) => message(text, days))
        const orders = ordered.map(([city, days]) => order(city, days))
        const given = tags({ messages, orders })
        expect(tags({ messages: messages.toReversed(), orders: orders.toReversed() })).toEqual(given)
        expect(given.length).toBeLessThanOrEqual(3)
        expect(new Set(given.map(({ rule }) => rule)).size).toBe(given.length)
        for (const { strength, evidence, until } of given) {
          expect(strength).toBeGreaterThan(0)
          expect(strength).toBeLessThanOrEqual(1)
          expect(evidence.length).toBeGreaterThan(0)
          if (until) expect(until.getTime()).toBeGreaterThan(now.getTime())
        }
      }),
    )
  })
})

describe('reading places out of speech', () => {
  it.each([
    '都是',
    '我在',
    '我',
    '人',
    '家',
    '杭州',
    '寄到',
    '地址',
    '是',
    '的',
    '搬到',
    '朝阳',
    '省',
    ' ',
    '就也都是',
    '不',
  ])('is not held up by «%s» five hundred times over', (fragment) => {
    expect(effortOf(() => placesSaid(`我${fragment.repeat(500)}杭州`))).toBeLessThan(2_000)
  })

  it('survives any input', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 6 }),
      fc.constantFrom('我在', '杭州', '寄到', '不', '，', ' '),
    )
    fc.assert(fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => void placesSaid(pieces.join(''))))
  })
})
