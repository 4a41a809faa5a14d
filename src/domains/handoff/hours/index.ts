/** Hours of the week in which people are there, with their exceptions, in the brand's zone. */
export { addOpenTime, isOpen, nextOpening, openTimeBetween, openUntil } from './decide.ts'
export type { Timetable } from './schema.ts'
