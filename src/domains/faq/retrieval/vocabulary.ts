/**
 * Words that we recognise and never say: what customers of every trade ask with. Each group means the same, and its
 * first word is what the others are read as. Words of one trade stand in content/words.yaml.
 *
 * Not here: «多久», which also asks how often, and «多长时间», which does not.
 */
export const questionWords: readonly (readonly string[])[] = [
  ['怎么', '如何', '怎样', '咋'],
  ['为什么', '为啥', '为何'],
  ['什么', '啥'],
  ['什么时候', '啥时候', '何时', '几时', '什么时间', '啥时间'],
  ['哪里', '哪儿', '何处', '什么地方', '啥地方'],
  ['能', '可以', '能够'],
  ['能不能', '可不可以', '可否', '能否', '是否可以', '可以不可以'],
  ['不能', '不可以', '无法', '没法', '没办法'],
  ['是不是', '是否'],
  ['有没有', '有无'],
  ['没有', '没', '木有'],
]
