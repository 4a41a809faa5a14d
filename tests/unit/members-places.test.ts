/** Places: what a written address or name says about where somebody is. */
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { Converter } from 'opencc-js/cn2t'
import { describe, expect, it } from 'vitest'
import { renderTable } from '../../scripts/places.ts'
import { type KnownPlace, resolvePlace } from '../../src/domains/members/index.ts'
import zones from '../../src/domains/members/places/zones.json' with { type: 'json' }
import { zoneOfPlace } from '../../src/domains/members/places/zones.ts'

const traditional = (Converter as (options: object) => (text: string) => string)({ from: 'cn', to: 't' })
const tablePath = new URL('../../src/domains/members/places/table.json', import.meta.url)

const written = ({ area, province, city, district }: KnownPlace) =>
  [area, province, city, district].filter((name) => name !== null).join(' ')

/** As «华东 江苏省 苏州市», «? 北京市 … | 吉林省 …» with its candidates, or «nowhere». */
function read(text: string): string {
  const place = resolvePlace(text)
  if (!place) return 'nowhere'
  if (!place.ambiguous) return written(place)
  return [`${written(place)}?`, ...place.ambiguous.map(written)].join(' | ')
}

describe('an address or the name of a place', () => {
  it.each([
    ['苏州', '华东 江苏省 苏州市'],
    ['苏州市', '华东 江苏省 苏州市'],
    ['江苏苏州', '华东 江苏省 苏州市'],
    ['江苏省苏州市', '华东 江苏省 苏州市'],
    ['苏州工业园区', '华东 江苏省 苏州市 苏州工业园区'],
    ['江苏省苏州市工业园区星湖街 328 号', '华东 江苏省 苏州市 苏州工业园区'],
    ['杭州西湖', '华东 浙江省 杭州市 西湖区'],
    ['浙江 杭州 西湖区', '华东 浙江省 杭州市 西湖区'],
    ['浙江省/杭州市/余杭区', '华东 浙江省 杭州市 余杭区'],
    ['浙江省义乌市', '华东 浙江省 金华市 义乌市'],
    ['昆山', '华东 江苏省 苏州市 昆山市'],
    ['收货人王芳,13800138000,江苏省苏州市吴中区木渎镇', '华东 江苏省 苏州市 吴中区'],
    ['中国广东省广州市天河区', '华南 广东省 广州市 天河区'],
    ['广东省东莞市长安镇', '华南 广东省 东莞市 长安镇'],
    ['湖北省仙桃市', '华中 湖北省 仙桃市'],
    ['上海', '华东 上海市 上海市'],
    ['上海市黄浦区南京东路', '华东 上海市 上海市 黄浦区'],
    ['重庆市忠县', '西南 重庆市 重庆市 忠县'],
    ['浦东', '华东 上海市 上海市 浦东新区'],
    ['魔都', '华东 上海市 上海市'],
    ['江浙沪', '华东'],
    ['东北', '东北'],
    ['内蒙古呼和浩特', '华北 内蒙古自治区 呼和浩特市'],
    ['新疆乌鲁木齐', '西北 新疆维吾尔自治区 乌鲁木齐市'],
    ['凉山', '西南 四川省 凉山彝族自治州'],
    ['恩施', '华中 湖北省 恩施土家族苗族自治州'],
    ['香港', '港澳台 香港特别行政区 香港特别行政区'],
    ['臺北市大安區', '港澳台 台湾省 台北市 大安区'],
  ])('«%s» is %s', (text, expected) => expect(read(text)).toBe(expected))

  it.each([
    ['朝阳区', '? | 华北 北京市 北京市 朝阳区 | 东北 吉林省 长春市 朝阳区'],
    [
      '鼓楼区',
      '? | 华东 江苏省 南京市 鼓楼区 | 华东 江苏省 徐州市 鼓楼区 | 华东 福建省 福州市 鼓楼区 | 华中 河南省 开封市 鼓楼区',
    ],
    ['江苏省鼓楼区', '华东 江苏省? | 华东 江苏省 南京市 鼓楼区 | 华东 江苏省 徐州市 鼓楼区'],
    ['西湖区', '华东? | 华东 浙江省 杭州市 西湖区 | 华东 江西省 南昌市 西湖区'],
    ['通州', '? | 华北 北京市 北京市 通州区 | 华东 江苏省 南通市 通州区'],
  ])('«%s» stays ambiguous', (text, expected) => expect(read(text)).toBe(expected))

  it.each([
    ['北京市朝阳区', '华北 北京市 北京市 朝阳区'],
    ['福州鼓楼', '华东 福建省 福州市 鼓楼区'],
    ['徐州市 鼓楼区', '华东 江苏省 徐州市 鼓楼区'],
    ['南昌市西湖区', '华东 江西省 南昌市 西湖区'],
  ])('«%s» is settled by the city in front', (text, expected) => expect(read(text)).toBe(expected))

  it.each([
    ['吉林', '东北 吉林省'],
    ['吉林市', '东北 吉林省 吉林市'],
    ['海南', '华南 海南省'],
    ['海南州', '西北 青海省 海南藏族自治州'],
    ['中山', '华南 广东省 中山市'],
    ['大同', '华北 山西省 大同市'],
  ])('«%s» means the larger of the places that are called so', (text, expected) => expect(read(text)).toBe(expected))

  it.each(['南京路', '南京西路 1266 号', '长安街', '老城区', '东区', '平安', '东方', '在吗', '', '🌸'])(
    '«%s» is no place',
    (text) => expect(read(text)).toBe('nowhere'),
  )
})

describe('the clock at a place', () => {
  it.each([
    ['浙江 杭州', 'Asia/Shanghai'],
    ['台湾 台北', 'Asia/Shanghai'],
    ['新疆 乌鲁木齐', 'Asia/Urumqi'],
    ['澳大利亚 墨尔本', 'Australia/Melbourne'],
    ['澳大利亚', 'Australia/Sydney'],
    ['United States California', 'America/Los_Angeles'],
    ['美国', 'America/New_York'],
    ['华盛顿州 西雅图', 'America/Los_Angeles'],
    ['广东 汕头 南澳', 'Asia/Shanghai'],
    ['Japan', 'Asia/Tokyo'],
  ])('of «%s» is that of %s', (text, zone) => expect(zoneOfPlace(text)).toBe(zone))

  it.each(['', '火星', 'Parish', '在吗'])('of «%s» is not known', (text) => expect(zoneOfPlace(text)).toBeNull())

  it('is one that the platform knows, for every name in the list', () => {
    const all = [...Object.entries(zones.cities), ...Object.entries(zones.countries)]
    for (const [zone, names] of all) {
      expect(() => new Intl.DateTimeFormat('en', { timeZone: zone })).not.toThrow()
      for (const name of names) expect([name, zoneOfPlace(name)]).toEqual([name, zone])
    }
  })
})

describe('reading places', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(fc.constantFrom('江苏', '苏州', '朝阳区', '鼓楼', ' ', '省', '路', '我在', '１', '臺', '😀'), {
      maxLength: 12,
    }),
  )

  it('survives any input', () => {
    fc.assert(fc.property(anything, (text) => void resolvePlace([text].flat().join(''))))
  })

  it('does not depend on the width of characters, nor on traditional or simplified ones', () => {
    const names = fc.constantFrom(
      '江苏省苏州市吴中区',
      '朝阳区',
      '内蒙古 兴安盟',
      '广东东莞',
      '台湾 台北',
      '云南丽江',
      '什么',
    )
    fc.assert(
      fc.property(names, fc.boolean(), (name, wide) => {
        const variant = wide ? name.replaceAll(' ', '　') : traditional(name)
        expect(resolvePlace(variant)).toEqual(resolvePlace(name))
      }),
    )
  })

  it('has its table from the package that it names', () => {
    expect(readFileSync(tablePath, 'utf8')).toBe(renderTable())
  })
})
