import { type payloads, types } from 'wechaty-puppet'
import { expect, test } from 'vitest'
import { mapContact } from '../../src/gateways/wechaty/contacts.ts'
import { isLineFailure, outcomeOf } from '../../src/gateways/wechaty/failures.ts'
import {
  instant,
  type Known,
  mapFriendship,
  mapJoin,
  mapMessage,
  mapTopic,
  messageType,
} from '../../src/gateways/wechaty/mapping.ts'
import { systemClock } from '../../src/kernel/clock.ts'
import { Happening } from '../../src/kernel/event.ts'
import { systemIds } from '../../src/kernel/ids.ts'

const ids = systemIds(systemClock)
const now = new Date('2026-03-02T02:00:00Z')
const sender = { id: 'c1', name: '林小雨', kind: 'person' } as const
const known: Known = { selfId: 'me', sender, selfNames: [], now }

function message(fields: Partial<payloads.Message> & { roomId?: string; mentionIdList?: string[] }): payloads.Message {
  const base = {
    id: 'm1',
    talkerId: 'c1',
    listenerId: 'me',
    roomId: '',
    timestamp: 1_772_416_800,
    type: types.Message.Text,
  }
  return { ...base, ...fields }
}

test('every message type of Wechaty has a word of ours, but for recalls, which are no messages', () => {
  const all = Object.values(types.Message).filter((type): type is types.Message => typeof type === 'number')
  const words = all.map((type) => messageType(message({ type })))
  expect(words.filter((word) => word === 'unknown')).toHaveLength(2)
  expect(new Set(words).size).toBe(words.length - 1)
})

test('what is mapped passes the schema of the kernel', () => {
  const mapped = mapMessage(message({ text: '在\0吗' }), known)
  expect(Happening.parse(mapped?.what)).toEqual(mapped?.what)
  expect(mapped?.key).toBe('message:m1')
})

test('a time comes in seconds or milliseconds, and is now when the platform gives none', () => {
  expect(instant(1_772_416_800, now)).toEqual(new Date('2026-03-02T02:00:00Z'))
  expect(instant(1_772_416_800_123.4, now)).toEqual(new Date('2026-03-02T02:00:00.123Z'))
  expect(instant(0, now)).toEqual(now)
  expect(instant(Number.NaN, now)).toEqual(now)
})

test('our own message stands in the thread of whom it was sent to', () => {
  const mapped = mapMessage(message({ talkerId: 'me', listenerId: 'c1', text: '好的' }), known)
  expect(mapped?.what).toMatchObject({ kind: 'OwnMessageSeen', place: { kind: 'direct', contactId: 'c1' } })
})

test('where the platform gives ids, a namesake of ours is not us', () => {
  const text = '@小屿\u2005在吗'
  const names = { ...known, selfNames: ['小屿'] }
  const mentions = (mentionIdList: string[]) => mapMessage(message({ roomId: 'r1', text, mentionIdList }), names)?.what
  expect(mentions(['other'])).toMatchObject({ message: { mentionsSelf: false, text } })
  expect(mentions(['me'])).toMatchObject({ message: { mentionsSelf: true, text: '在吗' } })
  expect(mentions([])).toMatchObject({ message: { mentionsSelf: true, text: '在吗' } })
})

test('the XML that platforms put where there is no text is no text', () => {
  const mapped = mapMessage(message({ type: types.Message.Image, text: '<?xml version="1.0"?><msg/>' }), known)
  expect(mapped?.what).toMatchObject({ message: { type: 'image', text: '' } })
  const literal = mapMessage(message({ text: '<3' }), known)
  expect(literal?.what).toMatchObject({ message: { text: '<3' } })
})

test('a recall names the message that was recalled, given bare or in XML, and repeats under one key', () => {
  const recall = (text: string) => mapMessage(message({ type: types.Message.Recalled, text }), known)
  expect(recall('m0')).toMatchObject({ key: 'recall:m0', what: { kind: 'MessageRecalled', messageId: 'm0' } })
  expect(recall('<sysmsg><revokemsg><newmsgid>m0</newmsgid></revokemsg></sysmsg>')?.key).toBe('recall:m0')
  expect(recall('')).toBeNull()
})

test('a message without a place is left out', () => {
  expect(mapMessage(message({ talkerId: 'me', listenerId: '' }), known)).toBeNull()
})

test('a join that is told again in another order has the same key, another join another one', () => {
  const join = (inviteeIdList: string[], timestamp = 5) =>
    mapJoin({ inviteeIdList, inviterId: 'x', roomId: 'r1', timestamp }, { members: [] }, ids, now).key
  expect(join(['a', 'b'])).toBe(join(['b', 'a']))
  expect(join(['a', 'b'])).not.toBe(join(['a']))
  expect(join(['a', 'b'])).not.toBe(join(['a', 'b'], 6))
})

test('two renamings within a second have two keys', () => {
  const topic = (newTopic: string) =>
    mapTopic({ changerId: 'x', newTopic, oldTopic: '', roomId: 'r1', timestamp: 5 }, undefined, ids, now).key
  expect(topic('一')).not.toBe(topic('二'))
})

test('a request and its confirmation under one id are two events, and our own request is none', () => {
  const friendship = (type: types.Friendship) =>
    mapFriendship({ id: 'f1', contactId: 'c1', timestamp: 0, type } as payloads.Friendship, sender, now)
  expect(friendship(types.Friendship.Receive)?.key).toBe('friendship:f1')
  expect(friendship(types.Friendship.Confirm)?.key).toBe('friendship-confirmed:f1')
  expect(friendship(types.Friendship.Verify)).toBeNull()
})

test('contacts are told apart: us, coworkers, official and system accounts, people', () => {
  const kind = (fields: Partial<payloads.Contact>) =>
    mapContact(
      {
        id: 'c',
        name: 'n',
        avatar: '',
        phone: [],
        gender: types.ContactGender.Unknown,
        type: types.Contact.Individual,
        ...fields,
      },
      'me',
    ).kind
  expect(kind({ id: 'me' })).toBe('self')
  expect(kind({ coworker: true })).toBe('staff')
  expect(kind({ type: types.Contact.Official })).toBe('bot')
  expect(kind({ id: 'weixin' })).toBe('bot')
  expect(kind({ type: types.Contact.Unknown })).toBe('person')
})

test('a failed call is unknown when the line failed, refused when the platform answered', () => {
  const failed = (code: number | undefined, text = '') => outcomeOf(Object.assign(new Error(text), { code }))
  for (const code of [1, 4, 13, 14]) expect(failed(code).kind).toBe('unknown')
  expect(failed(2, '2 UNKNOWN: no contact c1')).toMatchObject({ kind: 'refused', throttled: false })
  for (const text of ['20001', 'send too frequent', '操作频繁']) {
    expect(failed(2, text)).toMatchObject({ kind: 'refused', throttled: true })
  }
  expect(failed(2, 'order 1200015 is not for sale')).toMatchObject({ throttled: false })
  expect(failed(2, 'connect ETIMEDOUT').kind).toBe('unknown')
  expect(isLineFailure(new Error('14 UNAVAILABLE'))).toBe(false)
})
