/** Words that we recognise and never say: what a person may tell us about her own data and about what we send. */

/** What a whole message may mean. Content adds variants; the official words work whatever content says. */
export const official = {
  stop: ['退订', 'TD'],
  resume: ['恢复订阅'],
  less: ['少发一点'],
  usual: ['恢复正常'],
  choose: ['消息设置'],
  myData: ['我的数据'],
  refuseProfiling: ['不要个性化'],
  allowProfiling: ['恢复个性化', '同意个性化'],
  withdraw: ['撤回同意'],
  forget: ['删除我的数据'],
  confirmForget: ['确认删除'],
  agree: ['同意'],
  decline: ['不同意'],
  yes: [],
} as const satisfies Record<string, readonly string[]>

export type Word = keyof typeof official

/** What may stand between two topics: «护肤和彩妆». */
export const joiners = ['和', '跟', '与', '及', '还有']

/** The number from 1 to 9 that a message is and nothing more: «2», «二», «第二个», «选2». */
export function chosenNumber(normalised: string): number | undefined {
  const digit = /^(?:我?[选要])?第?([1-9一二三四五六七八九])(?:个|项|条)?[吧的]?$/u.exec(normalised)?.[1]
  if (digit === undefined) return undefined
  const numerals = '一二三四五六七八九'
  return numerals.includes(digit) ? numerals.indexOf(digit) + 1 : Number(digit)
}
