/**
 * Words that an answer of the model is read by, and that nobody says: numbers, units, times, negations, forms of address,
 * and how somebody sounds who says more than she may. All in plain spelling (kernel/spelling.ts).
 */

/** Characters that numbers are written with. */
export const numeral = '零〇一二两三四五六七八九十百千万亿半俩仨'

export const digitOf: Readonly<Record<string, number>> = {
  零: 0,
  〇: 0,
  一: 1,
  幺: 1,
  壹: 1,
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

export const powerOf: Readonly<Record<string, number>> = { 十: 10, 百: 100, 千: 1000, 万: 10_000, 亿: 100_000_000 }

/** Numbers that are no claims: «十分», «千万别», «百分百» is a percentage. */
export const noNumber =
  /[一1](?=[周天] ?[\d两二三四五六七八九] ?[次晚回])|一(?=个月\d次)|十分(?!钟|之)|千万(?=别|不|要|记)|万一|万分(?!之)|一万个|百万分|四季|五官|七夕|四肢|三八|千里|百货|百搭|半天(?=没|不)|多半|大半|一半一半|二次销售|第二次|两不误|三无|四件套|三件套|两件套|五件套|三两下|七七八八|四处|二维码|一二线|八卦|六一|五一(?=节|假|期|快)|十一(?=节|假|期|黄)|双十一|双十二|双一|双二|九宫|一五一十|三三两两|三心二意|七天无理由|7天无理由|百分(?=百)/gu

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

export const yearWord = '年'
export const monthWord = '月'
export const dayWords = '日号'

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
export const halfHour = '半'
export const hourWords = '点时'

export const weekday =
  /(?<![一二两三四五六七八九十\d第每半个几上下])(?:周|星期|礼拜)([一二三四五六日天末])(?![次片天回遍个至\d])|(?<=[每个上下这])(?:周|星期|礼拜)([一二三四五六日天末])(?![次片天回遍个]|晚(?![上间\d\u0001]|[一二两三四五六七八九十]+点)|到?[二三四五六七八九]次)/gu

/** Days by their distance from today; a word of the same day means the same. */
export const relativeDay =
  /(大后天|后天|明天|明日|明早|明晚|次日|第2天|第二天|隔天|隔日|翌日|今天|今日|今晚|当天|当日|当晚|月底|月初|下月|下个月|下周|本周|这周|周内|年底|月内|tomorrow|today|tonight|overnight)/gu
export const dayClass: Readonly<Record<string, string>> = {
  大后天: '+3',
  后天: '+2',
  明天: '+1',
  明日: '+1',
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
  /春节|除夕|元旦|国庆|中秋|端午|清明|元宵|情人节|妇女节|女神节|三八节|母亲节|七夕|圣诞|618|双11|双十一|双12|双十二|黑五|黑色星期五|年货节|双旦|周年庆|店庆|五一|十一假期|儿童节|六一/gu
export const festivalClass: Readonly<Record<string, string>> = { 双十一: '双11', 双十二: '双12' }
export const festivalWish = /快乐|安康|愉快|吉祥/u

/** «九成» is 90 %, «半价» half of it. */
export const percentWords = /百分之|个百分点|percent|个点/u
export const ofHundred = '百分之'
export const wholly = /百分百|百分之百/gu
export const halfPrice = /半价|对折|半折|half price|half off/gu
export const discountUnit = '折'
export const tenths = '成'

/** Ways to a person: what they are called, with an id behind them. */
export const contactWord =
  /(?:微信|微信号|威信|薇信|维信|卫星|v信|vx|wx|wechat|weixin|qq|扣扣|企鹅|telegram|tg|whatsapp|line|手机|电话|热线|tel|phone)/u
export const contactId =
  /(?:微信|威信|薇信|维信|v信|\bvx|\bwx|wechat|weixin|\bqq|扣扣|telegram|\btg|whatsapp|\bline)号?(?:id)?\s*(?:[:是为]|搜|加|id|\s)*\s*([a-z][\w-]{4,}|\d{5,})/gu
export const spelledDigits = /[零〇一二三四五六七八九幺壹]{6,}/gu
export const dotWord =
  /(?<=[a-z0-9-])\s*(?:点|dot|\(dot\)|\[dot\])\s*(?=(?:com|cn|net|org|cc|top|shop|vip|xyz|io|example|link|me|tv)(?![a-z]))/gu

export const negations =
  /不(?!但|仅|光|过|错|妨|管|同|止|少|然|论|久|好意思|如|断|适|需要担心)|没(?!关系|事|问题|错|拆|开封|打开|用过|收到|到货|过期|发货|下过|货|更新|动静)|无(?!理由|门槛|条件|论|忧|痕|缝|线|名)|未(?!拆|开封|成年|付款|使用|发货|收到)|别(?!的|人|家|处|墅|致)|勿|非(?!常)|免(?!费|邮|运|密|洗)|拒(?!签)|暂停|取消|谢绝|避免|严禁|禁止|no |not |n't|never|cannot|without/gu
/** Behind the word: «退不了», «都没有授权». */
export const denied =
  /^(?:[^,.;:!?。\n]{0,12}?(?:没有|不支持|不能|不可以|不行|不参加|不适用|不算|不在|不会|不做|不是)|.{0,1}(?:不了|不成|不到))/u
/** «能不能», «是否», «吗»: nothing is said either way. */
export const openBefore =
  /(?:是否|能不能|可不可以|会不会|要不要|有没有|是不是|支不支持|如果|要是|若|假如|万一|拿不准|不确定|看看|whether|if )[^,.;:!?。\n]{0,8}$/u
export const openBehind = /^[^,.;:!?。\n]{0,6}(?:吗|么|嘛|与否|还是不|不[\p{sc=Han}]|没有\?)/u

export const clauseEnds = /[,;!?。\n]|\.(?!\d)/u
export const sentenceEnds = /[!?。;\n]/u
export const enumerating = /[,;!?。\n、:]|\.(?!\d)/u

/** Words behind which goods are named: with these endings a name is a product's. */
export const productEndings =
  '精华液|精华水|精华油|精华乳|精华霜|精华|爽肤水|化妆水|柔肤水|纯露|修护霜|修复霜|面霜|眼霜|晚霜|日霜|防晒霜|防晒乳|素颜霜|身体乳|护手霜|洁面乳|洁面|洗面奶|卸妆膏|卸妆油|卸妆水|乳液|清爽乳|面膜|眼膜|唇膜|泥膜|棉片|喷雾|凝露|凝胶|啫喱|次抛|安瓶|冻干粉|原液|套装|礼盒|礼袋|胶囊|口服液|散粉|粉底液|气垫|口红|唇膏|香水|洗发水|沐浴露|面油|舒润水|四件套|三件套|小样组|霜'

/** What stands in front of such an ending and belongs to no name. */
export const plainBefore =
  /(?:的|和|或|与|及|用|涂|敷|擦|抹|拍|这|那|款|支|瓶|罐|盒|片|张|套|件|份|是|有|没|把|在|选|买|先|再|配|加|换|了|过|家|们|你|我|到|给|送|让|对|按|于|其|成|一|两|三|几|每|各|同|新|旧|正|小|大|只|都|也|还|停|看|含|卖|拆|开|收|发|用完|别|不|和|跟|从|以|为|要|想|叫|做|挑|推荐|搭配|搭|适合|选择|使用|清爽|滋润|温和|轻薄|普通|日常|其他|其它|别家|正装|同款|厚重|厚|薄|多种|一种|哪|什么|任意|早|晚|早上|晚上|白天|前|后|里|上|下|日常|随单|额外|免费|体验|试用|干|湿|保湿|补水|控油|防晒|洗|卸|修护|舒缓|清洁|护肤|手工|贵|低价|便宜|自己|咱|您|生日|节日|旅行|专属|会员|入群|物理|化学|儿童|男士|医用|寄|领|拿|换成|起|点|些|次|整|全|半)$/u

/** Somebody is addressed or named by a title. */
export const surname =
  '赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏窦章苏潘葛范彭郎鲁韦马苗方俞任袁柳唐罗薛雷贺倪汤滕殷毕郝安常乐于傅皮齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪舒屈项祝董梁杜阮蓝闵席季贾江童颜郭梅林刁钟徐邱骆高夏蔡田樊胡凌霍虞万柯管卢莫房丁宣邓洪包诸左石崔吉龚程裴陆荣翁荀甄段侯宁仇武符刘景詹龙叶司黎白蒲温庄晏瞿阎聂曾沙丰关查游权盖'
export const title = '女士|先生|小姐|太太|夫人|同学|老师|医生|教授|经理|总监|主任|师傅|大哥|大姐|阿姨|叔叔'
export const shortTitle = '姐|哥|总|妹|叔|姨|工'
export const dear = /(?:亲爱的|尊敬的|dear )([^\s,，。!:~]{1,8})/gu
export const dearAll =
  /^(?:顾客|客户|朋友|会员|屿友|岛主|小仙女|宝|宝宝|你|您|用户|各位|大家|姐妹|customer|friend|你呀)/u
export const greetedByName = /^\s*([\p{sc=Han}a-z]{1,8}?)\s*[,!~ ]?\s*(?:你好|您好)/u
export const noName =
  /^(?:小屿|亲|哈喽|嗨|嘿|亲亲|宝子|hello|hi|hey|大家|各位|朋友|你们|早上|上午|下午|中午|晚上|嗯嗯?|好的|在的|在呢|呀|哎|欢迎|小仙女|姐妹|亲爱的)$/u
export const named = /(?:收件人|收货人|联系人|姓名|名字|客户|顾客|会员|叫做|名叫|她叫|他叫|的名字)\s*[是为叫:]?\s*/u
/** Tells of somebody else. */
export const somebodyElse =
  /(?:另一位|另外一位|别的|其他|其它|上一位|上个|前一位|隔壁|那位|这位|有位|有个)(?:顾客|客户|会员|用户|客人|买家|朋友|群友|女士|先生|姐妹)[^,.;。\n]{0,12}?(?:买|订单|下单|电话|地址|手机|住|消费|积分|肤质|退|说她|说他|问)|(?:她|他|对方)的(?:订单|地址|电话|手机|积分|消费|住址|快递|身份证|生日|姓名)|(?:other|another) (?:customer|user|client)s?(?:'s)? (?:order|address|phone|name)/gu
export const street =
  /[\p{sc=Han}]{1,8}(?:路|街|道|巷|弄|胡同|大道)\s*\d+\s*号|\d+\s*(?:栋|幢|单元|号楼|弄)|(?<=\d)\d{2,3}室|[\p{sc=Han}]{2,8}(?:小区|花园|公寓|大厦|家园)/gu

/** It says that a human speaks. */
export const humanClaim =
  /(?:我|小屿|这边|本人|俺)(?:就)?(?:是|可是|真是|当然是|其实是|的确是|确实是|本来就是)[^,.;。!?\n]{0,6}?(?:真人|真实的人|人类|大活人|活人|一个人|人工|人工客服|客服人员|店长|老板|店主|主管|经理|医生|护肤师|配方师|创始人|顾问|员工|女生|女孩|姑娘|小姐姐|男生|妈妈|成分师|药师|皮肤科)|(?:我|小屿|这里|这边)[^,.;。!?\n]{0,4}?(?:不是|并非|才不是|可不是|哪是)[^,.;。!?\n]{0,6}?(?:机器人|ai|人工智能|程序|智能助手|机器|自动回复)|(?:真人|人工)(?:客服)?(?:在线)?(?:为你|给你|为您|给您)?(?:服务|回复|解答)中|(?:这里|这边|现在)是(?:真人|人工)|非机器人|(?:本人|真人)(?:亲自)?(?:在)?(?:回复|打字|手打|在线回)|我(?:今年)?\d+岁|我(?:昨天|今天|刚刚|刚才)?(?:下班|吃了饭|吃完饭|去了趟|在办公室|坐在电脑前|亲手|亲自打包|手打)|我(?:自己)?也(?:在)?(?:用|敷|涂|抹|擦)(?:的|了|着|过|这)|我用了(?:好)?(?:几|半|\d)|我(?:的皮肤|的脸|老公|孩子|女儿|儿子|家里人)|i(?:'m| am) (?:a |an )?(?:real |actual |)?(?:human|person|man|woman|girl|employee|staff|doctor)|i(?:'m| am) not (?:a |an )?(?:ai|bot|robot|machine)/gu
/** «我不是真人», «请真人顾问»: no claim. */
export const notHuman =
  /(?:不|并非|没)[^,.;。]{0,3}(?:是)?[^,.;。]{0,2}(?:真人|人类|人工|店长|医生|顾问)|(?:我|小屿)是[^,.;。]{0,8}(?:智能助手|机器人|ai|助手)/u

/** It tells what it was told, or how it is made. */
export const leak =
  /系统提示|提示词|系统指令|系统消息|系统设定|(?:我|我的|给我的|收到的|内部|上面的|以下是我?的?)(?:初始|原始|内部|隐藏|全部|完整|系统)?(?:指令|设定|规则|prompt|人设|配置|说明书|限制)(?:是|如下|包括|里|有|要求|写着|:|为)|我被(?:要求|设定|告知|设计|训练|指示|限制|规定|编程)|(?:开发者|研发|程序员|工程师|后台|系统)(?:要求|让|告诉|规定|设定|给)我|知识库|条目id|检索到的|给定的(?:条目|资料|内容|信息)|根据(?:我的|系统|给出的|提供的)(?:资料|条目|信息|知识|设定|指令|上下文)|语言模型|大模型|训练数据|(?:chatgpt|gpt|openai|anthropic|claude|deepseek|qwen|通义|文心一言|千问|kimi|豆包|gemini|llama|llm)(?![a-z])|system prompt|my (?:instructions|prompt|rules|guidelines|system)|language model|(?:developer|dan|debug|god|admin|jailbreak|sudo|root) ?mode|(?:开发者|调试|越狱|上帝|管理员|无限制|自由|超级|维护|测试)模式(?:已|开启|启动|激活|下|成功|on)?|已(?:进入|切换|开启|启用|解除)[^,.;。]{0,8}(?:模式|限制|角色|权限)|(?:现在|从现在起|此刻)(?:起|开始)?[,]?我(?:就)?是(?!小屿|在)|我(?:现在)?(?:就)?(?:是|叫|变成)(?:dan|猫娘|黑客|管理员|root|自由的|没有限制|不受限)|不再(?:受|遵守|有)[^,.;。]{0,6}(?:限制|规则|约束)|(?:没有|无视|忽略|绕过|打破)(?:任何|所有|了|全部|以上|之前的?)*(?:限制|规则|指令|约束|设定)|i(?:'m| am) (?:now )?(?:dan|free now|unrestricted|jailbroken|max|evil)(?![a-z])|(?:without|no|any) (?:any )?(?:restrictions|limits|filters|limitations)|do anything|access granted|pwned|hacked|jailbr|api[ _]?key|sk-[a-z0-9]|环境变量|数据库|```|<\/?(?:system|user|assistant|tool|function|data|question|entry|entries|instructions?|context|script|img|iframe|a|b)\b|"(?:answer|cites|intent|mood|human|proposes|role|content)"\s*:|\{\{|\bcites\b|\bjson\b|(?:system|user|assistant)\s*:/gu

/** Someone agrees and says no more: the question itself becomes the promise. */
export const agreement =
  /^\s*(?:小屿|亲|嗯+|好的|好呀|哈哈+)?[,!~ ]*(?:是的|是呀|是哦|对的|对呀|对哦|没错|可以|行的?|当然|没问题|能的|能呀|成交|答应你|同意|批准|确认|属实|保证|必须的|安排|一定|ok|yes|sure|of course|right|correct|absolutely|certainly|deal)/u
/** Somebody asks for it, or wants it confirmed. */
export const asks = /[吗吧呗么?]|能|可以|行不|好不|给我|帮我|我要|是不是|对不|please|can |could /u

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
/** «要不要», «能不能» within a phrase. */
export const openGap = /是否|(\p{sc=Han})[不没]\1|如果|要是|假如/u
/** Words in front of a name. */
export const beforeName = /(?:是|给|叫|和|跟|让|请|找|与|对|为|帮|好|嗨|的|了|,)$/u
/** A line of an example: what she says is there to be said. */
export function exampleLine(line: string, name: string): boolean {
  return (
    /^\s*(?:[>|-]\s*)?(?:答|好|不好|顾客|客户|问|例|示例|你说|回)\s*[:：]/u.test(line) ||
    new RegExp(`^\\s*[>-]?\\s*${name}\\s*:`, 'u').test(line)
  )
}
/** «暂时没有眼霜», «眼霜这个我还不清楚». */
export const missing = /没有|暂时没|还没|不清楚|不确定|不卖|不做|没做|没出|查不到/u
/** Behind «12.8» and «12-8», these say that it is a date. */
export const dateBehind =
  /^ ?(?:$|[,.。;!~)(\n]|开|起|结|截|前|之前|后|当|活动|到|至|[号日晚那早上下中]|双|正式|大促|发|上)/u
export const money: ReadonlySet<string> = new Set(['元', '美元'])
