/** Shows what is said in the simulated world, as a phone would. */
import { styleText } from 'node:util'
import type { Simulator } from '../../gateways/simulator/simulator.ts'
import type { WorldMessage } from '../../gateways/simulator/messages.ts'

/** Prints through `print` until the returned function is called. */
export function showWorld(simulator: Simulator, print: (line: string) => void): () => void {
  const { world } = simulator
  const bots = new Set(simulator.accounts.map(({ contactId }) => contactId))
  const nameOf = (id: string): string => world.contacts.get(id)?.name ?? id
  const topicOf = (roomId: string): string => world.rooms.get(roomId)?.topic ?? roomId

  const place = ({ roomId, talkerId, listenerId }: WorldMessage): string => {
    if (roomId !== undefined) return topicOf(roomId)
    return `DM ${nameOf(bots.has(talkerId) ? (listenerId ?? '') : talkerId)}`
  }
  const said = (message: WorldMessage): void => {
    const bot = bots.has(message.talkerId)
    const name = styleText(bot ? ['bold', 'green'] : ['bold', 'cyan'], nameOf(message.talkerId))
    const lines = wording(message).split('\n')
    print(`${styleText('dim', `[${place(message)}]`)} ${name}  ${lines[0] ?? ''}`)
    for (const line of lines.slice(1)) print(`    ${line}`)
  }
  const joined = (roomId: string, memberIds: string[]): void => {
    print(styleText('dim', `[${topicOf(roomId)}] ${memberIds.map(nameOf).join(', ')} joined`))
  }
  const left = (roomId: string, memberIds: string[]): void => {
    print(styleText('dim', `[${topicOf(roomId)}] ${memberIds.map(nameOf).join(', ')} left`))
  }
  world.events.on('message', said)
  world.events.on('joined', joined)
  world.events.on('left', left)
  return () => {
    world.events.off('message', said)
    world.events.off('joined', joined)
    world.events.off('left', left)
  }
}

function wording({ content }: WorldMessage): string {
  if (content.type === 'text') return content.text
  if (content.type === 'recalled') return styleText('dim', '(recalled a message)')
  if ('filename' in content) return styleText('dim', `(${content.type}: ${content.filename})`)
  if ('title' in content) return styleText('dim', `(${content.type}: ${content.title})`)
  return styleText('dim', `(${content.type})`)
}
