/**
 * What the simulator's page and its server say to each other, as JSON under /simulator/api: in the demo only, on loopback
 * only, and nobody signs in, for nobody in there is real. A refused input is 400 with `{error: code, message}`.
 */
import { z } from 'zod'

export type Part = 'customer' | 'adviser' | 'colleague' | 'bot'

export type Person = {
  id: string
  name: string
  part: Part
  /** What she is at the shop, or the city she lives in; '' for nothing. */
  about: string
  /** Of advisers: the id in advisers.yaml; null for all others. */
  adviser: string | null
  /** Whether the bot has her among its contacts: who is none must ask first. */
  friend: boolean
}

export type Room = { id: string; topic: string; members: string[] }

export type Content =
  | { type: 'text'; text: string }
  /** To be read under /simulator/api/files/<id of the entry>. */
  | { type: 'picture' | 'file'; name: string; bytes: number }
  | { type: 'link'; title: string; text: string }
  /** What a phone would show and this page does not: a sticker, a place, a card. */
  | { type: 'other'; name: string }

/** One line of a chat. `chat`: the id of a room, or of whose talk with the bot it is. `at`: ISO text, UTC. */
export type Entry = { n: number; id: string; chat: string; at: string } & (
  | { kind: 'said'; talker: string; content: Content; recalled: boolean }
  | { kind: 'joined' | 'left'; who: string[]; by: string }
  | { kind: 'topic'; now: string; by: string }
  | { kind: 'friends' }
)

/** GET /simulator/api/world. `cursor`: what /events goes on from. */
export type World = {
  cursor: string
  /** The contact that the bot speaks as. */
  bot: string
  people: Person[]
  rooms: Room[]
  entries: Entry[]
  /** Whether there is a desk to open, by GET /simulator/api/desk?adviser=. */
  desk: boolean
  zone: string
}

/**
 * GET /simulator/api/events?after=<cursor>: a stream whose every event has an id, the cursor after it; a reconnection
 * sends it as Last-Event-ID and misses nothing. `reset`: what the cursor points at is not there any more, read the world
 * again.
 */
export type Happening =
  | { kind: 'entry'; entry: Entry }
  | { kind: 'recalled'; id: string }
  | { kind: 'people'; people: Person[]; rooms: Room[] }
  | { kind: 'reset' }

const id = z.string().min(1).max(200)
/** In that room, or with null to the bot alone. */
const room = id.nullable()

/** POST /simulator/api/say. `mention`: the text begins with «@bot». `quote`: id of an entry of the same chat. */
export const SayBody = z.strictObject({
  from: id,
  room,
  text: z.string().trim().min(1).max(2_000),
  mention: z.boolean().default(false),
  quote: id.nullable().default(null),
})
/** POST /simulator/api/files: a picture, or any other file, of at most 20 MB. */
export const FileBody = z.strictObject({ from: id, room, name: z.string().trim().min(1).max(200), base64: z.base64() })
/** POST /simulator/api/recall: her own, within two minutes; after that 400 `too-late`. */
export const RecallBody = z.strictObject({ from: id, message: id })
/** POST /simulator/api/people: somebody new, who asks the bot to be her friend. */
export const NewPersonBody = z.strictObject({ name: z.string().trim().min(1).max(30) })
export type NewPerson = { id: string }
/** POST /simulator/api/friends: asks the bot to be her friend. */
export const FriendBody = z.strictObject({ person: id })
/** POST /simulator/api/join and /simulator/api/leave. */
export const RoomBody = z.strictObject({ person: id, room: id })

export type Bodies = {
  say: z.input<typeof SayBody>
  files: z.input<typeof FileBody>
  recall: z.input<typeof RecallBody>
  people: z.input<typeof NewPersonBody>
  friends: z.input<typeof FriendBody>
  join: z.input<typeof RoomBody>
  leave: z.input<typeof RoomBody>
}

export const recallWithinMs = 120_000
export const fileAtMost = 20 * 1024 * 1024
