/** Resolves after `count` turns of the event loop: a moment in which others may join, which costs nothing when idle. */
export async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
}
