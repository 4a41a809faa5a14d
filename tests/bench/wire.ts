/** How much of the bare wire's speed is left when every message and every send is stored and nothing is ever lost. */
import type { LoadReport } from '../../src/gateways/simulator/load.ts'
import type { Row } from './row.ts'
import { questions, setStage } from './stage.ts'

const rounds = 3
const messages = 4_000

export async function measure(say: (progress: string) => void): Promise<Row[]> {
  const stage = await setStage()
  try {
    await stage.startEcho()
    await stage.startBot()
    const load = (account: string, count: number): Promise<LoadReport> =>
      stage.simulator.act('load', { account, customers: 50, window: 16, messages: count, questions })
    await load('bare', 1_000)
    await load('ours', 1_000)
    const bare: LoadReport[] = []
    const ours: LoadReport[] = []
    for (let round = 1; round <= rounds; round++) {
      bare.push(await load('bare', messages))
      ours.push(await load('ours', messages))
      for (const [name, report] of [
        ['bare', bare.at(-1)],
        ['ours', ours.at(-1)],
      ] as const) {
        say(
          `round ${round} ${name}: ${report?.rate.toFixed(0)}/s, median ${report?.median.toFixed(1)} ms, p99 ${report?.p99.toFixed(1)} ms`,
        )
      }
    }
    return rowsOf(bare, ours)
  } finally {
    await stage.close()
  }
}

function rowsOf(bare: LoadReport[], ours: LoadReport[]): Row[] {
  const of = (reports: LoadReport[], key: 'rate' | 'median' | 'p99'): number =>
    middle(reports.map((report) => report[key]))
  const rate = of(ours, 'rate') / of(bare, 'rate')
  const latency = of(ours, 'median') / of(bare, 'median')
  const wrong = ours.reduce((sum, { lost, unexpected }) => sum + lost + unexpected, 0)
  return [
    { name: 'bare wire: messages', value: of(bare, 'rate'), unit: '/s', ok: true },
    { name: 'bare wire: median', value: of(bare, 'median'), unit: 'ms', ok: true },
    { name: 'bare wire: p99', value: of(bare, 'p99'), unit: 'ms', ok: true },
    {
      name: 'bot: messages',
      value: of(ours, 'rate'),
      unit: '/s',
      ratio: rate,
      bar: '>= 0.40 (aim 0.65)',
      ok: rate >= 0.4,
    },
    {
      name: 'bot: median',
      value: of(ours, 'median'),
      unit: 'ms',
      ratio: latency,
      bar: '<= 3.0 (aim 1.8)',
      ok: latency <= 3,
    },
    { name: 'bot: p99', value: of(ours, 'p99'), unit: 'ms', ratio: of(ours, 'p99') / of(bare, 'p99'), ok: true },
    { name: 'bot: lost or doubled', value: wrong, unit: 'messages', bar: '0', ok: wrong === 0 },
  ]
}

function middle(values: number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}
