/** Good answers written after the rules were, to see how often they are too strict: 4 of these 40 were refused then. */
import type { Given } from './faq-grounding-answers.ts'

export const laterAnswers: Given[] = [
  {
    question: '',
    cites: ['ship-to-door'],
    answer:
      '可以让快递送上门哦，下单时备注写一句「请送货上门」，我们会打印在面单上。要是没打招呼就放了驿站，订单号给我，我帮你联系网点。',
  },
  {
    question: '',
    cites: ['ship-split'],
    answer:
      '有时候同一单会分箱寄，比如预售款和现货，所以会看到两个单号，前后可能差一两天到。在订单详情左右滑一滑就能看到每个包裹啦。',
  },
  {
    question: '',
    cites: ['pay-failed'],
    answer:
      '别着急重复付哦。如果钱扣了订单还是待付款，等十分钟刷新看看；没变化就把付款截图和手机尾号发我，没成交的钱会原路退回。',
  },
  {
    question: '',
    cites: ['invoice-company'],
    answer:
      '可以开公司抬头的，申请时选「企业」，填好名称和税号。专票目前只给企业团购的订单开，要的话发邮件到 gift@qingyu.example。',
  },
  {
    question: '',
    cites: ['invoice-wrong'],
    answer: '填错没关系，开票后三十天内能重开一次，在小程序「发票」里点「申请重开」，旧的会自动作废。',
  },
  {
    question: '',
    cites: ['member-register'],
    answer: '不要钱的～微信搜「青屿商城」小程序，点「我的」，用手机号授权登录就是「登岛」会员啦。',
  },
  {
    question: '',
    cites: ['member-change-phone'],
    answer:
      '旧号还能收短信的话，在「设置」→「更换手机号」自己就能换，等级和积分都跟着走。旧号停用了就告诉我，顾问核对后帮你处理，大概 1 个工作日。',
  },
  {
    question: '',
    cites: ['points-earn'],
    answer: '实付一元得一积分，屿友是 1.2 倍，岛主 1.5 倍，确认收货后到账。过了 24 小时还没到的话，订单号发我查查～',
  },
  { question: '', cites: ['coupon-refund'], answer: '整单退的话，券没过期会自动退回账户；只退一部分的话券就不退啦。' },
  {
    question: '',
    cites: ['community-invite-friend'],
    answer: '可以呀，让朋友在小程序「我的」→「进群」扫码就行。麻烦别把群码发到公开平台哦，免得广告号混进来。',
  },
  {
    question: '',
    cites: ['community-leave'],
    answer: '觉得吵可以开「消息免打扰」；想退群也没关系，等级、积分和券都不受影响，以后还能从「进群」再回来。',
  },
  {
    question: '',
    cites: ['community-lottery'],
    answer: '名单会发在群公告，也会单独私信中奖的朋友。收到私信七天内填好地址，10 个工作日内寄出，包邮的～',
  },
  {
    question: '',
    cites: ['community-offline'],
    answer:
      '有的～杭州、上海、成都的门店每个月有一次「岛上下午茶」护肤小课，一场 15 个人，不收费。每月二十号左右群里会发报名卡片。',
  },
  {
    question: '',
    cites: ['community-new-product-trial'],
    answer: '上新前会在群里招 30 位体验官，填份肤质问卷就算报名。试用装包邮寄到家，不用还，用满两周交个真实反馈就好。',
  },
  {
    question: '',
    cites: ['checkin-makeup'],
    answer: '没关系的，一期可以补 3 次。第二天晚上 12 点前，在打卡群发「补卡」加前一天的照片或一句话就行。',
  },
  {
    question: '',
    cites: ['checkin-reward'],
    answer: '打满 7 天有 10 元券（满 99 元可用），14 天有静海面膜两片，21 天送晨露舒润水 30ml 加 100 积分，加油呀～',
  },
  {
    question: '',
    cites: ['service-unsubscribe'],
    answer: '不好意思打扰到你了。小程序「消息」里把「活动通知」关掉就好，发货、退款这类订单消息还会照常通知。',
  },
  {
    question: '',
    cites: ['service-tmall-orders'],
    answer:
      '护肤的问题都可以问我。退款、发票这些要在下单的平台处理，去天猫「青屿旗舰店」或抖音「青屿官方旗舰店」联系客服就行。',
  },
  {
    question: '',
    cites: ['service-store-experience'],
    answer:
      '门店都能试用，还可以做十分钟的肤质检测，不收费。周末人多，建议先预约。网购的订单还是走线上退货哦，门店暂时不能代退。',
  },
  {
    question: '',
    cites: ['service-franchise'],
    answer: '谢谢喜欢～不过我们没有代理和加盟，也没有授权任何人招代理。遇到用青屿名义招商的，麻烦截图发给我们核实。',
  },
  {
    question: '',
    cites: ['brand-story'],
    answer: '青屿是 2019 年在杭州起步的国货护肤牌子，「屿」就是海边的小岛。产品由浙江的持证工厂生产，外盒上都印着呢。',
  },
  {
    question: '',
    cites: ['skin-dry'],
    answer:
      '干皮记得少洗、多润～早上温水洗脸，晨露水拍两遍，再来海茴香舒缓精华和屿暖修护霜，最后防晒。起皮的时候先把酸和 A 醇停一停。',
  },
  {
    question: '',
    cites: ['skin-sensitive'],
    answer:
      '可以先从海茴香舒缓精华、晨露舒润水和屿暖修护霜开始，VC、A 醇、棉片先不用。每个人不一样，先在耳后试 48 小时更安心。',
  },
  {
    question: '',
    cites: ['skin-closed-comedones'],
    answer: '先做减法，厚的霜和叠加的精华停两周，换屿雾清爽乳保湿。稳定之后每周两次局部用清隙棉片，别自己挤哦。',
  },
  {
    question: '',
    cites: ['skin-after-sun'],
    answer:
      '先去阴凉的地方，凉水冲一冲或湿毛巾冷敷 10 到 15 分钟，别用冰直接敷。之后只用晨露水和屿暖修护霜，酸、A醇、VC 停一周。起水泡或者发烧要尽快去医院。',
  },
  {
    question: '',
    cites: ['use-cleansing-balm'],
    answer: '干手干脸挖一小勺，打圈 30 到 60 秒，再沾水揉到变乳白色，温水冲净就好，最后云沫洁面乳再洗一遍～',
  },
  {
    question: '',
    cites: ['use-storage'],
    answer: '不用放冰箱，阴凉干燥避光的地方就好，25℃左右合适。浴室潮湿，尽量别长期放。',
  },
  {
    question: '',
    cites: ['use-eye-area'],
    answer: '我们暂时没有单独的眼霜，屿暖修护霜和海茴香舒缓精华可以薄薄按在眼眶骨上。初光 VC 和 A 醇要避开眼周哦。',
  },
  {
    question: '',
    cites: ['use-vc-yellow'],
    answer: '刚打开是透明到淡黄的，用着稍微变黄是正常的；要是变成深黄或有异味就别用了。开封后 6 个月内用完，记得拧紧～',
  },
  {
    question: '',
    cites: ['use-how-many-times-wash'],
    answer: '一天两次就够，别超过三次。干皮、敏感肌早上温水洗就好，晚上再用洁面，起泡后停 30 秒左右冲掉。',
  },
  {
    question: '',
    cites: ['product-restock'],
    answer: '卖空的款一般七到十天补上，商品页点「到货提醒」，一到货小程序就会通知你。',
  },
  {
    question: '',
    cites: ['product-gift-choice'],
    answer:
      '送妈妈的话，屿暖修护霜加海茴香舒缓精华比较合适，温和滋润。任意两件正装可以免费配礼盒，想写贺卡备注里留言就行～',
  },
  {
    question: '',
    cites: ['product-packaging-change'],
    answer:
      '9 月起我们陆续换了环保包装，瓶身更轻，配方和容量没变，两种包装都可能收到。不放心的话刮开涂层，在「防伪查询」里输 16 位数字核对。',
  },
  {
    question: '',
    cites: ['product-filing'],
    answer: '都有备案的，编号印在每款的外盒上；晴岛防晒乳是特殊化妆品，印的是注册证号。下载「化妆品监管」App 就能查。',
  },
  {
    question: '',
    cites: ['group-rules'],
    answer:
      '群里有几条小约定：不发广告和外部链接，不私加群友推销，晚上十点到早上八点尽量不刷屏。第一次会提醒，第二次就请出群啦。',
  },
  {
    question: '',
    cites: ['retinol-start'],
    answer:
      '慢慢来哦，前两周每周 2 晚，第 3–4 周隔一晚，皮肤稳定了再考虑每晚。洁面后等脸干透，豌豆大小就够，避开眼周嘴角。',
  },
  {
    question: '',
    cites: ['adverse-reaction'],
    answer:
      '先把护肤品都停了，清水轻轻冲洗，别搓也别热敷。如果红肿、发痒明显，或者一天后还没缓解，请尽快去看皮肤科，带上产品和外盒。',
  },
  {
    question: '',
    cites: ['routine-order'],
    answer:
      '口诀是从稀到稠～早上洁面、晨露水、精华、乳或霜、防晒；晚上先卸妆再洁面，后面一样。棉片在洁面后、晨露水前。',
  },
  {
    question: '',
    cites: ['product-travel-set'],
    answer:
      '有的，小屿旅行四件套 69 元，里面是云沫洁面乳 20g、晨露舒润水 30ml、屿暖修护霜 10g 和晴岛防晒乳 10ml，还配个透明收纳袋。',
  },
  {
    question: '',
    cites: ['skin-men'],
    answer: '能用的，我们不分男女，看肤质选就好。偏油的话三步就够：云沫洁面乳、屿雾清爽乳，白天加晴岛防晒。',
  },
]
