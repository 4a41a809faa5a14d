/** What of the world one person sees on her phone. */
import type { Content, Entry, Person, Room, World } from '../../simulator-api.ts'
import { between, type Words } from './words.ts'

/** `room` is null for her talk with the bot; `id` is what entries call it. */
export type Chat = { id: string; title: string; room: Room | null; entries: Entry[]; unread: number }

/** Person → chat → number of the last entry that she has seen. */
export type Seen = Readonly<Record<string, Readonly<Record<string, number>>>>

/** When the page opened; everything before counts as read. */
export function chatsOf(world: World, me: string, seen: Seen, openedAt: number): Chat[] {
  const bot = world.people.find(({ id }) => id === world.bot)
  const entriesOf = (chat: string): Entry[] => world.entries.filter((entry) => entry.chat === chat)
  const chat = (id: string, title: string, room: Room | null): Chat => {
    const entries = entriesOf(id)
    const last = seen[me]?.[id] ?? openedAt
    const unread = entries.filter((entry) => entry.n > last && entry.kind === 'said' && entry.talker !== me).length
    return { id, title, room, entries, unread }
  }
  const rooms = world.rooms.filter(({ members }) => members.includes(me)).map((room) => chat(room.id, room.topic, room))
  const all = [chat(me, bot?.name ?? '', null), ...rooms]
  return all.toSorted((a, b) => lastOf(b) - lastOf(a))
}

export function lastOf({ entries }: Pick<Chat, 'entries'>): number {
  return entries.at(-1)?.n ?? 0
}

export function nameOf(people: readonly Person[], id: string): string {
  return people.find((person) => person.id === id)?.name ?? id
}

/** Namesakes are told apart by where they live. */
export function labelOf(people: readonly Person[], { name, about, id }: Person): string {
  const namesake = people.some((other) => other.id !== id && other.name === name)
  return namesake && about !== '' ? `${name} · ${about}` : name
}

/** What stands before a reply when it quotes: WeChat hands a quotation over as text. */
const quotation = /^「([^：]*)：([\s\S]*?)」\n(?:- ?){5,}\n([\s\S]*)$/u

export function quoteIn(text: string): { name: string; words: string; reply: string } | undefined {
  const [, name, words, reply] = quotation.exec(text) ?? []
  return name === undefined || words === undefined || reply === undefined ? undefined : { name, words, reply }
}

export function shortly(content: Content, words: Words): string {
  switch (content.type) {
    case 'text':
      return quoteIn(content.text)?.reply ?? content.text
    case 'picture':
      return `[${words.pictureOf}]`
    case 'file':
      return `[${words.file}] ${content.name}`
    case 'link':
      return `[${words.link}] ${content.title}`
    case 'other':
      return `[${words.other}]`
  }
}

/** A line of an entry that is no bubble; undefined for what is one. */
export function systemLine(entry: Entry, me: string, people: readonly Person[], words: Words): string | undefined {
  const called = (id: string): string => (id === me ? words.you : nameOf(people, id))
  const all = (ids: readonly string[]): string => ids.map(called).join(between)
  switch (entry.kind) {
    case 'said':
      if (!entry.recalled) return undefined
      return entry.talker === me ? words.recalledYou : `${nameOf(people, entry.talker)} ${words.recalledOther}`
    case 'joined': {
      const invited = entry.by !== '' && !entry.who.includes(entry.by)
      return invited
        ? `${called(entry.by)} ${words.invitedBy} ${all(entry.who)} ${words.joined}`
        : `${all(entry.who)} ${words.joined}`
    }
    case 'left':
      return entry.who.includes(entry.by)
        ? `${all(entry.who)} ${words.leftGroup}`
        : `${called(entry.by)} ${words.removedBy} ${all(entry.who)}`
    case 'topic':
      return `${called(entry.by)} ${words.renamed}「${entry.now}」`
    case 'friends':
      return words.friends
  }
}

export function lastWords(chat: Chat, me: string, people: readonly Person[], words: Words): string {
  const entry = chat.entries.at(-1)
  if (!entry) return ''
  const line = systemLine(entry, me, people, words)
  if (line !== undefined || entry.kind !== 'said') return line ?? ''
  const said = shortly(entry.content, words)
  return chat.room === null || entry.talker === me ? said : `${nameOf(people, entry.talker)}: ${said}`
}

export function timeIn(zone: string, at: string): string {
  return new Intl.DateTimeFormat('zh-CN', { timeZone: zone, hour: '2-digit', minute: '2-digit', hour12: false }).format(
    new Date(at),
  )
}
