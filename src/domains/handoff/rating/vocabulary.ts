/** Words by which people say how it was. They are read, never said. Each holds alone or before a comma. */

/** The longer word is looked for first: «不满意» is no «满意». */
export const marksByWord: Readonly<Record<string, number>> = {
  ...{
    非常满意: 5,
    很满意: 5,
    特别满意: 5,
    十分满意: 5,
    超级满意: 5,
    太满意了: 5,
    满分: 5,
    五星好评: 5,
    好评: 5,
    完美: 5,
  },
  ...{ 特别好: 5, 非常好: 5, 太好了: 5, 很棒: 5, 太棒了: 5, '👍': 5, '[强]': 5 },
  ...{ 满意: 4, 比较满意: 4, 还算满意: 4, 挺满意: 4, 挺满意的: 4, 不错: 4, 挺好: 4, 挺好的: 4, 很好: 4 },
  ...{ 一般: 3, 一般般: 3, 还行: 3, 还可以: 3, 马马虎虎: 3, 凑合: 3 },
  ...{ 不满意: 2, 不太满意: 2, 不怎么满意: 2, 不太好: 2, 不怎么样: 2, 有点失望: 2 },
  ...{ 非常不满意: 1, 很不满意: 1, 特别不满意: 1, 太差了: 1, 太差: 1, 很差: 1, 差评: 1, 垃圾: 1, '👎': 1, '[弱]': 1 },
}

export const digits: Readonly<Record<string, number>> = {
  ...{ '0': 0, '1': 1, '2': 2, '3': 3, '4': 4, '5': 5 },
  ...{ 零: 0, 〇: 0, 一: 1, 二: 2, 两: 2, 三: 3, 四: 4, 五: 5 },
}

/** «给5分», «我打 4 分», «评价:5». */
export const lead = /^(?:我|那)?(?:就|想)?(?:打|给|评价?|选)?(?:个|你们|他|她)?[\s:：]*/u

/** Behind a number, these say that it is a mark: what follows needs no comma. */
export const unit = /^\s*(?:分|颗?星)/u

/** Between the mark and a word on it. */
export const pause = /^[\s,，。.、;；!！~～:：—-]+/u

/** Whoever asks something gives no mark: «5 支装多少钱». */
export const asks = /[?？]|吗|呢|多少|怎么|什么|几[支瓶盒天点]|哪|能不能|可以.*不/u
