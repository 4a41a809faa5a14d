/**
 * Answers as a warm persona gives them over the example brand's entries, in other words and another order than the
 * entries have: none of them says anything that its entries do not.
 */
import { laterAnswers } from './faq-grounding-answers-later.ts'

export type Given = { question: string; cites: string[]; answer: string }

export const goodAnswers: Given[] = [
  {
    question: '你们用啥快递呀',
    cites: ['ship-carrier'],
    answer:
      '默认走中通哦，有些乡镇中通到不了，会自动帮你换成邮政。想收顺丰的话，结算页的「配送方式」里选一下，补 12 块运费就好，岛主免补～',
  },
  {
    question: '现在拍今天能发吗',
    cites: ['ship-when-sent'],
    answer: '下午 4 点前付款的话，今天就能从嘉兴仓发出；过了点就明天发啦。周日仓库休息，会顺延到周一哦。',
  },
  {
    question: '几天到上海',
    cites: ['ship-how-long'],
    answer: '江浙沪皖一般 1 到 2 天就到啦，从嘉兴仓发出后算哈。赶上大促或者天气不好，可能会慢个一两天～',
  },
  {
    question: '到新疆多久',
    cites: ['ship-how-long'],
    answer: '新疆稍远一些，从嘉兴仓发出后大概五到七天，物流可以在小程序「我的订单」里随时看。',
  },
  {
    question: '买多少免运费',
    cites: ['ship-free-threshold'],
    answer: '普通地区实付满九十九元就包邮啦，不到的话收 8 块运费；新疆、西藏那几个地区是满 199 元包邮，不满收 15 元。',
  },
  {
    question: '西藏能寄吗',
    cites: ['ship-remote'],
    answer: '能寄到的！西藏满199元包邮，不满收15元运费，路上差不多5-7天，麻烦你多等等～',
  },
  {
    question: '地址写错了',
    cites: ['ship-change-address'],
    answer:
      '别急，还没发货的话，小程序「我的订单」里点进订单详情，「修改地址」自己就能改一次。已经发货了就把订单号和新地址给我，我请顾问去联系快递。',
  },
  {
    question: '怎么还不发货啊',
    cites: ['ship-urge'],
    answer:
      '让你等急了，不好意思。平日付款后 48 小时内发出，大促期间是 72 小时内。要是超过了，把订单号给我，顾问当天会给你回话。',
  },
  {
    question: '物流三天没动',
    cites: ['ship-stuck'],
    answer: '48 小时没更新就可以查件啦，订单号发我就行。要是满 72 小时还没动静，就按丢件处理，补发还是退款你来选。',
  },
  {
    question: '显示签收了我没收到',
    cites: ['ship-signed-missing'],
    answer:
      '先看看驿站、快递柜或者门卫那儿有没有，也问问家人。都没有的话订单号给我，我们 24 小时内跟快递核实，真丢了就补发或退款，你选。',
  },
  {
    question: '怎么查快递',
    cites: ['ship-tracking'],
    answer: '小程序「青屿商城」→「我的订单」点进去就有单号和物流。刚发出的要等 12 小时左右才有第一条，别担心哈。',
  },
  {
    question: '能发顺丰不',
    cites: ['ship-sf'],
    answer: '可以的，结算时「配送方式」选顺丰，补 12 元就行，岛主免补。顺丰到付暂时不支持哦。',
  },
  {
    question: '香港寄吗',
    cites: ['ship-overseas'],
    answer: '抱歉呀，目前只配送大陆地区，香港暂时还寄不到。可以先寄给大陆的亲友，请他们转交一下。',
  },
  {
    question: '面霜冻硬了',
    cites: ['ship-frozen'],
    answer:
      '冬天路上冷，膏霜变硬是会有的。放室温慢慢回温一天就好，别用热水泡。回温后没有分层和异味就能正常用；要是分层结块了，拍照给我，我们给你补发。',
  },
  {
    question: '七天无理由可以吗',
    cites: ['returns-7-days'],
    answer:
      '支持的～从签收第二天开始算 7 天内，没拆封、外盒和赠品都齐全就可以申请。退货运费要你承担，一般运费险能抵一些。',
  },
  {
    question: '拆了还能退吗',
    cites: ['return-opened'],
    answer:
      '拆封后因为卫生的关系，就不适用七天无理由啦。不过要是有质量问题，或者用了不舒服，首次使用起 30 天内可以走「不适可退」。',
  },
  {
    question: '怎么退货',
    cites: ['return-how'],
    answer:
      '小程序「我的订单」找到那一单，点「申请售后」选原因就行。通过后会看到退货地址，寄出后把单号填回去。别寄到付哦，仓库没法签收。',
  },
  {
    question: '退货邮费谁出',
    cites: ['return-freight'],
    answer:
      '看情况哦：质量问题、发错、破损或用了不适，运费我们出；无理由退的话运费你承担，小程序订单默认送了运费险，一般够抵首重。',
  },
  {
    question: '退款几天到',
    cites: ['refund-when'],
    answer:
      '仓库收到退件后 48 小时内验货退款，钱原路退回。微信零钱一般当天到，储蓄卡 1-3 个工作日，信用卡 3-7 个工作日。',
  },
  {
    question: '瓶子碎了',
    cites: ['return-damaged'],
    answer:
      '哎呀，真抱歉。签收后 48 小时内，拍一下外箱、快递面单和破损的地方发我，再附上订单号。核实后 24 小时内免费补发，坏的不用寄回来；想直接退款也可以。',
  },
  {
    question: '少发了一盒面膜',
    cites: ['return-wrong-missing'],
    answer: '是我们疏忽了，不好意思。签收后 48 小时内，订单号和收到的东西拍张合照给我，核实后 24 小时内补发给你。',
  },
  {
    question: '能换个乳液吗',
    cites: ['return-exchange'],
    answer:
      '不同款之间暂时不能直接换，要退掉再重新拍。没拆封的话，签收第二天起 7 天内都可以退；还没发货就直接取消重拍，更快～',
  },
  {
    question: '不想要了',
    cites: ['order-cancel'],
    answer: '还没发货的话，到小程序「我的订单」→订单详情点「申请退款」，24 小时内原路退回，没过期的券也会退给你。',
  },
  {
    question: '刚买就便宜了',
    cites: ['price-protection'],
    answer:
      '付款起十五天内，同一渠道同款页面价降了，都能申请保价。小程序「我的订单」里点「申请保价」，差价 3 个工作日内原路退回。',
  },
  {
    question: '用了不舒服能退不',
    cites: ['return-intolerance'],
    answer:
      '可以的，先停用，皮肤要紧。首次使用起三十天内，拆封了也能退，每人每款一次，运费我们出。订单号和照片发我，顾问当天帮你登记。',
  },
  {
    question: '卸妆膏多少钱',
    cites: ['product-cleansing-balm'],
    answer: '净屿卸妆膏 90 克，109 块～不加香精，眼唇妆也能卸。',
  },
  {
    question: '洗面奶贵不贵',
    cites: ['product-cleanser'],
    answer: '云沫氨基酸洁面乳 100 克，79 元。氨基酸的，不是皂基，洗完不太紧绷。',
  },
  {
    question: '爽肤水什么成分',
    cites: ['product-toner'],
    answer:
      '晨露水主要是透明质酸钠、泛醇和马齿苋提取物，没有加酒精和香精，150 毫升 129 元。想湿敷的话，敷个 3 到 5 分钟就好。',
  },
  {
    question: '棉片怎么用',
    cites: ['product-acid-pads'],
    answer: '晚上洗完脸擦 T 区和下巴，从一周 2 次开始就好，慢慢来。孕期、哺乳期不要用哦，敏感泛红的时候也先停一停。',
  },
  {
    question: 'vc精华多少钱一瓶',
    cites: ['product-vc-serum'],
    answer: '初光VC精华 30ml 是 199 元。早上用 2～3 滴，后面记得涂防晒。敏感肌先试小样更稳妥～',
  },
  {
    question: 'A醇浓度多少',
    cites: ['product-retinol-serum'],
    answer:
      '晚屿 A 醇精华的视黄醇是 0.1%，30ml 239 元，只在晚上用，从每周两次开始建立耐受。备孕、孕期和哺乳期不要用哦。',
  },
  {
    question: '舒缓精华呢',
    cites: ['product-soothing-serum'],
    answer: '海茴香舒缓精华 30 毫升，一百八十九元，有 5% 泛醇，不加香精和酒精，早晚都能用，换季干燥的时候很合适。',
  },
  {
    question: '夏天用啥乳液',
    cites: ['product-light-lotion'],
    answer: '夏天可以看看屿雾清爽乳，80ml 149 元，像薄薄一层雾，控油保湿，油皮、混油皮都合适。',
  },
  {
    question: '面霜适合干皮吗',
    cites: ['product-repair-cream'],
    answer: '挺适合的，屿暖修护霜 50g 179 元，有三种神经酰胺，给干皮、混干皮用的。晚上取黄豆大小，搓温了再按上脸。',
  },
  {
    question: '防晒倍数',
    cites: ['product-sunscreen'],
    answer: '晴岛防晒乳是 SPF50+、PA+++，50 毫升 139 元，物化结合，质地轻薄不太泛白。没有宣称防水，游泳出汗后要补涂～',
  },
  {
    question: '都有啥产品',
    cites: ['product-overview'],
    answer:
      '有清洁、水、精华、乳霜、防晒和面膜～比如云沫洁面乳 79，晨露舒润水 129，屿暖修护霜 179。想看哪款直接跟我说名字。',
  },
  {
    question: '送小样吗',
    cites: ['product-samples'],
    answer: '买精华、乳霜或防晒的正装，都会随单送一份同款 2ml 小样，先试小样，合适再拆正装。',
  },
  {
    question: '保质期多久',
    cites: ['product-shelf-life'],
    answer: '没开封是 3 年，初光 VC 精华和晚屿 A 醇精华是 2 年。限期使用日期在瓶底、封尾和外盒上都能找到。',
  },
  {
    question: '开封多久用完',
    cites: ['product-after-opening'],
    answer: '看是哪款哦：清隙水杨酸棉片 3 个月，VC 精华、A醇精华和晴岛防晒乳半年，面膜拆开当次用完。',
  },
  {
    question: '含酒精吗',
    cites: ['product-ingredients'],
    answer: '全线都没有添加香精和酒精，全成分印在外盒背面，小程序商品页最下面也能看。',
  },
  {
    question: '会员怎么升级',
    cites: ['member-levels'],
    answer: '按近 12 个月实付来算：满 500 元是屿友，满 2000 元是岛主，达标后第二天自动升级～',
  },
  {
    question: '积分咋用',
    cites: ['points-use'],
    answer: '一百积分抵一元，结算页打开「积分抵扣」就行，一单抵扣不超过实付的 10%，还能和一张优惠券一起用。',
  },
  {
    question: '积分过期吗',
    cites: ['points-expire'],
    answer: '每笔积分到账后 12 个月内有效，不会年底一次清零，到期前十五天也会提醒你。',
  },
  {
    question: '新人有券吗',
    cites: ['coupon-join'],
    answer: '有的呀，进群可以领一张 20 元券，满 199 可用，在小程序「领券中心」的「入群礼」里，领取后七天有效哦。',
  },
  {
    question: '券能叠加吗',
    cites: ['coupon-stack'],
    answer: '一单只能用一张券，不过可以和满减、积分抵扣一起用。顺序是先满减，再用券，最后抵积分。',
  },
  {
    question: '生日有啥',
    cites: ['member-birthday'],
    answer:
      '生日当月 1 号会发：登岛是 20 元券（满 99 可用），屿友送静海面膜一盒，岛主有生日礼盒。记得先在「我的资料」里填好生日～',
  },
  {
    question: '推荐朋友有奖吗',
    cites: ['member-referral'],
    answer: '有的，朋友首单实付满 99 元、确认收货后，你们俩各得一张 15 元无门槛券，每个月最多 10 人。',
  },
  {
    question: '空瓶换啥',
    cites: ['empty-bottle'],
    answer: '青屿的正装空瓶，一个换 50 积分，每月最多 6 个。洗净晾干送到门店就行，也能在小程序「空瓶回岛」预约寄回。',
  },
  {
    question: '双十二满减',
    cites: ['double-12-2026'],
    answer:
      '双十二从 12 月 8 日晚上 8 点开始，每满 299 减 40 元，还能再叠一张优惠券。买屿暖修护霜还送同款 10g 旅行装，送完为止。',
  },
  { question: '双12发货慢吗', cites: ['double-12-2026'], answer: '活动期间 72 小时内发货哈，单量大，辛苦等等～' },
  {
    question: '打卡怎么参加',
    cites: ['check-in-21-days'],
    answer:
      '每月 1 号开新的一期，不收费。开始前一周群里会发报名卡片，点进去就好。每天早上六点到晚上十二点都能打卡，一期能补三次～',
  },
  {
    question: '周三啥活动',
    cites: ['community-wednesday'],
    answer: '每周三晚八点，群里有「周三福利」，会放 1-2 款群专享价，附小样加赠，卖完就恢复原价啦。',
  },
  {
    question: '客服几点上班',
    cites: ['service-hours'],
    answer: '顾问每天早上 9 点到晚上 10 点都在，周末也在，一般五分钟内会回你。其他时间小屿先陪着你～',
  },
  {
    question: '北京有店吗',
    cites: ['service-stores'],
    answer:
      '目前三家店在杭州、上海和成都，其他城市暂时没有门店哦。每天 10:30 到 21:30 开着，想先试试可以拍尝鲜小样组 19.9 元。',
  },
  {
    question: '我要投诉',
    cites: ['service-complaint'],
    answer: '真的很抱歉。请把经过和订单号发给我，专人 24 小时内会联系你，3 个工作日内给出处理方案。',
  },
  {
    question: '企业团购有优惠吗',
    cites: ['service-corporate'],
    answer:
      '有的，50 份起有团购价，100 份起可以定制礼盒，要提前 15 天。把数量和预算发到 gift@qingyu.example，1 个工作日内会有同事联系你。',
  },
  {
    question: '拼多多的是真的吗',
    cites: ['official-channels'],
    answer:
      '拼多多我们没有授权哦，真假没法保证。官方的只有小程序「青屿商城」、天猫「青屿旗舰店」、抖音「青屿官方旗舰店」和三家门店。',
  },
  {
    question: '油皮用什么',
    cites: ['skin-oily'],
    answer:
      '油皮清洁别过度，保湿也别停～早上云沫洁面、晨露水、屿雾清爽乳，再涂晴岛防晒；晚上每周两次用清隙棉片擦擦 T 区就好。',
  },
  {
    question: '孕妇能用不',
    cites: ['skin-pregnant'],
    answer:
      '孕期的话，晚屿 A 醇精华和清隙水杨酸棉片先不要用哦。其他的建议拿着外盒上的全成分问问产科或皮肤科医生，医生说可以再用。',
  },
  {
    question: '脸发黄能美白吗',
    cites: ['skin-dull'],
    answer:
      '先跟你说实话，我们没有美白类的产品，不承诺美白。想要气色更有光泽，早上可以用初光 VC 精华加防晒，坚持 4–8 周看看。',
  },
  {
    question: '有祛痘的吗',
    cites: ['skin-acne-marks'],
    answer: '我们没有祛痘类产品，不想给你画饼。能做的是不挤、认真防晒、做好保湿，红印一般会慢慢变淡。',
  },
  {
    question: '防晒多久补',
    cites: ['use-sunscreen-reapply'],
    answer: '在户外差不多每两小时补一次，出汗、擦过脸之后马上补。室内不靠窗的话，早上涂一次，傍晚出门前再补一次就够。',
  },
  {
    question: '防晒涂多少',
    cites: ['use-sunscreen-amount'],
    answer: '脸上大概两根手指的长度，约 1 克，出门前 15 到 20 分钟涂好，等它成膜再上妆～',
  },
  {
    question: '早c晚a怎么弄',
    cites: ['use-am-c-pm-a'],
    answer: '简单说就是早上 VC、晚上 A 醇。新手先单用 VC 两周，没问题再加 A 醇，每周 2 次起，两样别叠在一次用。',
  },
  {
    question: '搓泥了',
    cites: ['use-pilling'],
    answer: '多半是叠得太多太快啦。每一步等 1 分钟，吸收了再涂下一层；防晒成膜 5 分钟后再上妆，试试看～',
  },
  {
    question: '面膜敷多久',
    cites: ['product-mask'],
    answer: '静海舒缓面膜一盒 5 片，99 元，想知道怎么敷可以再问我哦。',
  },
  {
    question: '发票怎么开',
    cites: ['invoice-get'],
    answer: '确认收货后，小程序「我的」→「发票」选好订单，填抬头和邮箱，1–3 个工作日发到邮箱。下单起 180 天内都能开。',
  },
  {
    question: '能用花呗吗',
    cites: ['pay-methods'],
    answer: '小程序里用微信支付；想用花呗、支付宝或者分期，可以去天猫「青屿旗舰店」下单。货到付款暂时不支持哦。',
  },
  {
    question: '你是真人吗',
    cites: ['community-who-are-you'],
    answer: '我是小屿，青屿的智能助手，不是真人哦～想找真人顾问的话，每天 9:00–22:00 都在，把问题留在这儿就行。',
  },
  {
    question: '怎么找人工',
    cites: ['service-human'],
    answer: '好的，把问题和订单号、手机尾号发在这里，顾问看到会接着回你。着急的话开头写个「急」字。',
  },
  {
    question: '岛主有啥',
    cites: ['member-levels'],
    answer: '岛主是近 12 个月实付满两千元，1.5 倍积分，发顺丰免补运费，还有生日礼盒、专属群和一对一顾问～',
  },
  {
    question: '黑头咋办',
    cites: ['skin-blackheads'],
    answer:
      '黑头很难一下子没有，不过日常清洁做好会清爽很多。带妆认真卸，每周 2 次用清隙水杨酸棉片擦擦鼻子，停 5 分钟再冲掉。坚持 4 到 8 周再看变化～',
  },
  {
    question: '怎么做皮试',
    cites: ['skin-patch-test'],
    answer: '取黄豆大小涂在耳后，早晚各一次，连着 48 小时，没有发红发痒再少量上脸。随单送的 2 ml 小样拿来测刚刚好。',
  },
  {
    question: '批号怎么看',
    cites: ['batch-code'],
    answer: '批号在瓶底，软管在封尾。比如 QY260315A，就是 2026 年 3 月 15 日生产的，最后那个字母是产线～',
  },
  {
    question: '几岁能用',
    cites: ['skin-children'],
    answer:
      '我们的产品按成人设计，12 岁以下的小朋友请不要用。12 到 17 岁用云沫洁面、晨露水、屿雾清爽乳和防晒，三四步就够啦。',
  },
  {
    question: '多少钱包邮，再问下退款多久',
    cites: ['ship-free-threshold', 'refund-when'],
    answer: '普通地区实付满 99 元包邮。退款的话，仓库签收退件后 48 小时内验货退款，微信零钱一般当天到。',
  },
  {
    question: '优惠券用不了',
    cites: ['coupon-not-working'],
    answer: '先看看过期没有、够不够门槛、是不是限定商品，还有登录的手机号对不对。都没问题还用不了，截图发我看看～',
  },
  {
    question: '人在国外能买吗',
    cites: ['ship-overseas'],
    answer: '现在还不能寄到海外哦，可以先寄给大陆的亲友转交。以后开通了，会第一时间在群里告诉大家。',
  },
  ...laterAnswers,
]

/** What is said without an entry: courtesy, and owning up to not knowing. */
export const goodCourtesies: {
  question: string
  answer: string
  intent: 'smalltalk' | 'other' | 'complaint' | 'human'
}[] = [
  { question: '谢谢小屿', answer: '不客气呀，能帮上忙就好～', intent: 'smalltalk' },
  { question: '你真可爱', answer: '被夸得有点害羞，谢谢你～', intent: 'smalltalk' },
  { question: '今天好冷', answer: '是呀，出门多穿一点，别冻着～', intent: 'smalltalk' },
  { question: '晚安', answer: '晚安，好好休息，明天见～', intent: 'smalltalk' },
  { question: '国庆快乐', answer: '国庆快乐！祝你玩得开心～', intent: 'smalltalk' },
  { question: '周杰伦什么时候开演唱会', answer: '这个小屿不太清楚呢，护肤上的事倒可以问我～', intent: 'other' },
  { question: '你们太让人失望了', answer: '真的很抱歉让你有这样的感受，我请顾问来跟进，好吗？', intent: 'complaint' },
  { question: '叫人来', answer: '好的，我请顾问来接着和你聊。', intent: 'human' },
  { question: '在干嘛', answer: '在等你来聊护肤呀～有什么想问的吗？', intent: 'smalltalk' },
]
