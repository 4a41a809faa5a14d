/** Processor time of this thread, in ms: what a text costs to read, however busy the machine is. */
export function effortOf(run: () => void): number {
  const before = process.threadCpuUsage()
  run()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
