/** Words that we recognise and never say: how a customer picks one of several. */
const numerals = '一二三四五六七八九'
const choice = new RegExp(
  `^我?(?:选择|选|要|想问|问|是)?第?([1-9两${numerals}])(?:个|条|项|种|号)?(?:吧|的|呀|啊|呢)?$`,
  'u',
)

/** The number from 1 to 9 that a normalised text is and nothing more: «2», «二», «第二个», «我选第2个吧». */
export function chosenNumber(normalised: string): number | undefined {
  const digit = choice.exec(normalised)?.[1]?.replace('两', '二')
  if (digit === undefined) return undefined
  return numerals.includes(digit) ? numerals.indexOf(digit) + 1 : Number(digit)
}
