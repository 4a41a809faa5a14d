/** What must be undone after the last test of a file; setup.ts calls it after the file's own hooks. */
export const afterFile = new Set<() => Promise<void>>()
