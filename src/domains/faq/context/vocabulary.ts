/**
 * Words that we recognise and never say: how customers point back at what was said before. Texts come in plain spelling
 * (kernel/spelling.ts), without mentions.
 */

const counter = '个|款|支|瓶|盒|罐|套|种|件|张|只|条|片|块|项|单|东西|玩意儿?|产品|些|几个|几款|两个|俩'
const said =
  '(?:(?:我|你们?)?(?:刚才|刚刚|刚|上面|前面|之前)(?:说|提|讲|问|介绍|推荐)?(?:到|过)?的?|(?:我|你们?)(?:说|提|讲|问|介绍|推荐)(?:到|过)?的)'

/** What may follow a pronoun that stands for a thing; behind a noun («this group») it points at nothing said before. */
export const predicate =
  /^(?:怎么|怎样|咋|如何|多少|多大|多久|多长|几|能|可以|可不可以|会|要|得|需|有|没|是|算|好|行|适合|合适|贵|便宜|什么|啥|为什么|为啥|哪|在|还|都|也|就|用|敷|涂|抹|买|卖|早|晚|一[天次周盒瓶个]|每|和|跟|与|吗|么|嘛|呢|呀|啊|吧|[?!。~ ]*$)/u

/**
 * A pronoun that may stand for something said before. Not behind «的», where it stands for what was just named («the one
 * with retinol»).
 */
export const pronoun = new RegExp(
  `${said}(?:[这那](?:${counter}))?|(?<!的)(?:[这那此]一?(?:${counter})|它们?)|(?<!\\p{sc=Han})这(?=是(?:什么|啥|多少|哪|干|怎么))`,
  'u',
)

/** Words in front of a question that join it to what was said. */
export const opening =
  /^(?:(?:那么?(?!一?(?:个|款|支|瓶|盒|罐|套|种|样|件|张|只|条|片|块|项|单|东西|些|几|两))|还有(?=[,。 ]|那)|另外|然后|哦+|噢+|嗯+|额|呃|好的|好(?=[,。!~ ])|请问|我想问(?:一?下)?|想问(?:一?下)?|再问(?:一?下)?)[,。!~ ]*)+/u

/** A text that only names something: «and the cleanser?». The name stands in `name`. */
export const ellipsis =
  /^(?:如果|要是|换成|换|假如)?(?:是|换成)?(?<name>[^,。?!~ ]{1,12}?)(?:的话|的)?(?:呢|咧|捏)[?!~。 ]*$/u
/** The same without the particle, or with «too»: only where the name is known. */
export const bareName =
  /^(?:如果|要是|换成|换|假如)?(?:是|换成)?(?<name>[^,。?!~]{1,12}?)(?:(?:也|都)(?:是|一样|可以|能|行|要|有|这样|这么)*[吗嘛么不]?)?[?!~。 ]*$/u

/** A name of these is a question of its own, or hers and no topic. */
export const asksItself =
  /怎么|咋|如何|什么|啥|谁|哪|几|多少|多久|多大|为何|能|可以|会不会|有没有|是不是|要不要|吗|我的|我那|人|还没|没有|没|不/u

/** Words that ask. Together with the next two lists they make questions that name nothing: «how long does it take». */
const askingWords =
  '为什么|为啥|为何|怎么回事|怎么办|怎么样|怎么|怎样|如何|咋|什么时候|啥时候|什么时间|几点|多久|多长时间|多少钱|多少|多大|几天|几次|几个|几片|几盒|几支|几瓶|在哪里|在哪儿|在哪|哪里|哪儿|哪个|哪款|什么价|什么价格|什么意思|什么|啥|价格|贵不贵|贵|便宜|好用|好不好用|好不好|好'
/** None that goes with an order («when does it come»): that asks about parcels, whatever was spoken of before. */
const verbs =
  '弄|用|办|领|领取|查|查看|看|找|算|换|涂|抹|敷|洗|操作|申请|参加|报名|填|改|做|搞|到账|点|存|放|拿|选|设置|开始|结束|生效|有效|过期'
const helpers =
  '能不能|可不可以|要不要|会不会|有没有|是不是|用不用|能|可以|要|得|需要|会|应该|该|是|有|请问|具体|大概|一般|到底|一天|一周|一次|一盒|一瓶|一支|一罐|一套|一片|每天|每次|一个月|我|你|你们|还|再|才|就|都|也|给|在|的|了|呢|吗|嘛|么|呀|啊|吧|啦|哦|下|一下'
const marks = [...'?!~。…, ']
export const bareWords: ReadonlySet<string> = new Set([
  ...[askingWords, verbs, helpers].flatMap((words) => words.split('|')),
  ...marks,
])
/** One of these must stand in it: «is it all right» alone asks nothing about anything. */
export const asking = new RegExp(`${askingWords}|吗|嘛|么|能不能|可不可以|要不要|会不会|有没有|是不是|用不用`, 'u')

/** What also makes a question of a text, wherever it stands: a mark, «who», «which», a «not» at the end («can I, or not»). */
export const asksAloud = /[?谁哪几呢]|[不没][啊呀]?[!。~ ]*$/u

/** What is said beside a quoted message that is left the asking to. */
export const deferringWords: ReadonlySet<string> = new Set([
  ...'请问|麻烦|帮|帮忙|帮我|给我|看下|看一下|看看|答|答下|回答|回|回复|解答|说|一下|下|这个|这条|上面|同问|求|求解|求解答|谁知道|有人|知道|问题|吗|嘛|么|呢|呀|啊|吧|的|是|我|也|想|问|小屿|客服|亲'.split(
    '|',
  ),
  ...marks,
])

/** Numbers with what they count, and days: each stands in the place of another of its kind. */
export const amounts: readonly RegExp[] = [
  /满?[\d一二两三四五六七八九十百半]+(?:天|周|个?月|年|岁|元|块钱?|片|次|盒|支|瓶|个|件|积分|分)/u,
  /今天|明天|后天|昨天|前天|今晚|明晚|周末|工作日|周[一二三四五六日天]|星期[一二三四五六日天]|早上|中午|下午|晚上|半夜|春节|国庆|过年|放假/u,
]

/** What may stand behind a pronoun that is all that is said. */
export const particles = /^(?:的话)?[呢吗嘛么]?[?!~。 ]*$/u

/** Something has been done or has happened. */
export const happened = /了/u
