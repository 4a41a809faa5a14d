/**
 * How people say where they live, and what only sounds like it. Words that we recognise and never say, in plain
 * spelling. The sentences that they were made for stand in tests/unit/tags-region.test.ts.
 */

const me = '(?<![给帮替跟和找问叫])(?:我|俺|咱|本人)(?:们)?'
const now =
  '(?:现在|目前|如今|一直|平时|常年|长期|也|就|都|是|刚好|正好|其实|已经|还|人|家|公司|单位|学校|宿舍|这边|这里|自己|本来就|主要|基本|都是|最近)*'

/** Behind each of these a place of hers may begin. */
export const residence = new RegExp(
  [
    `${me}(?:[和跟与]\\p{sc=Han}{1,5}(?=都|也|一起))?${now}(?:居?住|生活|工作|上班|定居|常住|待|呆|读书|上学|念书)?(?:在|于)`,
    `${me}${now}住`,
    '^(?:现在|目前|如今|一直|长期)+(?:人|住|都)?在',
    `${me}(?:们)?(?:这边|这里|这儿|这头|家)(?:是|在|属于)?`,
    '(?<!老|娘|婆|回|本|他|她|你|您)(?:人|家)(?:就|也|现在|目前)?(?:住)?在',
    '(?<![不没你您他她])(?:坐标|现居|定居|常住|居住|长居|暂住|现住|base|在线坐标|定位)(?:地|城市)?(?:是|在|于|:)*',
    '(?<![不没你您他她])(?:住|生活|工作|上班|租房)在',
  ].join('|'),
  'gu',
)

/** «我们成都这边», «我上海的»: the place stands between. */
export const ours = new RegExp(`${me}(?:就|也|都)?(?:是|属于)?`, 'gu')
export const oursBehind =
  /^(?:市|市区|本地)?(?:这边|这里|这儿|这头|本地|当地|市区|的(?=$|[呢哦呀啊哈哎啦嘛,]|会|要|能|可以|需要|现在|天气|最近|皮肤|也|都|这))/u

/** She has moved; what was before is over. */
export const moved =
  /(?:搬家?|迁|调|调动|嫁|跳槽|定居|回)(?:到|来|去|回|至|回到|来到)了?|(?:来|去|到)(?=.{2,12}(?:工作|上班|定居|生活|读书|上学|读研|发展)了?)/gu

/** Where something is to be sent. In a question it says less. */
export const shipping =
  /(?:寄|发|送|邮|快递|发货|寄送|配送|邮寄|送货|派送|寄过来|改)(?:到|至|往|去|来|给)(?:我(?:们|家|公司|这|这边|这里|单位)*)?(?:在)?|(?:收货|收件|新|我的)?地址(?:是|改成|换成|改为|改到|换到|变成|在|填的?|:|就|已经|现在)*|收货(?:人)?(?:在|是)/gu

/** Just before all that: it is not so, or said of somebody else. */
export const denied =
  /(?:不|没|没有|别|勿|不是|并非|不再|不用|不要|你|您|你们|您们|他|她|他们|从|由)(?:也|都|就|再|是|用|要|能|会|人|家|是不是)*$/u

/** She was there, is there for some days, or may be there one day. */
export const formerly =
  /以前|之前|曾经|过去|原来|原先|小时候|当年|那时|那会儿|当时|上次|上回|有一?次|那次|读大学(?:的)?时|大学(?:的)?时候|前几年|早几年|去年|前年|的时候|那几年/u
export const stillNow = /现在|目前|如今|已经|搬|至今|一直/u
export const planned =
  /准备|打算|计划|可能|也许|下个?(?:月|周|年|星期)|明年|明天|后天|过(?:段|几|两)|马上要|即将|快要|考虑|如果|要是|假如|等我|等到|想(?:去|搬|回|来)|要(?:去|搬|回|来)|会不会|希望|梦想|羡慕/u
export const visiting =
  /出差|旅游|旅行|度假|游玩|玩(?!具)|开会|培训|转机|路过|经过|探亲|看病|看展|看演唱会|演唱会|参展|考察|过年|过节|放假|蜜月|逛|比赛|拍照|婚纱|打卡|录节目|酒店|民宿|机场|火车站|高铁|车站|转车|中转|办事|面试|考试|住院|做手术|吃|喝|买的|买过|买到|买了|用过|见过|看到|试过|做过|听过|排队|爬山|自驾|飞/u
export const origin = /(?:老家|籍贯|祖籍|娘家|婆家|故乡|家乡|出生|长大|回家)(?:是|在|于|也)*$/u

/** Behind a place: it names something else, or somebody else who is there. */
export const otherThing = new RegExp(
  '^(?:的时候|的?(?:朋友|同学|同事|亲戚|妈|爸|姐|妹|哥|弟|闺蜜|老公|男友|男朋友|女朋友|客户|仓库|专柜|门店|分公司|店(?!铺在)|快递(?=员))' +
    '|.{0,2}(?:烤|臭豆腐|凉皮|肉夹馍|火锅|小吃|菜(?!鸟)|拉面|牛肉面|热干面|米粉|米线|螺蛳粉|板鸭|盐水鸭|早茶|肠粉|鸡饭|大盘鸡|羊肉|月饼|火腿|麻花|煎饼|包子|生煎|大闸蟹|啤酒|白药|特产|美食)' +
    '|银行|证券|卫视|航空|人寿|时间|话|[东西南北中]?(?:路|街|站)|机场|大酒店|饭店|宾馆|菜馆|餐厅|面馆|户口|户籍|迪士尼|环球影城|外滩|塔|动物园|方言|口音|妹子|姑娘|男人|女人|人(?!民路))',
  'u',
)

/** The rest of a written address. */
export const streetAddress = /路|街|道|巷|弄|号|栋|幢|室|楼|小区|花园|公寓|大厦|广场|村|镇|苑|府/u

/** Words that are written with a space before the place: the space ends no clause. */
export const joinedSpace =
  /(?<=在|到|是|坐标|地址|往|给|寄|发|住|base|现居|:) +|(?<=[省市区县州旗镇]) +(?=\p{sc=Han})/gu
