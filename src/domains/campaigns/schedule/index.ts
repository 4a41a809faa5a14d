/** Schedules: when campaigns are due. */
export type { Calendar } from '../calendar/index.ts'
export { type Between, firstUnknownDay, missedOf, nextSlots, slotsBetween } from './decide.ts'
export { type When, WhenWritten } from './schema.ts'
