/** What a message of the simulated world can hold: every message type of Wechaty, as data that survives JSON. */
import * as PUPPET from 'wechaty-puppet'
import { z } from 'zod'

const File = { filename: z.string().min(1), base64: z.base64() }
/** Types of which a bot can read nothing but (at best) some text. */
const Opaque = { text: z.string().default('') }

export const MessageContent = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text'), text: z.string() }),
  z.strictObject({ type: z.literal('image'), ...File }),
  z.strictObject({ type: z.literal('audio'), ...File }),
  z.strictObject({ type: z.literal('video'), ...File }),
  z.strictObject({ type: z.literal('attachment'), ...File }),
  z.strictObject({ type: z.literal('emoticon'), ...File }),
  z.strictObject({
    type: z.literal('url'),
    title: z.string(),
    url: z.string(),
    description: z.string().optional(),
    thumbnailUrl: z.string().optional(),
  }),
  z.strictObject({
    type: z.literal('miniProgram'),
    appid: z.string().optional(),
    title: z.string().optional(),
    pagePath: z.string().optional(),
    username: z.string().optional(),
    description: z.string().optional(),
    iconUrl: z.string().optional(),
    shareId: z.string().optional(),
    thumbUrl: z.string().optional(),
    thumbKey: z.string().optional(),
  }),
  z.strictObject({ type: z.literal('contact'), contactId: z.string() }),
  z.strictObject({
    type: z.literal('location'),
    latitude: z.number(),
    longitude: z.number(),
    /** Metres. */
    accuracy: z.number().default(0),
    name: z.string(),
    address: z.string(),
  }),
  z.strictObject({ type: z.literal('chatHistory'), ...Opaque }),
  z.strictObject({ type: z.literal('groupNote'), ...Opaque }),
  z.strictObject({ type: z.literal('transfer'), ...Opaque }),
  z.strictObject({ type: z.literal('redEnvelope'), ...Opaque }),
  z.strictObject({ type: z.literal('post'), ...Opaque }),
  z.strictObject({ type: z.literal('unknown'), ...Opaque }),
  z.strictObject({ type: z.literal('recalled'), messageId: z.string() }),
])
export type MessageContent = z.infer<typeof MessageContent>
export type MessageContentInput = z.input<typeof MessageContent>
export type FileContent = Extract<MessageContent, { base64: string }>

export type WorldMessage = {
  id: string
  talkerId: string
  /** Set in a room. */
  roomId?: string
  /** Set in a direct message. */
  listenerId?: string
  /** Milliseconds since 1970. */
  at: number
  content: MessageContent
  mentionIds: string[]
}

const wechatyTypes: Record<MessageContent['type'], PUPPET.types.Message> = {
  text: PUPPET.types.Message.Text,
  image: PUPPET.types.Message.Image,
  audio: PUPPET.types.Message.Audio,
  video: PUPPET.types.Message.Video,
  attachment: PUPPET.types.Message.Attachment,
  emoticon: PUPPET.types.Message.Emoticon,
  url: PUPPET.types.Message.Url,
  miniProgram: PUPPET.types.Message.MiniProgram,
  contact: PUPPET.types.Message.Contact,
  location: PUPPET.types.Message.Location,
  chatHistory: PUPPET.types.Message.ChatHistory,
  groupNote: PUPPET.types.Message.GroupNote,
  transfer: PUPPET.types.Message.Transfer,
  redEnvelope: PUPPET.types.Message.RedEnvelope,
  post: PUPPET.types.Message.Post,
  unknown: PUPPET.types.Message.Unknown,
  recalled: PUPPET.types.Message.Recalled,
}

/** The payload as a puppet gives it. A recalled message's text is the id of what was recalled, as Wechaty expects. */
export function messagePayload(message: WorldMessage): PUPPET.payloads.Message {
  const { content } = message
  const text = content.type === 'recalled' ? content.messageId : 'text' in content ? content.text : ''
  const base = {
    id: message.id,
    talkerId: message.talkerId,
    timestamp: message.at,
    type: wechatyTypes[content.type],
    text,
    filename: 'filename' in content ? content.filename : undefined,
  }
  return message.roomId === undefined
    ? { ...base, listenerId: message.listenerId ?? '' }
    : { ...base, roomId: message.roomId, mentionIdList: message.mentionIds }
}

/** How WeChat hands a quotation over: as text, there is no field for it. */
export function quoting(name: string, words: string, reply: string): string {
  return `「${name}：${words}」\n- - - - - - - - - - - - - - -\n${reply}`
}

/** The type under which a platform shows a file that a bot sent. */
export function fileType(mediaType: string): FileContent['type'] {
  const [family] = mediaType.split('/')
  return family === 'image' || family === 'video' || family === 'audio' ? family : 'attachment'
}
