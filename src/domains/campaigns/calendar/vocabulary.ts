/** Days of the year by the names under which people know them. */

/** Days of the lunar calendar: month and day; 0 for the last day of the year. */
export const lunarFestivals: Readonly<Record<string, readonly [month: number, day: number]>> = {
  // The day itself, not the public holiday around it: that is «holidays».
  春节: [1, 1],
  大年初一: [1, 1],
  元宵: [1, 15],
  元宵节: [1, 15],
  龙抬头: [2, 2],
  端午: [5, 5],
  端午节: [5, 5],
  七夕: [7, 7],
  七夕节: [7, 7],
  中元: [7, 15],
  中秋: [8, 15],
  中秋节: [8, 15],
  重阳: [9, 9],
  重阳节: [9, 9],
  腊八: [12, 8],
  腊八节: [12, 8],
  // As the north keeps it; who goes by the south writes 农历腊月廿四.
  小年: [12, 23],
  除夕: [12, 0],
  大年三十: [12, 0],
}

/** Days of the common calendar: month and day. */
export const solarFestivals: Readonly<Record<string, readonly [month: number, day: number]>> = {
  元旦: [1, 1],
  情人节: [2, 14],
  '38': [3, 8],
  妇女节: [3, 8],
  女神节: [3, 8],
  劳动节: [5, 1],
  '520': [5, 20],
  五二零: [5, 20],
  儿童节: [6, 1],
  '618': [6, 18],
  六一八: [6, 18],
  教师节: [9, 10],
  国庆: [10, 1],
  国庆节: [10, 1],
  双11: [11, 11],
  双十一: [11, 11],
  双12: [12, 12],
  双十二: [12, 12],
  平安夜: [12, 24],
  圣诞: [12, 25],
  圣诞节: [12, 25],
}

/** The so manieth weekday (1 = Monday) of a month. */
export const weekdayFestivals: Readonly<Record<string, readonly [month: number, weekday: number, nth: number]>> = {
  母亲节: [5, 7, 2],
  父亲节: [6, 7, 3],
  感恩节: [11, 4, 4],
}

/** What is expected of whoever names a day, and has named none of these. */
export const dayNamesHint =
  'workdays, holidays, weekends, a festival (中秋, 母亲节, 双11), a solar term (立春) or a lunar day (农历八月十五)'

export const solarTerms: readonly string[] = [
  ...['小寒', '大寒', '立春', '雨水', '惊蛰', '春分', '清明', '谷雨', '立夏', '小满', '芒种', '夏至'],
  ...['小暑', '大暑', '立秋', '处暑', '白露', '秋分', '寒露', '霜降', '立冬', '小雪', '大雪', '冬至'],
]

const numerals = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十', '十一', '十二']
const monthNames: Readonly<Record<string, number>> = {
  ...Object.fromEntries(numerals.map((name, i) => [name, i + 1])),
  ...{ 正: 1, 冬: 11, 腊: 12 },
}
const dayNames: ReadonlyMap<string, number> = new Map(
  Array.from({ length: 30 }, (_, i) => i + 1).flatMap((day) => dayNamesOf(day).map((name) => [name, day] as const)),
)

/** 初一 … 初十, 十一 … 廿九 (also 二十九), 三十. */
function dayNamesOf(day: number): string[] {
  const digit = numerals[(day - 1) % 10]!
  if (day === 20) return ['二十']
  if (day === 30) return ['三十']
  if (day <= 10) return [`初${digit}`]
  return day < 20 ? [`十${digit}`] : [`廿${digit}`, `二十${digit}`]
}

/** «农历八月十五» as month and day; undefined when it is no such day. Months that a leap year repeats have no name here. */
export function readLunar(name: string): readonly [month: number, day: number] | undefined {
  const { month = '', day = '' } = /^农历(?<month>.{1,2})月(?<day>.{2,3})$/u.exec(name)?.groups ?? {}
  const of = monthNames[month]
  const date = dayNames.get(day)
  return of === undefined || date === undefined ? undefined : [of, date]
}
