/**
 * One of our accounts in the simulated world: what it is told of what happens, and what it asks for. It outlives the
 * puppets that speak for it: each start of its server brings a fresh one, and what happens in between is lost to it.
 */
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock } from '../../kernel/ports.ts'
import * as PUPPET from 'wechaty-puppet'
import { Faults, type Manners } from './faults.ts'
import type { Journal, JournalEntry } from './journal.ts'
import { missing, type Place, type World } from './world.ts'

/** What an account is told through: a puppet. */
export type Teller = {
  emit(event: string, payload: object): unknown
  login(contactId: string): void
  logout(): Promise<void>
  /** Resolves when a client has answered a logout with its own, or after a moment when none does. */
  clientLoggedOut(): Promise<void>
}

const nothingYet = (): void => undefined

/** What an account asks for, as the journal keeps it. */
export type Asked = Omit<JournalEntry, 'n' | 'run' | 'at' | 'account'>

export class Account {
  readonly name: string
  readonly world: World
  readonly faults: Faults
  /** Contact id → the name that this account gave the contact. */
  readonly aliases = new Map<string, string>()
  /** Contact id → the tags that were put on the contact. */
  readonly tags = new Map<string, Set<string>>()
  contactId: string
  loggedIn: boolean
  /** Drops every connection of this account; set by its server. */
  dropConnections: () => void = nothingYet
  readonly #friends = new Set<string>()
  readonly #journal: Journal
  #teller: Teller | undefined

  constructor(options: {
    name: string
    contactId: string
    world: World
    journal: Journal
    clock: Clock
    loggedIn?: boolean
    manners?: Partial<Manners>
  }) {
    this.name = options.name
    this.contactId = options.contactId
    this.world = options.world
    this.loggedIn = options.loggedIn ?? true
    this.faults = new Faults(options.manners ?? {}, options.clock)
    this.#journal = options.journal
    this.#listen()
  }

  attach(teller: Teller): void {
    this.#teller = teller
    if (!this.loggedIn) return
    teller.login(this.contactId)
    teller.emit('ready', { data: 'simulator' })
  }

  detach(teller: Teller): void {
    if (this.#teller === teller) this.#teller = undefined
  }

  /**
   * Logs in, as somebody else if `contactId` says so. The danger: the stock client answers a logout with a logout call of
   * its own; if the newcomer were logged in by then, that call would log the newcomer out.
   */
  async login(contactId?: string): Promise<void> {
    if (this.loggedIn) {
      await this.logout()
      await this.#teller?.clientLoggedOut()
    }
    this.contactId = this.world.contact(contactId ?? this.contactId).id
    this.loggedIn = true
    this.#teller?.login(this.contactId)
    this.#teller?.emit('ready', { data: 'simulator' })
  }

  async logout(): Promise<void> {
    this.loggedIn = false
    await this.#teller?.logout()
  }

  isFriend(contactId: string): boolean {
    return this.#friends.has(contactId) || !this.world.contact(contactId).stranger
  }

  /** Friends, and nobody else: people one merely shares a room with are not in the list. */
  contactIds(): string[] {
    return [...this.world.contacts.keys()].filter((id) => id !== this.contactId && this.isFriend(id))
  }

  roomIds(): string[] {
    return [...this.world.rooms.values()].filter((room) => room.members.has(this.contactId)).map((room) => room.id)
  }

  /** Where a conversation id of the wire points: a room's id or a contact's. */
  place(conversationId: string): Place {
    const room = this.world.rooms.get(conversationId)
    if (!room) return { listenerId: this.world.contact(conversationId).id }
    return room.members.has(this.contactId) ? { roomId: room.id } : missing('membership in room', room.id)
  }

  acceptFriendship(friendshipId: string): void {
    const friendship = this.world.friendships.get(friendshipId) ?? missing('friendship', friendshipId)
    this.#friends.add(friendship.contactId)
    this.#dirty(PUPPET.types.Dirty.Contact, friendship.contactId)
    this.world.befriend(friendship.contactId, this.contactId, '', 'confirmed')
  }

  /**
   * Does what the account asks for, with the faults that befall it. The danger: journal first, execute second, answer
   * last, so that a kill in between leaves nothing done that the journal does not tell.
   */
  async perform(asked: Asked, execute: () => void): Promise<void> {
    if (!this.loggedIn) throw new ZhangguiError({ code: 'logged-out', message: `${this.name} is not logged in` })
    const after = await this.faults.before(asked.to)
    this.#journal.append({ at: new Date(this.world.now()).toISOString(), account: this.name, ...asked })
    execute()
    if (after === 'drop-connection') this.dropConnections()
    if (after !== 'answer') await new Promise<never>(nothingYet)
  }

  /** Tells the account again of messages that it has seen. */
  tellAgain(messageId: string): void {
    this.#tell('message', { messageId: this.world.message(messageId).id })
  }

  dong(data: string | undefined): void {
    if (this.faults.manners.dong) this.#tell('dong', { data })
  }

  #listen(): void {
    const { events } = this.world
    events.on('message', (message, origin) => {
      const mine = message.talkerId === this.contactId
      const hears = message.roomId === undefined ? message.listenerId === this.contactId : this.#isIn(message.roomId)
      if (mine ? origin !== 'send' || this.faults.manners.echo : hears) this.#tell('message', { messageId: message.id })
    })
    events.on('joined', (roomId, inviteeIdList, inviterId, timestamp) => {
      if (!this.#isIn(roomId)) return
      this.#roomChanged(roomId)
      this.#tell('room-join', { roomId, inviteeIdList, inviterId, timestamp })
    })
    events.on('left', (roomId, removeeIdList, removerId, timestamp) => {
      if (!this.#isIn(roomId) && !removeeIdList.includes(this.contactId)) return
      this.#roomChanged(roomId)
      this.#tell('room-leave', { roomId, removeeIdList, removerId, timestamp })
    })
    events.on('topic', (roomId, oldTopic, newTopic, changerId, timestamp) => {
      if (!this.#isIn(roomId)) return
      this.#roomChanged(roomId)
      this.#tell('room-topic', { roomId, oldTopic, newTopic, changerId, timestamp })
    })
    events.on('friendship', ({ id }, receiverId) => {
      if (receiverId === this.contactId) this.#tell('friendship', { friendshipId: id })
    })
    events.on('invitation', ({ id, receiverId }) => {
      if (receiverId === this.contactId) this.#tell('room-invite', { roomInvitationId: id })
    })
    events.on('contact', (id) => this.#dirty(PUPPET.types.Dirty.Contact, id))
  }

  #isIn(roomId: string): boolean {
    return this.world.room(roomId).members.has(this.contactId)
  }

  #roomChanged(roomId: string): void {
    this.#dirty(PUPPET.types.Dirty.Room, roomId)
    this.#dirty(PUPPET.types.Dirty.RoomMember, roomId)
  }

  #dirty(payloadType: PUPPET.types.Dirty, payloadId: string): void {
    this.#tell('dirty', { payloadType, payloadId })
  }

  #tell(event: string, payload: object): void {
    const { deaf, repeat } = this.faults.manners
    if (deaf) return
    for (let time = 0; time < repeat; time += 1) this.#teller?.emit(event, payload)
  }
}
