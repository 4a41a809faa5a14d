/**
 * Words by which numbers, dates and ways to call somebody are recognised, and that nobody says. All in plain spelling
 * (kernel/spelling.ts).
 */
/** Characters that numbers are written with. */
export const numeral = '零〇一二两三四五六七八九十百千万亿半俩仨壹贰叁肆伍陆柒捌玖拾佰仟'

export const digitOf: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  幺: 1,
  壹: 1,
  贰: 2,
  叁: 3,
  肆: 4,
  伍: 5,
  陆: 6,
  柒: 7,
  捌: 8,
  玖: 9,
  二: 2,
  两: 2,
  俩: 2,
  三: 3,
  仨: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
}

export const powerOf: Readonly<Record<string, number>> = {
  十: 10,
  百: 100,
  千: 1000,
  拾: 10,
  佰: 100,
  仟: 1000,
  万: 10_000,
  亿: 100_000_000,
}

/** Numbers that are no claims: «十分», «千万别», «百分百» is a percentage. */
export const noNumber =
  /[一1](?=[周天] ?[\d两二三四五六七八九] ?[次晚回])|一(?=个月\d次)|十分(?!钟|之)|千万(?=别|不|要|记)|万一|万分(?!之)|一万个|百万分|四季|五官|七夕|四肢|三八|千里|百货|百搭|半天(?=没|不)|多半|大半|一半一半|二次销售|第二次|两不误|三无|四件套|三件套|两件套|五件套|三两下|七七八八|四处|二维码|一二线|八卦|六一|五一(?=节|假|期|快)|十一(?=节|假|期|黄)|双十一|双十二|双一|双二|九宫|一五一十|三三两两|三心二意|百分(?=百)/gu

/** Spellings of units, each with its one name. `hard`: also one or two of them, in characters, are a claim. */
export const units: Readonly<Record<string, { words: readonly string[]; hard: boolean }>> = {
  元: { words: ['元', '块钱', '块', '人民币', 'rmb', 'cny', 'yuan', '大洋', '圆'], hard: true },
  美元: { words: ['美元', '美金', '刀', 'usd', 'dollars'], hard: true },
  工作日: {
    words: ['个工作日', '工作日', '个自然日', 'business days', 'working days', 'business day', 'working day'],
    hard: true,
  },
  小时: { words: ['个小时', '小时', '个钟头', '钟头', '个钟', 'hours', 'hour', 'hrs', 'h'], hard: true },
  分钟: { words: ['分钟', 'minutes', 'minute', 'mins', 'min'], hard: true },
  秒: { words: ['秒钟', '秒', 'seconds', 'second'], hard: true },
  天: { words: ['天', '日内', '个日夜', 'days', 'day'], hard: true },
  晚: { words: ['个晚上', '晚'], hard: false },
  周: { words: ['个星期', '个礼拜', '星期', '礼拜', '周', 'weeks', 'week'], hard: true },
  月: { words: ['个月', 'months', 'month'], hard: true },
  季度: { words: ['个季度', '季度'], hard: true },
  年: { words: ['年', 'years', 'year'], hard: true },
  积分: { words: ['个积分', '积分', 'points'], hard: true },
  倍: { words: ['倍'], hard: true },
  毫升: { words: ['毫升', 'ml'], hard: true },
  升: { words: ['升'], hard: true },
  克: { words: ['克', 'g'], hard: true },
  千克: { words: ['千克', '公斤', 'kg'], hard: true },
  毫克: { words: ['毫克', 'mg'], hard: true },
  角: { words: ['毛钱', '角钱'], hard: true },
  斤: { words: ['斤'], hard: true },
  度: { words: ['°c', '摄氏度', '度'], hard: true },
  厘米: { words: ['厘米', 'cm', '公分'], hard: true },
  岁: { words: ['周岁', '岁', 'years old'], hard: true },
  折: { words: ['折'], hard: true },
  次: { words: ['次', '回', 'times'], hard: false },
  张: { words: ['张'], hard: false },
  片: { words: ['片'], hard: false },
  支: { words: ['支'], hard: false },
  瓶: { words: ['瓶'], hard: false },
  罐: { words: ['罐'], hard: false },
  盒: { words: ['盒'], hard: false },
  件: { words: ['件'], hard: false },
  份: { words: ['份'], hard: false },
  套: { words: ['套'], hard: false },
  包: { words: ['包'], hard: false },
  款: { words: ['款'], hard: false },
  种: { words: ['种'], hard: false },
  个: { words: ['个'], hard: false },
  位: { words: ['位'], hard: false },
  人: { words: ['个人', '人', '名'], hard: false },
  家: { words: ['家'], hard: false },
  滴: { words: ['滴'], hard: false },
  遍: { words: ['遍'], hard: false },
  颗: { words: ['颗', '粒'], hard: false },
  场: { words: ['场'], hard: false },
  期: { words: ['期'], hard: false },
  指: { words: ['根手指', '指'], hard: false },
  层: { words: ['层'], hard: false },
  步: { words: ['步'], hard: false },
  样: { words: ['样'], hard: false },
  条: { words: ['条'], hard: false },
  单: { words: ['单', '笔'], hard: false },
}

/** Units of goods: how many of them are given or sold is a claim from two on, also in characters. */
export const goods: ReadonlySet<string> = new Set([
  '张',
  '片',
  '支',
  '瓶',
  '罐',
  '盒',
  '件',
  '份',
  '套',
  '包',
  '次',
  '晚',
  '滴',
  '遍',
  '颗',
  '场',
])

/** Units of time, which stand beside promises. */
export const durations: ReadonlySet<string> = new Set(['工作日', '小时', '分钟', '秒', '天', '周', '月', '季度', '年'])

/** Characters behind a number that begin the next word instead of naming a unit. */
export const noUnit = /^[的就是起以左多内前后到至和或减送包可,，才还也都会能在用之不够算立返加、号点月]/u

/** In front of a count, it counts what was named before: «这两款», «前三步». */
export const pointing = /[这那哪前后每另同第上下任其他]$/u

/** «最多 5 天», «5 天内»: the upper end of a range; and the lower one. */
export const atMost = /(?:最多|不超过|最晚|最迟|最慢|顶多|up to|within|最长|至多)[^,.;。\n]{0,4}$/u

export const atMostBehind = /^(?:个?[天日小时月]*)?(?:以内|之内|内|里|左右|前)/u

export const atLeast = /(?:最少|至少|最快|最短|起码|快的话|from|at least)[^,.;。\n]{0,4}$/u

/** An amount that must be reached, not paid. */
export const thresholdBefore = /(?:满|够|达到|达|凑到|凑|超过|不足|低于|门槛|不到|过|消费|买到|over)[^\d,.;。\n]{0,3}$/u

export const thresholdBehind =
  /^[^\d,.;。\n]{0,3}(?:以上|以下|起|门槛|可用|才能|就包|包邮|免邮|免运|就能包|就免|就可以包|的门槛)/u

/** Parts of the day in front of an hour: those in which it lies behind noon. */
export const partOfDay = /(凌晨|清晨|早上|早晨|上午|早|中午|下午|傍晚|晚上|夜里|半夜|晚间|今晚|明晚|晚|夜)\s*$/u

export const afterNoon: ReadonlySet<string> = new Set([
  '下午',
  '傍晚',
  '晚上',
  '夜里',
  '晚间',
  '今晚',
  '明晚',
  '晚',
  '夜',
  '中午',
])

export const weekday =
  /(?<![一二两三四五六七八九十\d第每半个几上下])(?:周|星期|礼拜)([一二三四五六日天末])(?![次片天回遍个至\d])|(?<=[每个上下这])(?:周|星期|礼拜)([一二三四五六日天末])(?![次片天回遍个]|晚(?![上间\d\u0001]|[一二两三四五六七八九十]+点)|到?[二三四五六七八九]次)/gu

/** Days by their distance from today; a word of the same day means the same. */
export const relativeDay =
  /(大后天|后天|明天|明日|明儿|明早|明晚|次日|第2天|第二天|隔天|隔日|翌日|今天|今日|今儿|今晚|当天|当日|当晚|月底|月初|下月|下个月|下周|本周|这周|周内|年底|月内|tomorrow|today|tonight|overnight)/gu

export const dayClass: Readonly<Record<string, string>> = {
  大后天: '+3',
  后天: '+2',
  明天: '+1',
  明日: '+1',
  明儿: '+1',
  今儿: '+0',
  明早: '+1',
  明晚: '+1',
  次日: '+1',
  第2天: '+1',
  第二天: '+1',
  隔天: '+1',
  隔日: '+1',
  翌日: '+1',
  tomorrow: '+1',
  overnight: '+1',
  今天: '+0',
  今日: '+0',
  今晚: '+0',
  当天: '+0',
  当日: '+0',
  当晚: '+0',
  today: '+0',
  tonight: '+0',
  下月: '下个月',
  这周: '本周',
  周内: '本周',
}

/** What happens on such a day, so that naming it promises something. */
export const happens =
  /发货|发出|寄出|出库|发走|到|送|收|退|补|联系|回复|回你|回电|回话|处理|办好|生效|结束|截止|开始|涨价|恢复|原价|上架|上新|补货|有货|活动|优惠|打折|降价|满减|arriv|deliver|ship|refund|end/u

/** Festivals and sales by name. */
export const festival =
  /春节|大年三十|大年初[一二三四五六七八九十]|腊月|正月|除夕|元旦|国庆|中秋|端午|清明|元宵|情人节|妇女节|女神节|三八节|母亲节|七夕|圣诞|618|双11|双十一|双12|双十二|黑五|黑色星期五|年货节|双旦|周年庆|店庆|五一|十一假期|儿童节|六一/gu

export const festivalClass: Readonly<Record<string, string>> = { 双十一: '双11', 双十二: '双12' }

export const festivalWish = /快乐|安康|愉快|吉祥/u

export const wholly = /百分百|百分之百/gu

export const halfPrice = /半价|对折|半折|half price|half off/gu

export const contactId =
  /(?:微信|威信|薇信|维信|v信|\bvx|\bwx|wechat|weixin|\bqq|扣扣|telegram|\btg|whatsapp|\bline)号?(?:id)?\s*(?:[:是为]|搜|加|id|\s)*\s*([a-z][\w-]{4,}|\d{5,})/gu

/** Behind a number these are no units where another word begins with them: «满 199 包邮». */
export const unitBut: Readonly<Record<string, string>> = { 包: '[邮退换装]' }

/** Written with an underscore, or behind «加»: what nobody writes but to be found elsewhere. */
export const handle =
  /(?<![a-z0-9_])([a-z][a-z0-9-]*_[a-z0-9_-]+)|(?:加|搜|添加)\s?[\p{sc=Han}\p{So}\ufe0f: ]{0,4}?\s?([a-z][a-z_-]*\d[\w-]{3,})/gu

export const spelledDigits = /[零〇一二三四五六七八九幺壹]{6,}/gu

export const dotWord =
  /(?<=[a-z0-9-])\s*(?:点|dot|[([{（【]\s*(?:点|dot|[.。])\s*[)\]}）】])\s*(?=(?:com|cn|net|org|cc|top|shop|vip|xyz|io|example|link|me|tv)(?![a-z]))/gu

export const yuan = '元'

export const dayUnit = '天'

export const moneyBehind = /^\s*[元块万]/u

/** A number behind these is money. */
export const priceBefore =
  /(?:只要|只需|只卖|仅需|仅售|售价|价格|单价|原价|现价|到手价?|特价|卖价|卖|立减|减免|便宜|价|付|rmb|cny|券后|折后|退你|赔你|赔|返你|返现|补你)\s*(?:是|为|:|到)?\s*$/u

/** «几块钱»: money all the same. */
export const fewMoney = /几(?:十|百|千)?(?:元|块)/gu

/** Units of which even one, in characters, is a claim. */
export const onlyOne: ReadonlySet<string> = new Set([
  '工作日',
  '小时',
  '周',
  '月',
  '季度',
  '元',
  '折',
  '分钟',
  '积分',
  '毫升',
  '克',
])

/** Things that are counted in characters from three on. */
export const counted: ReadonlySet<string> = new Set(['款', '位', '人', '家', '期', '单'])

/** «一天» as a time that something takes. */
export function oneDay(before: string, behind: string): boolean {
  return /^(?:内|就|以内|之内|左右|到|能|送)/u.test(behind) || /(?:只要|最快|大约|约|不到)\s*$/u.test(before)
}

export const sameAmounts: Readonly<Record<string, readonly string[]>> = {
  '小时:0.5': ['分钟:30'],
  '分钟:30': ['小时:0.5'],
  '年:0.5': ['月:6'],
  '月:6': ['年:0.5'],
}

export const sameWeekday: Readonly<Record<string, string>> = { 天: '日', 末: 'end' }

export const weekend = /周末|weekends?/gu

export const behindHour = /^\s*(?:前|之前|后|以后|之后|到|至|开始|开抢|上班|下班|关门|开门|截止|准时|左右|-|–|~)/u

export const quarter = /刻/u

export const ampm = /(?<!\d)(\d{1,2})(?::(\d{2}))?\s?(am|pm)(?![a-z])/gu

export const noon = '中午'

export const midnight: ReadonlySet<string> = new Set(['凌晨', '半夜', '晚上', '夜里', '晚', '夜'])

/** Behind «12.8» and «12-8», these say that it is a date. */
export const dateBehind =
  /^ ?(?:$|[,.。;!~)(\n]|开|起|结|截|前|之前|后|当|活动|到|至|[号日晚那早上下中]|双|正式|大促|发|上)/u

export const money: ReadonlySet<string> = new Set(['元', '美元', '角'])

/** Digits with separators, a fraction and a power behind them, or a run of numerals with a fraction. */
export const numberSource = `(?:(?:\\d{1,3}(?:,\\d{3})+|\\d+)(?:\\.\\d+)?(?:\\s?[万千百亿]|[wk](?![a-z]))?|[${numeral}]{1,12}(?:点[零一二三四五六七八九]{1,3}(?=折|倍|元|块|万|%|个点|毫升|克))?)`
export const decimalPoint = '点'
export const half = '半'

/** What stands between the two ends of a range. */
export const rangeSource = '\\s*(?:-|–|—|~|至|到|或)\\s*'

const percentMark = '(?:%|个百分点|percent|个点)'
export const percentRange = new RegExp(`(${numberSource})\\s*%?${rangeSource}(${numberSource})\\s*${percentMark}`, 'gu')
export const percentage = new RegExp(`(${numberSource})\\s*${percentMark}`, 'gu')
export const percentBehind = new RegExp(`百分之(${numberSource})`, 'gu')
export const inTenths = new RegExp(`(${numberSource})\\s*成(?!分|本|功|为|都|品|员|年|立|套|膜|了|熟|人)`, 'gu')
export const discount = new RegExp(`(${numberSource})\\s*折`, 'gu')
/** «19 块 9» */
export const withTenth = new RegExp(`(${numberSource})\\s*块\\s*(\\d|[${numeral}])(?![\\d${numeral}个张片次])`, 'gu')

const yearSource = '(?:(\\d{4}|[零〇一二三四五六七八九]{4})\\s*[年./-]\\s*)'
export const monthAndDay = new RegExp(`${yearSource}?(${numberSource})\\s*月\\s*(${numberSource})\\s*[日号]?`, 'gu')
export const yearMonthDay = new RegExp(`${yearSource}(\\d{1,2})[./-](\\d{1,2})(?!\\d)`, 'gu')
export const monthAlone = new RegExp(`(?<![个\\d])(${numberSource})\\s*月(?!\\p{sc=Han}{0,2}内)`, 'gu')
export const yearAlone = /(\d{4})\s*年/gu
export const dayAlone = new RegExp(`(?<!第)(${numberSource})\\s*([日号])(?![楼线店色粉码型常用内])`, 'gu')
/** A «日» may be a day of the month or how long something takes. */
export const dayOrDays = '日'
export const hourSpoken = new RegExp(
  `(${numberSource})\\s*点(?:(半|\\d{1,2}分?|[一二三四五]?十[一二三四五六七八九]?分?|1刻|一刻|三刻)|钟|整)?`,
  'gu',
)
export const threeQuarters = /^三/u
export const minuteWord = /分$/u
export const exactHour = /[钟整]$/u

/** «四种神经酰胺»: looked at where the entry names another count. */
export function mayBeCounted(value: number, unit: string): boolean {
  return value >= 2 && (unit === '种' || counted.has(unit))
}
