/** What the benches stand on: a simulator, a fresh database in an embedded server, and bots in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { BotProcess } from '../support/bot.ts'
import { contentFolder } from '../support/content.ts'
import { firstLine, SimulatorProcess } from '../support/simulator.ts'

export type Stage = {
  simulator: SimulatorProcess
  startBot(): Promise<BotProcess>
  startEcho(): Promise<void>
  close(): Promise<void>
}

/** Questions that the content answers, each with one answer of one part. */
export const questions = Array.from({ length: 20 }, (_, i) => `第${i + 1}号产品怎么用才好`)

/** The bot serves the account `ours`, the bare echo bot the account `bare`. */
export async function setStage(): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'zhanggui-bench-'))
  const faq = questions.map((question, i) => ({
    id: `bench-${i + 1}`,
    questions: [question],
    answer: `这是第${i + 1}号产品的用法：洁面之后取适量，轻轻拍匀就可以啦。`,
  }))
  const content = contentFolder({ files: { 'faq/bench.yaml': stringify(faq) } })
  const simulator = await SimulatorProcess.start({ accounts: ['ours', 'bare'], durableJournal: false })
  const children: ChildProcess[] = []
  const bots: BotProcess[] = []
  return {
    simulator,
    async startBot() {
      const bot = await BotProcess.start({
        env: {
          DATA_DIR: data,
          CONTENT_DIR: content.dir,
          WECHATY_PUPPET_SERVICE_TOKEN: simulator.token,
          WECHATY_PUPPET_SERVICE_ENDPOINT: simulator.endpoint('ours'),
          WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
          LOG_LEVEL: 'info',
        },
      })
      bots.push(bot)
      return bot
    },
    async startEcho() {
      const program = fileURLToPath(new URL('./echo-bot.ts', import.meta.url))
      const args = [program, '--endpoint', simulator.endpoint('bare'), '--token', simulator.token]
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
      children.push(child)
      await firstLine(child)
    },
    async close() {
      for (const child of children) child.kill('SIGKILL')
      for (const bot of bots) await bot.stop()
      await simulator.stop()
      content.dispose()
      rmSync(data, { recursive: true, force: true })
    },
  }
}
