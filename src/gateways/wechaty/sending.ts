/**
 * One send: one call, one outcome, at the latest at the deadline. Nothing here is ever tried twice (law 2).
 *
 * The danger: the stock client sends a file again by another way when the first call fails for whatever reason, so the
 * calls are made on the generated client. And a call that ran into its deadline may still be executed by the server
 * when it wakes up, so that is `unknown`, never `refused`.
 */
import './quiet.ts'
import { FileBox } from 'file-box'
import type { Body, Recipient } from '../../kernel/effect.ts'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Clock, OutgoingFile, SendOutcome } from '../../kernel/ports.ts'
import { within } from './deadline.ts'
import { outcomeOf } from './failures.ts'
import type { Line } from './line.ts'
import type { Payloads } from './payloads.ts'
import { mentionPrefix } from './text.ts'
import { pb } from './wire.ts'

/** The two refusals after which delivery may ask again (kernel/ports.ts): the platform was not asked. */
export const notConnected = 'not-connected'
const notPrepared = 'not-prepared-in-time'

export type Sending = {
  line: Line
  payloads: Payloads
  clock: Clock
  to: Recipient
  body: Body
  file: OutgoingFile | undefined
  deadlineMs: number
}

/** Never rejects. */
export async function sendOne(sending: Sending): Promise<SendOutcome> {
  const { line, clock, deadlineMs } = sending
  const until = clock.now().getTime() + deadlineMs
  try {
    // Reading names and uploading a file send nothing to anybody: whatever goes wrong here is a clean refusal.
    const prepared = await within(clock, deadlineMs, prepare(sending))
    const left = until - clock.now().getTime()
    if (!line.isOpen() || left <= 0) return refusedUnsent(left <= 0 ? notPrepared : notConnected)
    return await call(line, prepared, left)
  } catch (error) {
    const outcome = outcomeOf(error)
    return outcome.kind === 'refused' ? outcome : refusedUnsent(line.isOpen() ? notPrepared : notConnected)
  }
}

function refusedUnsent(reason: string): SendOutcome {
  return { kind: 'refused', reason, throttled: false }
}

/** A send with everything in it: what is left is the call. Resolves with the platform's id of the message, or ''. */
type Prepared = (line: Line, ms: number) => Promise<string>

async function call(line: Line, prepared: Prepared, ms: number): Promise<SendOutcome> {
  try {
    return { kind: 'sent', messageId: (await prepared(line, ms)) || null }
  } catch (error) {
    return outcomeOf(error)
  }
}

async function prepare({ line, payloads, to, body, file }: Sending): Promise<Prepared> {
  const target = to.kind === 'group' ? to.roomId : to.contactId
  switch (body.type) {
    case 'text':
      return prepareText(target, to, body, payloads)
    case 'image':
    case 'file':
    case 'video':
    case 'audio':
      if (!file)
        throw new ZhangguiError({ code: 'no-file', message: `A body of type ${body.type} came without its file.` })
      return prepareFile(line, target, file)
    case 'link':
      return prepareLink(target, body)
    case 'miniProgram':
      return prepareMiniProgram(target, body)
    case 'acceptFriendship':
      return async (on, ms) => {
        const request = new pb.FriendshipAcceptRequest()
        request.setId(body.friendshipId)
        await on.call('friendshipAccept', request, ms)
        return ''
      }
    case 'acceptInvitation':
      return async (on, ms) => {
        const request = new pb.RoomInvitationAcceptRequest()
        request.setId(body.invitationId)
        await on.call('roomInvitationAccept', request, ms)
        return ''
      }
    default:
      return body satisfies never
  }
}

/** Mentions go into the text too, as Wechaty's `room.say` does it: some puppets show only those. */
async function prepareText(
  target: string,
  to: Recipient,
  body: Extract<Body, { type: 'text' }>,
  payloads: Payloads,
): Promise<Prepared> {
  const mentions = to.kind === 'group' ? (body.mentions ?? []) : []
  const names = await Promise.all(mentions.map((id) => payloads.nameIn(target, id)))
  const request = new pb.MessageSendTextRequest()
  request.setConversationId(target)
  request.setText(mentionPrefix(names.filter((name) => name !== '')) + body.text)
  request.setMentionalIdsList(mentions)
  return async (line, ms) => (await line.call('messageSendText', request, ms)).getId()
}

/** From base64, since a small file of bytes is one that the stock client cannot write down. */
async function prepareFile(line: Line, target: string, { filename, bytes }: OutgoingFile): Promise<Prepared> {
  const request = new pb.MessageSendFileRequest()
  request.setConversationId(target)
  request.setFileBox(await line.packFile(FileBox.fromBase64(bytes.toString('base64'), filename)))
  return async (on, ms) => (await on.call('messageSendFile', request, ms)).getId()
}

function prepareLink(target: string, link: Extract<Body, { type: 'link' }>): Prepared {
  const { title, url, description, thumbnailUrl } = link
  const payload = new pb.UrlLinkPayload()
  payload.setTitle(title)
  payload.setUrl(url)
  if (description) payload.setDescription(description)
  if (thumbnailUrl) payload.setThumbnailUrl(thumbnailUrl)
  const request = new pb.MessageSendUrlRequest()
  request.setConversationId(target)
  request.setUrlLink(payload)
  // Older gateways read only the form before 2022; the stock client sends both.
  request.setUrlLinkDeprecated(JSON.stringify({ title, url, description, thumbnailUrl }))
  return async (line, ms) => (await line.call('messageSendUrl', request, ms)).getId()
}

function prepareMiniProgram(target: string, body: Extract<Body, { type: 'miniProgram' }>): Prepared {
  const { type: _, ...card } = body
  const payload = new pb.MiniProgramPayload()
  payload.setAppid(card.appid)
  payload.setTitle(card.title)
  payload.setPagePath(card.pagePath)
  if (card.username) payload.setUsername(card.username)
  if (card.description) payload.setDescription(card.description)
  if (card.thumbUrl) payload.setThumbUrl(card.thumbUrl)
  if (card.thumbKey) payload.setThumbKey(card.thumbKey)
  const request = new pb.MessageSendMiniProgramRequest()
  request.setConversationId(target)
  request.setMiniProgram(payload)
  request.setMiniProgramDeprecated(JSON.stringify(card))
  return async (line, ms) => (await line.call('messageSendMiniProgram', request, ms)).getId()
}
