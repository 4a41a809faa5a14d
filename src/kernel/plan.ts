/** How statements tell PostgreSQL's planner what it cannot know. */

/**
 * A condition that is always true, and that the planner takes for one which hardly any row passes. For a list of keys:
 * the rows are then looked up one by one.
 *
 * Without it, a statement that is planned while its table is new and empty may read the whole table for each list, as
 * that is cheap then. The plan of a named statement is kept, though, and the table grows: until PostgreSQL counts its
 * rows, which it does once a minute at best, that took a tenth of all time.
 */
export const few = (column: string): string => `${column} IS NOT DISTINCT FROM ${column}`
