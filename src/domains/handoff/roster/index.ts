/** The roster: advisers as content names them, and who of them gets a case. */
export { isFree, isOnDuty, managersNow, nextOnDuty, type Place, rank, type Seat, type Wanted } from './decide.ts'
export { Adviser, adviserOf, advisersKind, rosterOf } from './schema.ts'
