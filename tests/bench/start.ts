/** How long it takes from `start` on an initialised database to the first answer. */
import type { Row } from './row.ts'
import { questions, setStage } from './stage.ts'

const runs = 3

export async function measure(say: (progress: string) => void): Promise<Row[]> {
  const stage = await setStage()
  try {
    const first = await stage.startBot()
    await first.stop()
    const times: number[] = []
    for (let run = 1; run <= runs; run++) {
      const begun = performance.now()
      const bot = await stage.startBot()
      const { lost } = await stage.simulator.act('load', {
        account: 'ours',
        customers: 1,
        window: 1,
        messages: 1,
        questions,
      })
      if (lost > 0) throw new Error('The first question was not answered')
      times.push((performance.now() - begun) / 1_000)
      say(`run ${run}: ${times.at(-1)?.toFixed(2)} s`)
      await bot.stop()
    }
    const slowest = Math.max(...times)
    return [{ name: 'start to first answer (slowest of 3)', value: slowest, unit: 's', bar: '<= 5', ok: slowest <= 5 }]
  } finally {
    await stage.close()
  }
}
