/** Words that we recognise and never say. */

/** WeChat writes its own emoji as words in brackets: [微笑]. Other words in brackets are buttons: [我的]. */
const wechatNames =
  '微笑|撇嘴|色|发呆|得意|流泪|害羞|闭嘴|睡|大哭|尴尬|发怒|调皮|呲牙|龇牙|惊讶|难过|囧|抓狂|吐|偷笑|愉快|白眼|傲慢|困|惊恐|憨笑|悠闲|咒骂|疑问|嘘|晕|衰|骷髅|敲打|擦汗|抠鼻|鼓掌|坏笑|右哼哼|鄙视|委屈|快哭了|阴险|亲亲|可怜|笑脸|生病|脸红|破涕为笑|恐惧|失望|无语|嘿哈|捂脸|奸笑|机智|皱眉|耶|吃瓜|加油|汗|天啊|Emm|社会社会|旺柴|好的|打脸|哇|翻白眼|666|让我看看|叹气|苦涩|裂开|嘴唇|爱心|心碎|拥抱|强|弱|握手|胜利|抱拳|勾引|拳头|OK|合十|啤酒|咖啡|蛋糕|玫瑰|凋谢|菜刀|炸弹|便便|月亮|太阳|庆祝|烟花|爆竹|猪头|跳跳|发抖|转圈'

/** A pictograph in its form and colour. Marks that are letters of a brand's name (©, ®, ™) and arrows are none. */
const pictograph = String.raw`(?![©®™‼⁉ℹ↔-↪])\p{Extended_Pictographic}[\uFE0F\p{Emoji_Modifier}]*`

/** One emoji of WeChat or of Unicode: several pictographs that a joiner holds together are one, and so are two letters of a flag. */
export const emoji = new RegExp(
  String.raw`\[(?:${wechatNames})\](?!\()|${pictograph}(?:\u200D${pictograph})*|\p{Regional_Indicator}{1,2}|\p{Emoji_Modifier}`,
  'gu',
)

/** What people put around small talk without saying more, and that alone is none. Normalised: without marks and spaces. */
export const particles: readonly string[] = [
  ...'啊呀哦噢喔哈啦呢吧嘛嘞哒滴咯喽啰哟呦耶嗯唔哇诶欸了的',
  ...'好 好的 好滴 好哒 好嘞 好吧 行 可以 知道了 明白 明白了 了解 收到 ok 不用 不用了 没事'.split(' '),
  ...'亲 亲爱的 亲亲 宝 宝宝 小姐姐 姐姐 姐 大家 各位 你们 你 您'.split(' '),
]
