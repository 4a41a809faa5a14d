/** An ordinary Wechaty puppet over the simulated world, for one account. Sends and other wishes go through `perform`. */
import { createHash } from 'node:crypto'
import { FileBox, type FileBoxInterface } from 'file-box'
import * as PUPPET from 'wechaty-puppet'
import type { Clock } from '../../kernel/ports.ts'
import type { Account, Asked } from './account.ts'
import { type FileContent, fileType, type MessageContent, messagePayload } from './messages.ts'
import { contactPayload, friendshipPayload, invitationPayload, roomMemberPayload, roomPayload } from './payloads.ts'
import { missing } from './world.ts'

/** Well below the minute after which Wechaty's watchdog resets a puppet that says nothing. */
const heartbeatMs = 15_000

const nothing = new Uint8Array()

export class SimulatorPuppet extends PUPPET.Puppet {
  static override readonly VERSION = '1.0.0'
  readonly #account: Account
  readonly #clock: Clock
  #stopHeartbeat: () => void = () => {}

  constructor(account: Account, clock: Clock) {
    super()
    this.#account = account
    this.#clock = clock
  }

  override name(): string {
    return 'zhanggui-simulator'
  }
  override version(): string {
    return SimulatorPuppet.VERSION
  }

  override async onStart(): Promise<void> {
    this.#beat()
  }
  override async onStop(): Promise<void> {
    this.#stopHeartbeat()
  }
  #beat(): void {
    this.emit('heartbeat', { data: 'simulator' })
    this.#stopHeartbeat = this.#clock.after(heartbeatMs, () => this.#beat())
  }

  override ding(data?: string): void {
    this.#account.dong(data)
  }

  // The world is the truth and costs nothing to ask: the base class must not answer from a cache of its own.
  override contactPayloadCache(): undefined {}
  override roomPayloadCache(): undefined {}
  override messagePayloadCache(): undefined {}
  override friendshipPayloadCache(): undefined {}
  override roomInvitationPayloadCache(): undefined {}

  override async contactSelfName(name: string): Promise<void> {
    this.#changeSelf({ name })
  }
  override async contactSelfSignature(signature: string): Promise<void> {
    this.#changeSelf({ signature })
  }
  override async contactSelfQRCode(): Promise<string> {
    return `simulator:contact:${this.#account.contactId}`
  }
  #changeSelf(change: { name?: string; signature?: string }): void {
    const { world, contactId } = this.#account
    world.putContact({ ...world.contact(contactId), ...change })
  }

  override async contactRawPayload(id: string): Promise<PUPPET.payloads.Contact> {
    return contactPayload(this.#account, id)
  }
  override async contactRawPayloadParser(payload: PUPPET.payloads.Contact): Promise<PUPPET.payloads.Contact> {
    return payload
  }
  override async contactList(): Promise<string[]> {
    return this.#account.contactIds()
  }
  override async contactAlias(id: string): Promise<string>
  override async contactAlias(id: string, alias: string | null): Promise<void>
  override async contactAlias(id: string, alias?: string | null): Promise<string | void> {
    const { aliases, world } = this.#account
    world.contact(id)
    if (alias === undefined) return aliases.get(id) ?? ''
    if (alias === null || alias === '') aliases.delete(id)
    else aliases.set(id, alias)
    this.emit('dirty', { payloadType: PUPPET.types.Dirty.Contact, payloadId: id })
  }
  override async contactPhone(id: string, phone: string[]): Promise<void> {
    const { world } = this.#account
    world.putContact({ ...world.contact(id), phone })
  }
  override async contactDescription(id: string, description: string | null): Promise<void> {
    const { world } = this.#account
    world.putContact({ ...world.contact(id), description: description ?? undefined })
  }
  override async contactCorporationRemark(id: string, corporation: string | null): Promise<void> {
    const { world } = this.#account
    world.putContact({ ...world.contact(id), corporation: corporation ?? undefined })
  }
  override async contactAvatar(id: string): Promise<FileBoxInterface>
  override async contactAvatar(id: string, file: FileBoxInterface): Promise<void>
  override async contactAvatar(id: string): Promise<FileBoxInterface | void> {
    this.#account.world.contact(id)
    return FileBox.fromBuffer(Buffer.from(nothing), 'avatar.png')
  }

  // The simulated platform keeps no tags.
  override async tagContactAdd(): Promise<void> {}
  override async tagContactRemove(): Promise<void> {}
  override async tagContactDelete(): Promise<void> {}
  override async tagContactList(): Promise<string[]> {
    return []
  }

  override async friendshipRawPayload(id: string): Promise<PUPPET.payloads.Friendship> {
    return friendshipPayload(this.#account, id)
  }
  override async friendshipRawPayloadParser(payload: PUPPET.payloads.Friendship): Promise<PUPPET.payloads.Friendship> {
    return payload
  }
  override async friendshipAccept(id: string): Promise<void> {
    await this.#account.perform({ type: 'acceptFriendship', to: id }, () => this.#account.acceptFriendship(id))
  }
  override async friendshipAdd(contactId: string): Promise<void> {
    await this.#account.perform({ type: 'addFriend', to: contactId }, () => {})
  }
  override async friendshipSearchPhone(phone: string): Promise<string | null> {
    return [...this.#account.world.contacts.values()].find((contact) => contact.phone.includes(phone))?.id ?? null
  }
  override async friendshipSearchHandle(handle: string): Promise<string | null> {
    return [...this.#account.world.contacts.values()].find((contact) => contact.handle === handle)?.id ?? null
  }

  override async roomInvitationRawPayload(id: string): Promise<PUPPET.payloads.RoomInvitation> {
    return invitationPayload(this.#account, id)
  }
  override async roomInvitationRawPayloadParser(
    payload: PUPPET.payloads.RoomInvitation,
  ): Promise<PUPPET.payloads.RoomInvitation> {
    return payload
  }
  override async roomInvitationAccept(id: string): Promise<void> {
    const { world, contactId } = this.#account
    const { roomId, inviterId } = world.invitations.get(id) ?? missing('invitation', id)
    await this.#account.perform({ type: 'acceptInvitation', to: id }, () => world.join(roomId, [contactId], inviterId))
  }

  override async roomRawPayload(id: string): Promise<PUPPET.payloads.Room> {
    return roomPayload(this.#account, id)
  }
  override async roomRawPayloadParser(payload: PUPPET.payloads.Room): Promise<PUPPET.payloads.Room> {
    return payload
  }
  override async roomList(): Promise<string[]> {
    return this.#account.roomIds()
  }
  override async roomMemberList(id: string): Promise<string[]> {
    return [...this.#account.world.room(id).members.keys()]
  }
  override async roomMemberPayload(roomId: string, memberId: string): Promise<PUPPET.payloads.RoomMember> {
    return roomMemberPayload(this.#account, roomId, memberId)
  }
  override async roomMemberRawPayload(roomId: string, memberId: string): Promise<PUPPET.payloads.RoomMember> {
    return roomMemberPayload(this.#account, roomId, memberId)
  }
  override async roomMemberRawPayloadParser(payload: PUPPET.payloads.RoomMember): Promise<PUPPET.payloads.RoomMember> {
    return payload
  }
  override async roomTopic(id: string): Promise<string>
  override async roomTopic(id: string, topic: string): Promise<void>
  override async roomTopic(id: string, topic?: string): Promise<string | void> {
    const { world, contactId } = this.#account
    if (topic === undefined) return world.room(id).topic
    await this.#account.perform({ type: 'rename', to: id, text: topic }, () => world.rename(id, topic, contactId))
  }
  override async roomAnnounce(id: string): Promise<string>
  override async roomAnnounce(id: string, text: string): Promise<void>
  override async roomAnnounce(id: string, text?: string): Promise<string | void> {
    const room = this.#account.world.room(id)
    if (text === undefined) return room.announcement
    await this.#account.perform({ type: 'announce', to: id, text }, () => {
      room.announcement = text
    })
  }
  override async roomAdd(id: string, contactId: string | string[]): Promise<void> {
    const { world, contactId: self } = this.#account
    const members = [contactId].flat()
    await this.#account.perform({ type: 'addMember', to: id, details: { members } }, () =>
      world.join(id, members, self),
    )
  }
  override async roomDel(id: string, contactId: string | string[]): Promise<void> {
    const { world, contactId: self } = this.#account
    const members = [contactId].flat()
    await this.#account.perform({ type: 'removeMember', to: id, details: { members } }, () =>
      world.leave(id, members, self),
    )
  }
  override async roomQuit(id: string): Promise<void> {
    const { world, contactId } = this.#account
    await this.#account.perform({ type: 'quit', to: id }, () => world.leave(id, [contactId]))
  }
  override async roomCreate(contactIds: string[], topic = ''): Promise<string> {
    const { world, contactId } = this.#account
    const id = world.freshId('room')
    await this.#account.perform({ type: 'createRoom', to: id, text: topic }, () => {
      world.addRoom({ id, topic, ownerId: contactId, members: [contactId, ...contactIds] })
    })
    return id
  }
  override async roomQRCode(id: string): Promise<string> {
    return `simulator:room:${id}`
  }
  override async roomAvatar(id: string): Promise<FileBoxInterface> {
    this.#account.world.room(id)
    return FileBox.fromBuffer(Buffer.from(nothing), 'room.png')
  }

  override async messageRawPayload(id: string): Promise<PUPPET.payloads.Message> {
    return messagePayload(this.#account.world.message(id))
  }
  override async messageRawPayloadParser(payload: PUPPET.payloads.Message): Promise<PUPPET.payloads.Message> {
    return payload
  }
  override async messageFile(id: string): Promise<FileBoxInterface> {
    const content = this.#account.world.message(id).content
    if (!('base64' in content)) return missing('file in message', id)
    return FileBox.fromBuffer(Buffer.from(content.base64, 'base64'), content.filename)
  }
  override async messageImage(id: string): Promise<FileBoxInterface> {
    return this.messageFile(id)
  }
  override async messageContact(id: string): Promise<string> {
    return this.#contentOf(id, 'contact').contactId
  }
  override async messageUrl(id: string): Promise<PUPPET.payloads.UrlLink> {
    return this.#contentOf(id, 'url')
  }
  override async messageMiniProgram(id: string): Promise<PUPPET.payloads.MiniProgram> {
    return this.#contentOf(id, 'miniProgram')
  }
  override async messageLocation(id: string): Promise<PUPPET.payloads.Location> {
    return this.#contentOf(id, 'location')
  }
  #contentOf<T extends MessageContent['type']>(id: string, type: T): Extract<MessageContent, { type: T }> {
    const { content } = this.#account.world.message(id)
    return content.type === type ? (content as Extract<MessageContent, { type: T }>) : missing(`${type} in message`, id)
  }

  override async messageSendText(to: string, text: string, mentionIds: string[] = []): Promise<string> {
    return this.#send(to, { type: 'text', text }, { text, ...(mentionIds.length > 0 && { mentionIds }) }, mentionIds)
  }
  override async messageSendFile(to: string, file: FileBoxInterface): Promise<string> {
    const bytes = await file.toBuffer()
    const sha256 = createHash('sha256').update(bytes).digest('hex')
    const type: FileContent['type'] = fileType(file.mediaType)
    const content = { type, filename: file.name, base64: bytes.toString('base64') }
    return this.#send(to, content, { filename: file.name, bytes: bytes.length, sha256 })
  }
  override async messageSendContact(to: string, contactId: string): Promise<string> {
    return this.#send(to, { type: 'contact', contactId }, { details: { contactId } })
  }
  override async messageSendUrl(to: string, link: PUPPET.payloads.UrlLink): Promise<string> {
    const { title, url, description, thumbnailUrl } = link
    const details = { title, url, description, thumbnailUrl }
    return this.#send(to, { type: 'url', ...details }, { details })
  }
  override async messageSendMiniProgram(to: string, card: PUPPET.payloads.MiniProgram): Promise<string> {
    return this.#send(to, { type: 'miniProgram', ...card }, { details: { ...card } })
  }
  override async messageSendLocation(to: string, place: PUPPET.payloads.Location): Promise<string> {
    const { latitude, longitude, accuracy, name, address } = place
    const details = { latitude, longitude, accuracy, name, address }
    return this.#send(to, { type: 'location', ...details }, { details })
  }
  override async messageForward(to: string, messageId: string): Promise<string> {
    const { content } = this.#account.world.message(messageId)
    const details = { forwarded: messageId }
    return this.#send(to, content, 'text' in content ? { text: content.text, details } : { details })
  }
  override async messageRecall(messageId: string): Promise<boolean> {
    const { world, contactId } = this.#account
    if (world.message(messageId).talkerId !== contactId) return false
    await this.#account.perform({ type: 'recall', to: messageId }, () => world.recall(messageId, 'send'))
    return true
  }

  async #send(to: string, content: MessageContent, asked: Partial<Asked>, mentionIds: string[] = []): Promise<string> {
    const { world, contactId } = this.#account
    const place = this.#account.place(to)
    const id = world.freshId('message')
    await this.#account.perform({ type: content.type, to, messageId: id, ...asked }, () =>
      world.say(contactId, place, content, { id, mentionIds, origin: 'send' }),
    )
    return id
  }

  // What the wire of wechaty-puppet-service does not carry.
  override async conversationReadMark(): Promise<void> {
    return PUPPET.throwUnsupportedError()
  }
  override async messageSendPost(): Promise<string> {
    return PUPPET.throwUnsupportedError()
  }
  override async postRawPayload(): Promise<never> {
    return PUPPET.throwUnsupportedError()
  }
  override async postRawPayloadParser(): Promise<never> {
    return PUPPET.throwUnsupportedError()
  }
  override async postPublish(): Promise<string> {
    return PUPPET.throwUnsupportedError()
  }
  override async postSearch(): Promise<never> {
    return PUPPET.throwUnsupportedError()
  }
  override async tap(): Promise<boolean> {
    return PUPPET.throwUnsupportedError()
  }
  override async tapSearch(): Promise<never> {
    return PUPPET.throwUnsupportedError()
  }
}
