/**
 * The bare wire, as any Wechaty user would write it: answers every text with the same text and keeps nothing. The bench
 * measures our bot against it.
 *
 *     node tests/bench/echo-bot.ts --endpoint HOST:PORT --token TOKEN
 *
 * Prints `{"ready":true}` when it is logged in.
 */
import { parseArgs } from 'node:util'
import { WechatyBuilder } from 'wechaty'
import { log } from 'wechaty-puppet'
import { PuppetService } from 'wechaty-puppet-service'

const { values } = parseArgs({ options: { endpoint: { type: 'string' }, token: { type: 'string' } } })

log.level('error')
const bot = WechatyBuilder.build({
  name: 'echo-bot',
  puppet: new PuppetService({ endpoint: values.endpoint, token: values.token, tls: { disable: true } }),
})

bot.on('login', () => {
  process.stdout.write('{"ready":true}\n')
})
bot.on('message', async (message) => {
  if (message.self() || message.type() !== bot.Message.Type.Text) return
  await message.say(message.text())
})
bot.on('error', (error) => console.error(error.message))

await bot.start()
