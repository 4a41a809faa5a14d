/** What has happened in the simulated world, in order, as the phones of the simulator's page show it. */
import type { Content, Entry, Happening, Part, Person, Room } from '../../../desk/simulator-api.ts'
import type { WorldMessage } from '../../../gateways/simulator/messages.ts'
import type { Simulator } from '../../../gateways/simulator/simulator.ts'
import type { Friendship, WorldContact } from '../../../gateways/simulator/world.ts'

/** So many lines, and so many events to go on from: an evening of talk. */
const kept = 5_000

export type Told = { cursor: string; happening: Happening }

/** What an entry has of its own, before its number. */
type Fresh = Entry extends infer One ? (One extends Entry ? Omit<One, 'n'> : never) : never

export class Chronicle {
  readonly #simulator: Simulator
  /** Contact id → id in advisers.yaml. */
  readonly #advisers: ReadonlyMap<string, string>
  readonly #entries: Entry[] = []
  readonly #told: Told[] = []
  readonly #listeners = new Set<(told: Told) => void>()
  readonly #close: () => void
  #count = 0

  constructor(simulator: Simulator, advisers: ReadonlyMap<string, string>) {
    this.#simulator = simulator
    this.#advisers = advisers
    const { events } = simulator.world
    const said = (message: WorldMessage): void => this.#said(message)
    const joined = (roomId: string, who: string[], by: string, at: number): void =>
      this.#moved('joined', { roomId, who, by, at })
    const left = (roomId: string, who: string[], by: string, at: number): void =>
      this.#moved('left', { roomId, who, by, at })
    const topic = (chat: string, _: string, now: string, by: string, at: number): void => {
      this.#add({ kind: 'topic', chat, now, by, ...this.#line(at) })
      this.#people()
    }
    const friendship = ({ kind, contactId, at }: Friendship, account: string): void => {
      if (kind === 'request' || account !== this.bot) return
      this.#people()
      this.#add({ kind: 'friends', chat: contactId, ...this.#line(at) })
    }
    const contact = (): void => this.#people()
    events.on('message', said).on('joined', joined).on('left', left)
    events.on('topic', topic).on('friendship', friendship).on('contact', contact)
    this.#close = () => {
      events.off('message', said).off('joined', joined).off('left', left)
      events.off('topic', topic).off('friendship', friendship).off('contact', contact)
    }
  }

  get bot(): string {
    return this.#simulator.account().contactId
  }

  /** After everything that was told until now. Of another run of the demo it never fits. */
  get cursor(): string {
    return `${this.#simulator.run}:${this.#count}`
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  /** Everybody who can be played, and the bot. */
  get people(): Person[] {
    return [...this.#simulator.world.contacts.values()]
      .filter(({ kind }) => kind === 'individual')
      .map((contact) => this.#person(contact))
  }

  /** Groups that the bot is in: in others nothing can be shown of it. */
  get rooms(): Room[] {
    return [...this.#simulator.world.rooms.values()]
      .filter(({ members }) => members.has(this.bot))
      .map(({ id, topic, members }) => ({ id, topic, members: [...members.keys()] }))
  }

  /** Everything after the cursor; undefined when that is not kept any more, or is of another run. */
  since(cursor: string): Told[] | undefined {
    const [run, count = ''] = cursor.split(':')
    const after = Number(count)
    const first = this.#count - this.#told.length
    if (run !== this.#simulator.run || !/^\d+$/.test(count) || after < first || after > this.#count) return undefined
    return this.#told.slice(after - first)
  }

  /** Calls with everything that happens from now on; the returned function ends that. */
  listen(listener: (told: Told) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  close(): void {
    this.#close()
    this.#listeners.clear()
  }

  #said(message: WorldMessage): void {
    const { id, talkerId: talker, at, content } = message
    const chat = this.#chatOf(message)
    if (chat === undefined) return
    if (content.type === 'recalled') return this.#recalled(content.messageId)
    const shown = contentOf(content)
    this.#add({ kind: 'said', id, chat, at: new Date(at).toISOString(), talker, content: shown, recalled: false })
  }

  /** What was recalled is not kept for those who look later. */
  #recalled(id: string): void {
    const index = this.#entries.findLastIndex((entry) => entry.id === id)
    const entry = this.#entries[index]
    if (entry?.kind !== 'said') return
    this.#entries[index] = { ...entry, content: { type: 'text', text: '' }, recalled: true }
    for (const [at, { cursor, happening }] of this.#told.entries()) {
      if (happening.kind !== 'entry' || happening.entry.id !== id) continue
      this.#told[at] = { cursor, happening: { kind: 'entry', entry: this.#entries[index] } }
    }
    this.#tell({ kind: 'recalled', id })
  }

  #moved(
    kind: 'joined' | 'left',
    { roomId: chat, who, by, at }: { roomId: string; who: string[]; by: string; at: number },
  ): void {
    this.#people()
    this.#add({ kind, chat, who, by, ...this.#line(at) })
  }

  #people(): void {
    this.#tell({ kind: 'people', people: this.people, rooms: this.rooms })
  }

  #add(fresh: Fresh): void {
    const entry: Entry = { ...fresh, n: this.#count + 1 }
    this.#entries.push(entry)
    if (this.#entries.length > kept) this.#entries.shift()
    this.#tell({ kind: 'entry', entry })
  }

  #tell(happening: Happening): void {
    this.#count += 1
    const told = { cursor: this.cursor, happening }
    this.#told.push(told)
    if (this.#told.length > kept) this.#told.shift()
    for (const listener of this.#listeners) listener(told)
  }

  /** Of lines that are no message. */
  #line(at: number): { id: string; at: string } {
    return { id: `line-${this.#count + 1}`, at: new Date(at).toISOString() }
  }

  /** Undefined for what another account of ours said or heard alone. */
  #chatOf({ roomId, talkerId, listenerId }: WorldMessage): string | undefined {
    if (roomId !== undefined) return roomId
    if (talkerId === this.bot) return listenerId
    return listenerId === this.bot ? talkerId : undefined
  }

  #person({ id, name, title, city, coworker }: WorldContact): Person {
    const adviser = this.#advisers.get(id) ?? null
    const isBot = this.#simulator.accounts.some(({ contactId }) => contactId === id)
    const known: Part = coworker ? 'colleague' : 'customer'
    const part: Part = isBot ? 'bot' : adviser === null ? known : 'adviser'
    const friend = this.#simulator.account().isFriend(id)
    return { id, name, part, about: title ?? city ?? '', adviser, friend }
  }
}

function contentOf(content: WorldMessage['content']): Content {
  if (content.type === 'text') return { type: 'text', text: content.text }
  if ('base64' in content) {
    const bytes = Buffer.byteLength(content.base64, 'base64')
    return { type: content.type === 'image' ? 'picture' : 'file', name: content.filename, bytes }
  }
  if (content.type === 'url') return { type: 'link', title: content.title, text: content.description ?? content.url }
  return { type: 'other', name: content.type }
}
