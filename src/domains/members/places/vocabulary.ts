/** How people write places beside their official names. We recognise these words and never say them. */

/** Peoples in the names of autonomous prefectures and counties: «延边朝鲜族自治州» is called «延边». */
const peoples =
  '蒙古族?|回族|藏族|维吾尔族?|苗族|彝族|壮族|布依族|朝鲜族|满族|侗族|瑶族|白族|土家族|哈尼族|哈萨克族?|傣族|黎族|傈僳族|佤族|' +
  '畲族|高山族|拉祜族|水族|东乡族|纳西族|景颇族|柯尔克孜族?|土族|达斡尔族|仫佬族|羌族|布朗族|撒拉族|毛南族|仡佬族|锡伯族?|' +
  '阿昌族|普米族|塔吉克族?|怒族|乌孜别克族|俄罗斯族|鄂温克族|德昂族|保安族|裕固族|京族|塔塔尔族|独龙族|鄂伦春族|赫哲族|' +
  '门巴族|珞巴族|基诺族|各族'
const autonomous = new RegExp(`^(.+?)(?:${peoples})+自治(州|县|旗)$`, 'u')
const autonomousRegion = /^(内蒙古|广西|西藏|宁夏|新疆).*自治区$/u
const technologyZone = /高新技术(?:产业)?(?:开发区|园区)$/u
const economicZone = /经济(?:技术)?开发区$/u

/** A short name that ends so is in every city: «高新区», «开发区». */
export const zone = /区$/u
/** A county that calls itself a city. */
export const countyCity = /^..+市$/u

/** What a province, city or prefecture is called for short: «江苏», «苏州», «凉山» and «凉山州». */
export function shortNames(name: string): string[] {
  const people = autonomous.exec(name)
  if (people) return [people[1]!, `${people[1]!}${people[2]!}`]
  const region = autonomousRegion.exec(name)
  if (region) return [region[1]!]
  const short = name.replace(/特别行政区$|地区$|省$|市$|县$/u, '').replace(/^(锡林郭勒|阿拉善)盟$/u, '$1')
  return short === name || short.length < 2 ? [] : [short]
}

/** What a district is called where its city is clear: «西湖», «工业园区» of 苏州, «高新区». */
export function shortDistrictNames(name: string, city: string): string[] {
  const people = autonomous.exec(name)
  if (people) return [people[1]!, `${people[1]!}${people[2]!}`]
  const cityShort = shortNames(city)[0] ?? city
  const inner = name.startsWith(cityShort) && name.length > cityShort.length + 2 ? [name.slice(cityShort.length)] : []
  if (technologyZone.test(name)) inner.push('高新区')
  if (economicZone.test(name)) inner.push('经开区', '开发区')
  if (name === '苏州工业园区') inner.push('园区')
  const short = name.replace(/(?:新区|区|县|市|旗)$/u, '')
  return short === name || short.length < 2 ? inner : [...inner, short]
}

/** Other names, each with the place that it means. */
export const nicknames: Readonly<Record<string, string>> = {
  魔都: '上海市',
  申城: '上海市',
  帝都: '北京市',
  羊城: '广州市',
  鹏城: '深圳市',
  蓉城: '成都市',
  杭城: '杭州市',
  内蒙: '内蒙古自治区',
  珠三角: '广东省',
  长三角: '华东',
  江浙沪: '华东',
  京津冀: '华北',
  东三省: '东北',
}

/** Cities whose short name means a district elsewhere just as often. */
export const sharedShortNames: ReadonlySet<string> = new Set(['朝阳'])

/** Cities whose districts are known by their short names all over the country: «海淀», «浦东». */
export const famousCities: ReadonlySet<string> = new Set(['北京市', '上海市', '广州市', '深圳市'])

/** Names that say something else when nothing in front of them says where: an official name, or a short one. */
export const wordsFirst: ReadonlySet<string> = new Set(
  (
    '老城区 新城区 新市区 城中区 城东区 城西区 城北区 港口区 海港区 站前区 古城区 解放区 前进区 前锋区 友好区 港口镇 新城镇 ' +
    '东方 大安 安宁 安国 安达 合作 同仁 弥勒 江山 明光 灯塔 新星 双河 无为 当阳 天长 永安 神木 阳春 榆树 磐石 铁力 灵宝 ' +
    '高平 津市 沙河 沙湾 新民 昆玉 凤城 龙港 海城 白杨 乌苏 兴仁 福泉 光明 金山'
  ).split(' '),
)

/** A short name before one of these is the name of a street or a bridge: «南京西路». */
export const streetBehind = /^[东西南北中新老一二三四五六七八九十]{0,2}(?:路|街|大道|胡同|弄(?!堂)|桥)/u

/** What may stand in front of a place and between its parts. */
export const gap = /^(?:[\s,，.。、:：;；·・/\\|>_\-—()（）[\]【】"'“”]+|中国大陆|中国|中华人民共和国)+/u
