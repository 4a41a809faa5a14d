/** How Chinese ends a sentence, denies, counts and names what is of one person. Recognised, never said. */

/** One character each. */
export const sentenceEnds = /^[。！？!?；;…\n\r\u2028\u2029]$/u
export const clauseEnds = /^[，,：:—{}|｜]$/u

/** What `#` in a phrase stands for, as the source of an expression, and one character of it. */
export const number = '[\\d零一二两三四五六七八九十百千万亿几半多n]{1,8}'
export const digit = /[\d零一二两三四五六七八九十百千万亿几半多n]/u

/** What stands before and behind a word that is in quotes, alone or with a few others. */
export const opened = /[“‘「『"'【][^“”‘’「」『』"'【】\n]{0,20}$/u
export const closed = /^[^“”‘’「」『』"'【】\n]{0,20}[”’」』"'】]/u
/** Laws and titles of books and courses. */
export const titles = /《[^《》\n]{1,60}》/gu

/** What may stand between a negation and what it denies: «不具有任何治疗作用», «不能代替药物治疗». */
const fillers = `(?:${[
  '是|说|算|会|能|能够|可|可以|用于|用来|用作|具有|具备|有|存在|宣称|声称|承诺|保证|代表|等于|意味着|作为|追求|自己|称|称为|自称|叫|敢',
  '任何|所谓|什么|这种|那种|一种|这些|的|药物|药品|药|疾病|产品|本品|化妆品|护肤品|我们|它|大家|你|您|请|把|在|给|为了|为|以',
  '替代|代替|取代|进行|涉及|含|包含|做到|达到|一定|都|也|当作|当成|当|做|谈|预防|诊断|缓解|改善|和|与|及|或|用|使用|写|出现',
  '需|需要|必|要|再|去|到|让|标榜|夸|吹|真的|绝对|盲目|轻信|相信|信|听信|搞|玩|参与|强制|要求|鼓励|支持|接受|可能',
].join('|')}){0,6}`

/** Just before a word, in the same clause: it is denied. */
export const negation = new RegExp(
  `(?:不|没有?|无法|无需|无须|无|并非|绝非|非|未|勿|别|谈不上|称不上|算不上|说不上|难以|拒绝|抵制|禁止|杜绝|严禁|反对)${fillers}$`,
  'u',
)
/** What only looks like a negation. */
export const noNegation = new RegExp(
  '(?:不仅|不但|不光|不只|不止|不单|不管|不论|不愧|不失|不错|不得不|不能不|不可不|不会不|没有不|无不|无非|不断|不少|不同|不一样|不妨|不禁|不由|' +
    `差不多|忍不住|了不起|不可思议|不要太|不能更|不能再|特别|分别|级别|区别|个别|非常|除非|未来|无论|无限|无敌|不用想|别说|别忘|别错过|没错|没想到)${fillers}$`,
  'u',
)
/** Between two of a list: «不预防和治疗». */
export const listed = /^(?:和|与|及|以及|或|或者|也不|也没有|也)?$/u

/** Data of one person, as it is written out. */
export const phone = /(?<![\d.])(?:\+?86[ -]?)?1[3-9]\d(?:[ -]?\d{4}){2}(?![\d.])/gu
export const identityCard =
  /(?<!\d)[1-9]\d{5}(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![\dA-Za-z])/gu
export const orderNumber =
  /(?:订单|单号|运单|快递单|退款单|物流单)(?:编?号)?(?:是|为)?[ :：#]{0,3}([A-Za-z]{0,4}\d{8,24})(?!\d)/gu
export const bankCard = /(?<!\d)(?:62\d{14,17}|4\d{15}|5[1-5]\d{14})(?!\d)/gu
/** A door, not a shop: shops are not in staircases, and have no one who lives there or takes parcels in. */
export const homeAddress =
  /(?:收货地址|收件地址|家庭住址|家住|住在|住址)(?:是|为)?[ :：]{0,2}[\p{sc=Han}\d -]{4,40}?\d{1,6} ?(?:号|室|栋|幢|弄|单元)|\d{1,4} ?(?:号楼|栋|幢|座) ?(?:[\d一二三四五六七八九十]{1,3} ?单元 ?)?\d{3,4} ?(?:室|房|户)/gu

/** Before or around words that are spoken of and not claimed. */
export const quoting = [
  '不得使用|不得出现|不得含有|禁止使用|不能使用|不允许使用|不能写|不可以写|不要写|违禁词|极限词|禁用词',
]
