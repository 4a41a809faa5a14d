/** Whether memory stays flat over 50,000 messages. */
import type { Row } from './row.ts'
import { questions, setStage } from './stage.ts'

const warmUp = 10_000
const steps = 10
const step = 5_000

export async function measure(say: (progress: string) => void): Promise<Row[]> {
  const stage = await setStage()
  try {
    const bot = await stage.startBot()
    const load = (messages: number) =>
      stage.simulator.act('load', { account: 'ours', customers: 50, window: 16, messages, questions })
    const resident = async (): Promise<number> => {
      const found = /^zhanggui_resident_bytes (\S+)/m.exec(await bot.metrics())
      return Number(found?.[1]) / 2 ** 20
    }
    await load(warmUp)
    const before = await resident()
    const seen: number[] = []
    for (let n = 1; n <= steps; n++) {
      await load(step)
      seen.push(await resident())
      say(`${n * step} messages: ${seen.at(-1)?.toFixed(0)} MB`)
    }
    // The mean of the last three looks: the collector's saw-tooth is no growth.
    const after = seen.slice(-3).reduce((sum, value) => sum + value, 0) / 3
    const ratio = after / before
    return [
      { name: `resident after ${warmUp} messages`, value: before, unit: 'MB', ok: true },
      { name: 'resident 50,000 messages later', value: after, unit: 'MB', ratio, bar: '<= 1.10', ok: ratio <= 1.1 },
    ]
  } finally {
    await stage.close()
  }
}
