/** An ordinary Wechaty puppet over the simulated world, for one account: here what it reads and says. */
import { createHash } from 'node:crypto'
import { FileBox, type FileBoxInterface } from 'file-box'
import * as PUPPET from 'wechaty-puppet'
import type { Asked } from './account.ts'
import { type FileContent, fileType, type MessageContent, messagePayload } from './messages.ts'
import { WorldPuppet } from './puppet-world.ts'
import { missing } from './world.ts'

export class SimulatorPuppet extends WorldPuppet {
  override async messageRawPayload(id: string): Promise<PUPPET.payloads.Message> {
    return messagePayload(this.account.world.message(id))
  }
  override async messageRawPayloadParser(payload: PUPPET.payloads.Message): Promise<PUPPET.payloads.Message> {
    return payload
  }
  override async messageFile(id: string): Promise<FileBoxInterface> {
    const content = this.account.world.message(id).content
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
    const { content } = this.account.world.message(id)
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
    const { content } = this.account.world.message(messageId)
    const details = { forwarded: messageId }
    return this.#send(to, content, 'text' in content ? { text: content.text, details } : { details })
  }
  override async messageRecall(messageId: string): Promise<boolean> {
    const { world, contactId } = this.account
    if (world.message(messageId).talkerId !== contactId) return false
    await this.account.perform({ type: 'recall', to: messageId }, () => world.recall(messageId, 'send'))
    return true
  }

  async #send(to: string, content: MessageContent, asked: Partial<Asked>, mentionIds: string[] = []): Promise<string> {
    const { world, contactId } = this.account
    const place = this.account.place(to)
    const id = world.freshId('message')
    await this.account.perform({ type: content.type, to, messageId: id, ...asked }, () =>
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
