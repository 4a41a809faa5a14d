/** Words by which a forbidden word is not meant as such. */

/** In front of it, within a few characters: «不是最好的». */
export const negations: readonly string[] = [
  ...[
    '不是',
    '并非',
    '没有',
    '不算',
    '谈不上',
    '算不上',
    '不能',
    '不可',
    '不会',
    '不具有',
    '不具备',
    '不等于',
    '不代替',
    '不替代',
  ],
  ...[
    '不涉及',
    '不宣称',
    '不承诺',
    '不保证',
    '不做',
    '不要',
    '无需',
    '不必',
    '不用于',
    '别当',
    '别用',
    '别说',
    '拒绝',
    '避免',
    '禁止',
    '严禁',
    '请勿',
  ],
]

/** In a sentence that tells of a rule, its words are quoted. */
export const ofRules: readonly string[] = [
  '广告法',
  '不得使用',
  '不能使用',
  '禁止使用',
  '违禁词',
  '违规',
  '法律规定',
  '不允许说',
  '不能说',
]

/** Signs that end a sentence. */
export const sentenceEnds = /[。！？!?\n；;]/u
