/**
 * How people say that they want something, do not, ask, or speak of somebody else. Words that we recognise and never
 * say, in plain spelling (kernel/spelling.ts). Every group here has its sentences in tests/unit/members-speech.test.ts.
 *
 * The danger: an expression whose repetition can read the same text in two ways takes for ever on some input. Within
 * `(…)*` no alternative may be made of others.
 */

/** Where one clause ends and another begins: marks, line breaks, spaces between characters, and words that turn. */
export const clauseEnd = /([!?]+)|[.,;。…~\n\r\t]+|(?<=\p{sc=Han}|\p{Emoji_Presentation}) +|[\p{Emoji_Presentation}]+/gu
/** «我不喜欢香水但喜欢护肤»: what follows stands for itself. */
export const turn = /(?=(?<!.{0,1}不)(?:但是|但(?!愿)|不过(?!敏)|可是|然而|只是(?!想)|而是))/gu

/** A name that is called is not spoken of: «@小屿 ». */
export const mention = /@[^\s@]{1,30}(?:\s|$)/gu

export const question = new RegExp(
  [
    '[吗么嘛]$|[吗么]呀?$|(?<!着|在)呢$|没有?$(?<!(?:都|也|还|就|完全|什么)没有?)',
    '(?<!没)(?:有没有|有木有|有无|能不能|可不可以|可以不|行不行|要不要|是不是|会不会|好不好|对不对|该不该|算不算)',
    '多少|多久|多大|几(?:天|个|瓶|次|点|号|片|块|岁|月|时|折)|哪(?!怕|里好|里会|能不)|为什么|为啥|咋(?!说)|啥时候|什么时候|谁(?!不|会)',
    '怎么(?!这么|那么|会|可能|说|都|也)|怎样|如何|请问|想问|问一?下|是否|求(?:问|推荐|解)',
    '(?<!没|没有|为)(?:有|是|用|买|要|卖|推荐|适合)(?:什么|啥)',
  ].join('|'),
  'u',
)
/** «好不好», «喜不喜欢»: a predicate asked with its own opposite. */
export const eitherOr = /(\p{sc=Han})[不没]\1/u

/** Not so, or not yet, or only in thought. */
export const supposed = /如果|要是|假如|假设|万一|要不是|就算|哪怕|除非|希望|但愿|据说|听说/u

/** «不是不», «谁不», «怎么会不»: two negations, or a question that answers itself. */
const twice =
  '(?:不是|没有|没|并非|不会|不能|怎么会|怎么可能|哪会|哪能|谁会?|没说|没说过|从来没有?)(?:我|说|说我|真的|人)?'
/** Between a negation and what it negates. */
const filler =
  '(?:太|是|很|怎么|咋|大|特别|那么|这么|多|会(?!用|喷|涂|化|戴|做|练)|再|真的|想|愿意|打算|准备|觉得|有|用(?=推|发|介绍|安利)|必(?=推|发|介绍|安利)|需要(?=推|发|介绍|安利)|给我|给|老|总|总是|继续|我)'
/** What people say of a thing that they like, want or use; and, negated, that they do not. */
const wish =
  '喜欢|爱(?!人|情|豆|心)|想(?:要|买|入|试|用|囤|了解|看)|考虑|需要|感兴趣|感冒|推荐|安利|适合|在乎|在意|热衷|迷|关注|接受|看好|追|碰|入(?:手|坑)'
/** What is a dislike only when negated: «买香水» says little, «不买香水» enough. */
const deed = '买|用|要|擦|涂|喷|抹|化|戴|吃|喝|做|练|推|发|介绍|能用|敢用|能碰|敢碰|习惯'

/** Two negations about a wish: «不是不喜欢», «没说不要», «谁不爱». She does not refuse, and says no more. */
export const wishAfterAll = new RegExp(`${twice}不(?:太|怎么|是)?(?:${wish}|买|要|用|想)`, 'gu')

/** What sounds like a negation and is a strong wish. */
export const strongWish = new RegExp(
  `(?:不得不|忍不住|舍不得不|不能不|不可能不)(?:${wish}|买|用)?|(?:离|少|缺|戒)不(?:开|了|掉)|不想错过|别错过|不能(?:没有|少)` +
    '|不要太(?:喜欢|爱|好用|好闻|好看|美|香)|不能(?:更|再)(?:喜欢|爱|好)',
  'gu',
)

/** A wish that is denied. */
export const noWish = new RegExp(
  [
    `(?:从来都?不|从不|并不|再也不|根本不|完全不|不|别|甭|无需|(?:没有?)(?=${filler}{0,3}(?:喜欢|爱|考虑|打算|兴趣|感觉|必要|需求|想)))` +
      `${filler}{0,4}(?:${wish}|${deed})(?!上(?!.{0,4}(?:家|款))|过)`,
    '(?:没|没有|没啥|没什么|毫无|不太?有)(?:兴趣|感觉|必要|需求|想法)|无感|无爱|不来电|不对味',
    '讨厌|厌恶|反感|嫌弃|拒绝|抗拒|受不了|闻不了|用不了|吃不消|劝退|避雷|踩雷|拔草|退坑|戒了|放弃了?|恨|膈应|过敏|(?<!不)晕(?!染)',
    '(?:谁|怎么|哪里?|怎么可能)会(?:喜欢|爱|买|用|想要)',
  ].join('|'),
  'gu',
)
/** Behind what it is about: «香水就算了», «香水不了», «香水免了». */
export const noThanks = /^.{0,6}?(?:就?算了|免了|不了|不必了?|就不(?:用|要|买|考虑)?了?|pass|退退退)/u

/** A wish, or that she uses it and keeps to it. */
export const likes = new RegExp(
  `(?<!可|亲|恋|友|敬)(?:${wish}|最爱|超爱|偏爱|钟爱|心水|着迷|沉迷|上瘾|离不开|必备|必须有|有兴趣|种草|回购|囤(?:了|货|点)?|空瓶|收藏|安利|好喜欢` +
    '|一直(?:在?用|买|喷|戴|做)|每天都?(?:用|喷|涂|做|戴)|天天(?:用|喷|涂|做|戴)|常年?用|在用|用惯|买了|入手|下单|拍了|剁手|来(?:一|两|个|瓶|套|点)|(?<!不|别)要(?:一|两|个|瓶|套)|想来)',
  'gu',
)

/** What stands just before a thing that is only compared with, left out or an example. */
export const aside =
  /(?:除了|除开|除去|比起|相比(?:于|起)?|跟|和|与)[^,]{0,2}$(?<=除了.{0,3}|除[开去].{0,3}|比起.{0,3}|相比[于起]?.{0,3})|(?:比|不如|好像|像|当成?|而不是|不像)$/u
/** Just before it: it is something else, or, of herself, she is not of that kind: «我不是敏感肌». */
export const isNot = /(?<!是)(?:不是|不算|并非|不属于)(?:什么|那种|很|特别|个)?$/u
export const aboutMe = /^.{0,4}?我/u
/** And just behind it. */
export const asideBehind = /^(?:一样|似的|比(?!较)|相比|之外|以外)/u

/** It was so, and is said to be over. */
export const past = /以前|从前|曾经|过去|小时候|原来|当年|上学(?:的)?时候?|那时候?|早些年|前几年/u
export const still = /现在|如今|一直|还是|依然|仍然|到现在|至今/u

const kin =
  '妈妈?|老妈|爸爸?|老爸|母亲|父亲|爸妈|爹|婆婆|公公|岳母|岳父|丈母娘|奶奶|爷爷|外婆|外公|姥姥|姥爷|姐姐?|妹妹?|哥哥?|弟弟?|嫂子|老公|老婆|' +
  '先生|太太|对象|男(?:朋)?友|女(?:朋)?友|男票|女票|闺蜜|朋友|同事|同学|室友|舍友|领导|老板|客户|孩子|小孩|女儿|儿子|闺女|侄女|侄子|外甥女?|' +
  '表妹|表姐|堂妹|堂姐|阿姨|姑姑?|小姨|舅妈|婶婶?|亲戚|邻居|长辈|老人|家人|家里人|老师|师傅|娃|宝宝|他|她|别人|人家'
const hers = '(?:的|个|家|们|那|一个|最好的|好|亲|大|小|准|身边|家里)*'
/** Somebody else, with a word before or behind that says it is about them. */
export const somebodyElse = new RegExp(
  [
    `(?:我|俺|咱|咱们|我们|我家)${hers}(?:${kin})(?!圈|品|节|妹们|姐们)`,
    `(?:给|帮|替|送|为|让|陪|代|买给|送给|寄给|留给)${hers}(?:${kin})(?!圈|家店)`,
    `(?:^|[,、])(?:${kin})(?:们)?(?:也|都|就|很|最|特别|超|一直|要|想|用|喜欢|爱|不|过|生日|说要|需要|在用)`,
    `(?:${kin})(?:要用|喜欢|想要|需要|能用|可以用|能不能用|(?:过|的)?生日|用的|穿的|吃的)`,
    '送人|送礼|当礼物|做礼物|作为礼物|的礼物|送(?:闺蜜|朋友|长辈|客户|领导|老师|妈妈|男友|女友)|代购|帮(?:人|别人)(?:买|问|带)',
  ].join('|'),
  'u',
)
/** Somebody else is named, and yet it is hers: she got it, was told of it, or is meant too. */
export const andHerself = new RegExp(
  `(?:${kin})(?:们)?[^,]{0,3}(?:送|买|带|寄|推荐|安利|种草|介绍|分享|说)(?:给)?(?:了)?我|(?:${kin})(?:们)?(?:推荐|安利|种草|介绍)|(?:${kin})(?:们)?(?:送|给我买|给我带)` +
    `|我(?:自己)?(?:和|跟|与|同|还有)${hers}(?:我)?(?:${kin})|(?:和|跟|与|还有)我(?:自己)?(?:都|也|一起|一样)|我(?:自己)?(?:也|都)|我自己|自己(?:用|也|留|吃|喷)|自用|自留`,
  'u',
)
/** She speaks of herself again. */
export const herself =
  /^(?:那|然后|另外|还有|对了|而|所以|其实|反正|至于)?(?:我(?!妈|爸|姐|妹|哥|弟|老公|老婆|对象|家|们家|闺蜜|朋友|同事|婆婆|奶奶|爷爷|女儿|儿子|孩子|室友|同学|男|女|先生|外婆|姥姥)|本人|自己)/u
/** It is about whom she speaks to. */
export const aboutUs =
  /^(?:那|所以|话说)?(?:你|您)(?:自己|个人|平时|是不是|也|都|很|最|不|真|肯定|应该|会)?(?:喜欢|爱|讨厌|在用|用)/u

/** Negations just before a word that is judged by itself: «不好用», «没那么好用», «不是不好用». */
export const negation =
  /(?:不是|没有|没|不如|不够|毫不|从不|不会|不再|并不|未必|不|别|勿|未|哪里|难说)(?:说|用|觉得|感觉|很|太|是|那么|这么|特别|多么?|什么|啥|怎么|咋|会|有|算|算是|让我|让人|令人|想象中|想象的|预期|以前|之前|别家|想的|见得|会有|出现|任何|一点|[一-龥]{1,3}(?=那么|好))*$/u
/** What only looks like a negation. */
export const noNegation =
  /(?:不错|不好意思|不仅|不但|不光|不只|不止|不管|不论|不要太|不能再|不能更|差不多|忍不住|不知道|对不起|不客气|不得不|不愧|没想到|没得说|没的说|不可思议|说不出)$/u
/** Behind a word: it was meant the other way. */
export const mockery = /^(?:个|得)?(?:鬼|屁|毛线?|锤子|才怪)|^(?:个头|什么呀?$|啥呀?$)/u
