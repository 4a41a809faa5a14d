/** RFM: how lately, how often and how much. The extended form for tags, the plain one for checking published tables. */
export { type ComputedBars, computeBars, latestBars } from './repo.ts'
export { dayNumber, plainBars, type PlainFifths, type PlainRfm, plainTotals } from './plain/decide.ts'
export { readOrdersFile } from './plain/orders-file.ts'
export { readPlainRfm } from './plain/repo.ts'
export { groupScores, type ScoreGroup } from './scores/decide.ts'
export { type KeptScore, listScoreGroups, readScores } from './scores/repo.ts'
