/**
 * The half of the simulator's puppet that is about people and rooms, with its life. Whatever an account asks for beyond
 * reading goes through `perform`, where the journal and the faults are.
 */
import { EventEmitter, once } from 'node:events'
import { FileBox, type FileBoxInterface } from 'file-box'
import * as PUPPET from 'wechaty-puppet'
import type { Clock } from '../../kernel/ports.ts'
import type { Account } from './account.ts'
import { contactPayload, friendshipPayload, invitationPayload, roomMemberPayload, roomPayload } from './payloads.ts'
import { missing } from './world.ts'

/** Well below the minute after which the watchdog of a client resets a puppet that says nothing. */
const heartbeatMs = 15_000

/** A client that is there answers within this time; milliseconds. */
const goodbyeMs = 1_000

const nothing = new Uint8Array()
const ignore = (): void => undefined
const ignored = (): Promise<void> => Promise.resolve()

export abstract class WorldPuppet extends PUPPET.Puppet {
  static override readonly VERSION = '1.0.0'
  protected readonly account: Account
  readonly #clock: Clock
  #stopHeartbeat = ignore
  readonly #loggedOut = new EventEmitter()
  #started = false

  constructor(account: Account, clock: Clock) {
    super()
    // Wechaty adds listeners with every client that connects, and takes none away.
    this.setMaxListeners(0)
    // Its watchdog does too, and it would log us out when a frozen simulator wakes up: a platform watches over itself.
    this.__watchdog.start = ignore
    this.__watchdog.stop = ignore
    this.account = account
    this.#clock = clock
  }

  override name(): string {
    return 'zhanggui-simulator'
  }
  override version(): string {
    return WorldPuppet.VERSION
  }

  /**
   * A client that connects starts the puppet, and one that says goodbye stops it: for every other client too. So the
   * wire works, and so do we.
   */
  override async onStart(): Promise<void> {
    this.#started = true
    this.#beat()
    // Only when the start is over does the puppet notice that it becomes ready.
    setImmediate(() => {
      if (this.#started) this.account.attach(this)
    })
  }
  override async onStop(): Promise<void> {
    this.#started = false
    this.#stopHeartbeat()
    this.account.detach(this)
  }
  override async logout(reason?: string): Promise<void> {
    this.account.loggedIn = false
    await super.logout(reason)
    this.#loggedOut.emit('again')
  }
  async clientLoggedOut(): Promise<void> {
    const patience = AbortSignal.timeout(goodbyeMs)
    await once(this.#loggedOut, 'again', { signal: patience }).catch(ignore)
  }
  #beat(): void {
    this.emit('heartbeat', { data: 'simulator' })
    this.#stopHeartbeat = this.#clock.after(heartbeatMs, () => this.#beat())
  }

  override ding(data?: string): void {
    this.account.dong(data)
  }

  // The world is the truth and costs nothing to ask: the base class must not answer from a cache of its own.
  override contactPayloadCache(): undefined {
    return undefined
  }
  override roomPayloadCache(): undefined {
    return undefined
  }
  override messagePayloadCache(): undefined {
    return undefined
  }
  override friendshipPayloadCache(): undefined {
    return undefined
  }
  override roomInvitationPayloadCache(): undefined {
    return undefined
  }

  override async contactSelfName(name: string): Promise<void> {
    this.#changeSelf({ name })
  }
  override async contactSelfSignature(signature: string): Promise<void> {
    this.#changeSelf({ signature })
  }
  override async contactSelfQRCode(): Promise<string> {
    return `simulator:contact:${this.account.contactId}`
  }
  #changeSelf(change: { name?: string; signature?: string }): void {
    const { world, contactId } = this.account
    world.putContact({ ...world.contact(contactId), ...change })
  }

  override async contactRawPayload(id: string): Promise<PUPPET.payloads.Contact> {
    return contactPayload(this.account, id)
  }
  override async contactRawPayloadParser(payload: PUPPET.payloads.Contact): Promise<PUPPET.payloads.Contact> {
    return payload
  }
  override async contactList(): Promise<string[]> {
    return this.account.contactIds()
  }
  override async contactAlias(id: string): Promise<string>
  override async contactAlias(id: string, alias: string | null): Promise<void>
  override async contactAlias(id: string, alias?: string | null): Promise<string | void> {
    const { aliases, world } = this.account
    world.contact(id)
    if (alias === undefined) return aliases.get(id) ?? ''
    if (alias === null || alias === '') aliases.delete(id)
    else aliases.set(id, alias)
    this.emit('dirty', { payloadType: PUPPET.types.Dirty.Contact, payloadId: id })
  }
  override async contactPhone(id: string, phone: string[]): Promise<void> {
    const { world } = this.account
    world.putContact({ ...world.contact(id), phone })
  }
  override async contactDescription(id: string, description: string | null): Promise<void> {
    const { world } = this.account
    world.putContact({ ...world.contact(id), description: description ?? undefined })
  }
  override async contactCorporationRemark(id: string, corporation: string | null): Promise<void> {
    const { world } = this.account
    world.putContact({ ...world.contact(id), corporation: corporation ?? undefined })
  }
  override async contactAvatar(id: string): Promise<FileBoxInterface>
  override async contactAvatar(id: string, file: FileBoxInterface): Promise<void>
  override async contactAvatar(id: string): Promise<FileBoxInterface | void> {
    this.account.world.contact(id)
    return FileBox.fromBuffer(Buffer.from(nothing), 'avatar.png')
  }

  override async tagContactAdd(tag: string, contactId: string): Promise<void> {
    const { tags, world } = this.account
    world.contact(contactId)
    await this.account.perform({ type: 'addTag', to: contactId, details: { tag } }, () => {
      tags.set(contactId, new Set([...(tags.get(contactId) ?? []), tag]))
    })
  }
  override async tagContactRemove(tag: string, contactId: string): Promise<void> {
    await this.account.perform({ type: 'removeTag', to: contactId, details: { tag } }, () => {
      this.account.tags.get(contactId)?.delete(tag)
    })
  }
  override tagContactDelete = ignored
  override async tagContactList(contactId?: string): Promise<string[]> {
    const { tags } = this.account
    return [...new Set(contactId === undefined ? [...tags.values()].flatMap((each) => [...each]) : tags.get(contactId))]
  }

  override async friendshipRawPayload(id: string): Promise<PUPPET.payloads.Friendship> {
    return friendshipPayload(this.account, id)
  }
  override async friendshipRawPayloadParser(payload: PUPPET.payloads.Friendship): Promise<PUPPET.payloads.Friendship> {
    return payload
  }
  override async friendshipAccept(id: string): Promise<void> {
    await this.account.perform({ type: 'acceptFriendship', to: id }, () => this.account.acceptFriendship(id))
  }
  override async friendshipAdd(contactId: string): Promise<void> {
    await this.account.perform({ type: 'addFriend', to: contactId }, ignore)
  }
  override async friendshipSearchPhone(phone: string): Promise<string | null> {
    return [...this.account.world.contacts.values()].find((contact) => contact.phone.includes(phone))?.id ?? null
  }
  override async friendshipSearchHandle(handle: string): Promise<string | null> {
    return [...this.account.world.contacts.values()].find((contact) => contact.handle === handle)?.id ?? null
  }

  override async roomInvitationRawPayload(id: string): Promise<PUPPET.payloads.RoomInvitation> {
    return invitationPayload(this.account, id)
  }
  override async roomInvitationRawPayloadParser(
    payload: PUPPET.payloads.RoomInvitation,
  ): Promise<PUPPET.payloads.RoomInvitation> {
    return payload
  }
  override async roomInvitationAccept(id: string): Promise<void> {
    const { world, contactId } = this.account
    const { roomId, inviterId } = world.invitations.get(id) ?? missing('invitation', id)
    await this.account.perform({ type: 'acceptInvitation', to: id }, () => world.join(roomId, [contactId], inviterId))
  }

  override async roomRawPayload(id: string): Promise<PUPPET.payloads.Room> {
    return roomPayload(this.account, id)
  }
  override async roomRawPayloadParser(payload: PUPPET.payloads.Room): Promise<PUPPET.payloads.Room> {
    return payload
  }
  override async roomList(): Promise<string[]> {
    return this.account.roomIds()
  }
  override async roomMemberList(id: string): Promise<string[]> {
    return [...this.account.world.room(id).members.keys()]
  }
  override async roomMemberPayload(roomId: string, memberId: string): Promise<PUPPET.payloads.RoomMember> {
    return roomMemberPayload(this.account, roomId, memberId)
  }
  override async roomMemberRawPayload(roomId: string, memberId: string): Promise<PUPPET.payloads.RoomMember> {
    return roomMemberPayload(this.account, roomId, memberId)
  }
  override async roomMemberRawPayloadParser(payload: PUPPET.payloads.RoomMember): Promise<PUPPET.payloads.RoomMember> {
    return payload
  }
  override async roomTopic(id: string): Promise<string>
  override async roomTopic(id: string, topic: string): Promise<void>
  override async roomTopic(id: string, topic?: string): Promise<string | void> {
    const { world, contactId } = this.account
    if (topic === undefined) return world.room(id).topic
    await this.account.perform({ type: 'rename', to: id, text: topic }, () => world.rename(id, topic, contactId))
  }
  override async roomAnnounce(id: string): Promise<string>
  override async roomAnnounce(id: string, text: string): Promise<void>
  override async roomAnnounce(id: string, text?: string): Promise<string | void> {
    const room = this.account.world.room(id)
    if (text === undefined) return room.announcement
    await this.account.perform({ type: 'announce', to: id, text }, () => {
      room.announcement = text
    })
  }
  override async roomAdd(id: string, contactId: string | string[]): Promise<void> {
    const { world, contactId: self } = this.account
    const members = [contactId].flat()
    await this.account.perform({ type: 'addMember', to: id, details: { members } }, () => world.join(id, members, self))
  }
  override async roomDel(id: string, contactId: string | string[]): Promise<void> {
    const { world, contactId: self } = this.account
    const members = [contactId].flat()
    await this.account.perform({ type: 'removeMember', to: id, details: { members } }, () =>
      world.leave(id, members, self),
    )
  }
  override async roomQuit(id: string): Promise<void> {
    const { world, contactId } = this.account
    await this.account.perform({ type: 'quit', to: id }, () => world.leave(id, [contactId]))
  }
  override async roomCreate(contactIds: string[], topic = ''): Promise<string> {
    const { world, contactId } = this.account
    const id = world.freshId('room')
    await this.account.perform({ type: 'createRoom', to: id, text: topic }, () => {
      world.addRoom({ id, topic, ownerId: contactId, members: [contactId, ...contactIds] })
    })
    return id
  }
  override async roomQRCode(id: string): Promise<string> {
    return `simulator:room:${id}`
  }
  override async roomAvatar(id: string): Promise<FileBoxInterface> {
    this.account.world.room(id)
    return FileBox.fromBuffer(Buffer.from(nothing), 'room.png')
  }
}
