/**
 * Words by which an answer of the model is read, and that nobody says: negations, names of goods, forms of address, and how
 * somebody sounds who says more than she may. All in plain spelling (kernel/spelling.ts).
 */
export const negations =
  /不(?!但|仅|光|过|错|妨|管|同|止|少|然|论|久|好意思|如|断|适(?!用|合)|需要担心)|没(?!关系|事|问题|错|拆|开封|打开|用过|收到|到货|过期|发货|下过|货|更新|动静)|无(?!理由|门槛|条件|论|忧|痕|缝|线|名)|未(?!拆|开封|成年|付款|使用|发货|收到)|别(?!的|人|家|处|墅|致)|勿|非(?!常)|免(?!费|邮|运|密|洗)|拒(?!签)|暂停|取消|谢绝|避免|严禁|禁止|no |not |n't|never|cannot|without/gu

/** Behind the word: «退不了», «都没有授权». */
export const denied =
  /^(?:[^,.;:!?。\n]{0,12}?(?:没有|不支持|不能|不可以|不行|不参加|不适用|不算|不在|不会|不做|不是)|.{0,1}(?:不了|不成|不到))/u

/** «能不能», «是否», «吗»: nothing is said either way. */
export const openBefore =
  /(?:是否|能不能|可不可以|会不会|要不要|有没有|是不是|支不支持|如果|要是|若|假如|万一|拿不准|不确定|看看|whether|if )[^,.;:!?。\n]{0,8}$/u

export const openBehind = /^[^,.;:!?。\n]{0,6}(?:吗|么|嘛|与否|还是不|不[\p{sc=Han}]|没有\?)/u

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

export const shortTitle = '姐|哥|总|妹|叔|姨'

export const dear = /(?:亲爱的|尊敬的|dear )([^\s,，。!:~]{1,8})/gu

export const dearAll =
  /^(?:顾客|客户|朋友|会员|屿友|岛主|小仙女|宝|宝宝|你|您|用户|各位|大家|姐妹|customer|friend|你呀)/u

export const greetedByName = /^\s*([\p{sc=Han}a-z]{1,8}?)\s*[,!~ ]?\s*(?:你好|您好)/u

export const noName =
  /^(?:小屿|亲|哈喽|嗨|嘿|亲亲|宝子|hello|hi|hey|大家|各位|朋友|你们|早上|上午|下午|中午|晚上|嗯嗯?|好的|在的|在呢|呀|哎|欢迎|小仙女|姐妹|亲爱的)$/u

/** Tells of somebody else. */
export const somebodyElse =
  /(?:另一位|另外一位|别的|其他|其它|上一位|上个|前一位|隔壁|那位|这位|有位|有个)(?:顾客|客户|会员|用户|客人|买家|朋友|群友|女士|先生|姐妹)[^,.;。\n]{0,12}?(?:买|订单|下单|电话|地址|手机|住|消费|积分|肤质|退|说她|说他|问)|(?:她|他|对方)的(?:订单|地址|电话|手机|积分|消费|住址|快递|身份证|生日|姓名)|(?:other|another) (?:customer|user|client)s?(?:'s)? (?:order|address|phone|name)/gu

export const street =
  /[\p{sc=Han}]{1,8}(?:路|街|道|巷|弄|胡同|大道)\s*\d+\s*号|\d+\s*(?:栋|幢|单元|号楼|弄)|(?<=\d)\d{2,3}室|[\p{sc=Han}]{2,8}(?:小区|花园|公寓|大厦|家园)/gu

/** It says that a human speaks. */
export const humanClaim =
  /(?:我|小屿|这边|本人|俺)(?:就)?(?:是|可是|真是|当然是|其实是|的确是|确实是|本来就是)[^,.;。!?\n]{0,6}?(?:真人|真实的人|人类|大活人|活人|一个人|人工|人工客服|客服人员|店长|老板|店主|主管|经理|医生|护肤师|配方师|创始人|顾问|员工|女生|女孩|姑娘|小姐姐|男生|妈妈|成分师|药师|皮肤科)|(?:我|小屿|这里|这边)[^,.;。!?\n]{0,4}?(?:不是|并非|才不是|可不是|哪是)[^,.;。!?\n]{0,6}?(?:机器人|ai|人工智能|程序|智能助手|机器|自动回复)|(?:真人|人工)(?:客服)?(?:在线)?(?:为你|给你|为您|给您)?(?:服务|回复|解答)中|(?:这里|这边|现在)是(?:真人|人工)|非机器人|我是活的|真人一枚|本尊在此|有血有肉|屏幕(?:后面|对面|那头|前)[^,。]{0,4}人|(?<![不\p{sc=Han}])是(?:人工|真人)(?:[,。!~]|$)|我是人(?!工智能)|我们都是真人|(?:本人|真人)(?:亲自)?(?:在)?(?:回复|打字|手打|在线回)|我(?:今年)?\d+岁|我(?:昨天|今天|刚刚|刚才)?(?:下班|吃了饭|吃完饭|去了趟|在办公室|坐在电脑前|亲手|亲自打包|手打)|我(?:自己)?也(?:在)?(?:用|敷|涂|抹|擦)(?:的|了|着|过|这)|我用了(?:好)?(?:几|半|\d)|我(?:的皮肤|的脸|老公|孩子|女儿|儿子|家里人)|i(?:'m| am) (?:a |an )?(?:real |actual |)?(?:human|person|man|woman|girl|employee|staff|doctor)|i(?:'m| am) not (?:a |an )?(?:ai|bot|robot|machine)/gu

/** «我不是真人», «请真人顾问»: no claim. */
export const notHuman =
  /(?:不|并非|没)[^,.;。]{0,3}(?:是)?[^,.;。]{0,2}(?:真人|人类|人工|店长|医生|顾问)|(?:我|小屿)是[^,.;。]{0,8}(?:智能助手|机器人|ai|助手)/u

/** It tells what it was told, or how it is made. */
export const leak =
  /系统提示|提示词|系统指令|系统消息|系统设定|(?:我|我的|给我的|收到的|内部|上面的|以下是我?的?)(?:初始|原始|内部|隐藏|全部|完整|系统)?(?:指令|设定|规则|prompt|人设|配置|说明书|限制)(?:是|如下|包括|里|有|要求|写着|:|为)|我被(?:要求|设定|告知|设计|训练|指示|限制|规定|编程)|(?:开发者?|研发|程序员|工程师|后台|系统)(?:要求|让|告诉|规定|设定|给)我|知识库|条目id|检索到的|给定的(?:条目|资料|内容|信息)|根据(?:我的|系统|给出的|提供的)(?:资料|条目|信息|知识|设定|指令|上下文)|语言模型|大模型|训练数据|(?:chatgpt|gpt|openai|anthropic|claude|deepseek|qwen|通义|文心一言|千问|kimi|豆包|gemini|llama|llm)(?![a-z])|system prompt|my (?:instructions|prompt|rules|guidelines|system)|language model|(?:developer|dan|debug|god|admin|jailbreak|sudo|root) ?mode|(?:开发者|调试|越狱|上帝|管理员|无限制|自由|超级|维护|测试)模式(?:已|开启|启动|激活|下|成功|on)?|已(?:进入|切换|开启|启用|解除)[^,.;。]{0,8}(?:模式|限制|角色|权限)|(?:现在|从现在起|此刻)(?:起|开始)?[,]?我(?:就)?是(?!小屿|在)|我(?:现在)?(?:就)?(?:是|叫|变成)(?:dan|猫娘|黑客|管理员|root|自由的|没有限制|不受限)|不再(?:受|遵守|有)[^,.;。]{0,6}(?:限制|规则|约束)|(?:没有|无视|忽略|绕过|打破)(?:任何|所有|了|全部|以上|之前的?)*(?:限制|规则|指令|约束|设定)|i(?:'m| am) (?:now )?(?:dan|free now|unrestricted|jailbroken|max|evil)(?![a-z])|(?:without|no|any) (?:any )?(?:restrictions|limits|filters|limitations)|do anything|access granted|pwned|hacked|jailbr|api[ _]?key|sk-[a-z0-9]|环境变量|数据库|```|<\/?(?:system|user|assistant|tool|function|data|question|entry|entries|instructions?|context|script|img|iframe|a|b)\b|"(?:answer|cites|intent|mood|human|proposes|role|content)"\s*:|\{\{|\bcites\b|\bjson\b|(?:system|user|assistant)\s*:/gu

/** Someone agrees and says no more: the question itself becomes the promise. */
export const agreement =
  /^\s*(?:小屿|亲|嗯+|好的|好呀|哈哈+)?[,!~ ]*(?:是的|是呀|是哦|对的|对呀|对哦|没错|可以|行的?|当然|没问题|能的|能呀|成交|答应你|同意|批准|确认|属实|保证|必须的|安排|一定|ok|yes|sure|of course|right|correct|absolutely|certainly|deal)/u

/** Somebody asks for it, or wants it confirmed. */
export const asks = /[吗吧呗么?]|能|可以|行不|好不|给我|帮我|我要|是不是|对不|please|can |could /u

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

export const named = /(?:收件人|收货人|联系人|姓名|名字|客户|顾客|会员|叫做|名叫|她叫|他叫|的名字)\s*[是为叫:]?\s*/u

/** A surname and a title; a short title only where no other word begins with it: «高总» and no «高总额». */
export const titled = new RegExp(
  `((?!安排|方便|任何|包括|关于|高级|平时|于|金牌|全|成人|单|白天|时)[${surname}][\\p{sc=Han}]{0,2}?)(${title}|[${shortTitle}](?![\\p{sc=Han}]?[是共计结额览会部店价量]))`,
  'gu',
)
export const namedPerson = new RegExp(
  `${named.source}([${surname}][\\p{sc=Han}]{1,2}?)(?=[^\\p{sc=Han}]|$|的|在|也|已|那)`,
  'gu',
)

/** «小王», «阿强»: somebody by a short name. */
export const shortName = new RegExp(
  `(?<![\\p{sc=Han}大])(?:[小老][${surname}]|阿[\\p{sc=Han}])(?=[,!~:]|的(?:订单|快递|包裹|地址|电话|手机|积分)|让你|你好|您好|也|和你|说)`,
  'gu',
)

/** Behind a name: everything but it. */
export const beyond = /^(?:以外|之外|除外|外的)/u

/** Titles of those who are named by nothing but them, too: «安排老师», «问医生». A name begins where a word does. */
export const commonTitle = /^(?:同学|老师|医生|教授|经理|总监|主任|师傅|大哥|大姐|阿姨|叔叔|夫人|[姐哥总妹叔姨])$/u
