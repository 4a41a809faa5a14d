/** What the benches stand on: a simulator, a fresh database in an embedded server, and bots in processes of their own. */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stringify } from 'yaml'
import { BotProcess } from '../support/bot.ts'
import { type ContentFolder, contentFolder, type ContentOptions } from '../support/content.ts'
import { firstLine, SimulatorProcess } from '../support/simulator.ts'

export type Stage = {
  simulator: SimulatorProcess
  /** Where the embedded database of the bot keeps its data. */
  data: string
  content: ContentFolder
  startBot(): Promise<BotProcess>
  startEcho(): Promise<void>
  close(): Promise<void>
}

const names =
  '青藤 白鹭 丹枫 墨竹 金桔 银杏 紫苏 红豆 碧螺 玄武 苍耳 赤松 翠柳 雪梅 云杉 星河 月桂 日晷 风铃 雨燕'.split(' ')
/** Not alike: of two entries that are, retrieval is sure of neither, and a question waits for more of it. */
const products = names.map((name) => `${name}套盒怎么用才好`)
const before = [
  '',
  '请问',
  '你好，',
  '想问下',
  '亲，',
  '请问一下，',
  '在吗，',
  '问一下',
  '你好呀，',
  '哈喽，',
  '请问下，',
  '您好，',
]
const after = ['', '？', '呀', '呢', '啊', '～', '？？', '呀？', '呢？', '啊？', '！', '，谢谢']

/**
 * Questions that the content answers at once, each with one answer of one part. They are so many that the bot never
 * remembers one from the last time (it remembers a thousand): every one is looked up.
 */
export const questions = products.flatMap((question) => before.flatMap((b) => after.map((a) => `${b}${question}${a}`)))

/**
 * The bot serves the account `ours`, the bare echo bot the account `bare`. `content` goes on top of the example brand's and of
 * the entries that `questions` asks for, `env` on top of the bot's environment.
 */
export async function setStage({
  content: { files, settings } = {},
  env = {},
}: {
  content?: ContentOptions
  env?: Record<string, string>
} = {}): Promise<Stage> {
  const data = mkdtempSync(join(tmpdir(), 'zhanggui-bench-'))
  const faq = products.map((question, i) => ({
    id: `bench-${i + 1}`,
    questions: [question],
    answer: `这是${names[i]}套盒的用法：洁面之后取适量，轻轻拍匀就可以啦。`,
  }))
  const content = contentFolder({ files: { 'faq/bench.yaml': stringify(faq), ...files }, settings: settings ?? {} })
  const simulator = await SimulatorProcess.start({ accounts: ['ours', 'bare'], durableJournal: false })
  const children: ChildProcess[] = []
  const bots: BotProcess[] = []
  return {
    simulator,
    data,
    content,
    async startBot() {
      const bot = await BotProcess.start({
        env: {
          DATA_DIR: data,
          CONTENT_DIR: content.dir,
          WECHATY_PUPPET_SERVICE_TOKEN: simulator.token,
          WECHATY_PUPPET_SERVICE_ENDPOINT: simulator.endpoint('ours'),
          WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: 'true',
          LOG_LEVEL: 'info',
          ...env,
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
