/** The terminal as a phone: the person speaks as any customer, in a group or in a direct message. */
import { clearLine, cursorTo } from 'node:readline'
import { createInterface } from 'node:readline/promises'
import type { Readable } from 'node:stream'
import type { WriteStream } from 'node:tty'
import { act } from '../../gateways/simulator/actions.ts'
import type { Simulator } from '../../gateways/simulator/simulator.ts'
import { reasonOf } from '../../kernel/errors.ts'
import type { Office } from './office.ts'
import { showWorld } from './transcript.ts'

export const chatHelp = `Type to speak. A line that begins with / is a command:
  /as NAME     speak as this person          /who        who there is
  /group [N]   speak in a group              /dm         speak to the bot alone
  @            at the start of a line mentions the bot (in a group it answers when mentioned)
  /join        join the group                /leave      leave it
  /recall      take back your last message   /phone TEXT type on the bot's own phone: it falls silent
  /tags [N]    somebody's tags, with the evidence behind each
  /segment     the segments, and how many are in each
  /segment east-skincare-active [N]   who is in it; with a name, why she is or is not
  /zhanggui …  any other command of the shop's side: /zhanggui customers find 13800000001
  /help        this text                     /quit       end`

type State = { me: string; room: string | undefined; last: string | undefined }
type Command = { does: (rest: string) => Promise<void> | void }

/** Chats until /quit, Ctrl+C or the end of the input, and shows what is said meanwhile. */
export async function chat(
  simulator: Simulator,
  { office, input, output }: { office: Office; input: Readable; output: WriteStream },
): Promise<void> {
  const { world } = simulator
  const bot = simulator.account()
  const people = [...world.contacts.values()].filter(({ id, kind }) => kind === 'individual' && id !== bot.contactId)
  const groups = [...world.rooms.values()].filter(({ members }) => members.has(bot.contactId))
  const state: State = { me: people.find(({ coworker }) => !coworker)?.id ?? '', room: undefined, last: undefined }
  const lines = createInterface({ input, output, prompt: '' })

  /** Above the line that is being typed, which stays. */
  const print = (text: string): void => {
    if (output.isTTY) {
      clearLine(output, 0)
      cursorTo(output, 0)
    }
    output.write(`${text}\n`)
    if (output.isTTY) lines.prompt(true)
  }
  const prompt = (): void => {
    const where = state.room ? world.room(state.room).topic : 'DM'
    lines.setPrompt(`${world.contact(state.me).name} @ ${where} > `)
    lines.prompt()
  }

  /** The contact of that name or id; undefined, and said why, when it is not exactly one. */
  const named = (name: string): string | undefined => {
    const found = people.filter((person) => person.name === name || person.id === name)
    if (found.length === 1) return found[0]?.id
    if (found.length === 0) print(`Nobody is called ${name}. /who lists them.`)
    else print(`There are ${found.length} of that name; say which: ${found.map(({ id }) => id).join(', ')}`)
    return undefined
  }
  /** Runs it when what just happened shows in the tags. */
  const zhanggui = async (...words: string[]): Promise<void> => {
    await office.tagged()
    print((await office.run(words)).lines.join('\n'))
  }

  const commands: Record<string, Command> = {
    as: { does: (name) => void (state.me = named(name) ?? state.me) },
    tags: {
      async does(name) {
        const who = name ? named(name) : state.me
        if (who !== undefined) await zhanggui('tags', 'explain', await office.customerOf(who))
      },
    },
    segment: {
      async does(rest) {
        const [, id = '', name = ''] = /^(\S*)\s*(.*)$/.exec(rest) ?? []
        const who = name ? named(name) : undefined
        if (!name) await zhanggui('segment', ...(id ? [id, '--names'] : []))
        else if (who !== undefined) await zhanggui('segment', id, '--explain', await office.customerOf(who))
      },
    },
    zhanggui: { does: (words) => zhanggui(...words.split(/\s+/)) },
    who: {
      does() {
        for (const { id, name, coworker, city } of people) {
          print(`  ${name}  ${id}${coworker ? '  (staff)' : ''}${city ? `  ${city}` : ''}`)
        }
      },
    },
    group: {
      does(which) {
        const group = groups[which ? Number(which) - 1 : 0]
        if (group) state.room = group.id
        print(groups.map(({ topic }, i) => `  ${i + 1}  ${topic}`).join('\n'))
      },
    },
    dm: { does: () => void (state.room = undefined) },
    join: { does: () => act(simulator, 'join', { room: state.room ?? groups[0]?.id, contacts: [state.me] }) },
    leave: { does: () => act(simulator, 'leave', { room: state.room ?? groups[0]?.id, contacts: [state.me] }) },
    recall: {
      async does() {
        if (state.last) await act(simulator, 'recall', { messageId: state.last })
      },
    },
    phone: {
      async does(text) {
        await act(simulator, 'typeOnPhone', state.room ? { room: state.room, text } : { to: state.me, text })
      },
    },
    help: { does: () => print(chatHelp) },
  }

  const speak = async (line: string): Promise<void> => {
    const mention = line.startsWith('@') ? [bot.contactId] : []
    const text = mention.length > 0 ? line.replace(/^@\S*\s*/, '') : line
    const said = await act(simulator, 'say', { from: state.me, room: state.room, text, mention })
    state.last = said.messageId
  }

  const hide = showWorld(simulator, print)
  prompt()
  for await (const line of lines) {
    const [, name, rest = ''] = /^\/(\w+)\s*(.*)$/.exec(line.trim()) ?? []
    if (name === 'quit') break
    try {
      const command = name === undefined ? undefined : commands[name]
      if (command) await command.does(rest)
      else if (name !== undefined) print(`There is no /${name}.\n${chatHelp}`)
      else if (line.trim()) await speak(line.trim())
    } catch (error) {
      print(reasonOf(error))
    }
    prompt()
  }
  hide()
  lines.close()
}
