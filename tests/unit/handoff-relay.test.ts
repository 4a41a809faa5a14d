import { describe, expect, it } from 'vitest'
import { beginningOf, bodyOf, stateOf, wayOf } from '../../src/domains/handoff/relay/decide.ts'

describe('what is passed on between a customer and her adviser', () => {
  it('a file is fetched, a card goes as it is, the rest can only be told of', () => {
    for (const type of ['image', 'emoticon', 'audio', 'video', 'file'])
      expect(wayOf({ type })).toEqual({ kind: 'file' })
    const link = { title: '新品', url: 'https://example.com' }
    expect(wayOf({ type: 'link', details: link })).toEqual({ kind: 'card', body: { type: 'link', ...link } })
    for (const type of ['transfer', 'location', 'unknown']) expect(wayOf({ type })).toEqual({ kind: 'words' })
  })

  it('a card that leads nowhere is no card', () => {
    expect(wayOf({ type: 'link', details: { title: '新品' } })).toEqual({ kind: 'words' })
    expect(wayOf({ type: 'miniProgram' })).toEqual({ kind: 'words' })
  })

  it('what a message says of its type is never taken from its details', () => {
    const details = { type: 'acceptFriendship', friendshipId: 'f', title: 'a', url: 'b' }
    expect(wayOf({ type: 'link', details })).toEqual({ kind: 'card', body: { type: 'link', title: 'a', url: 'b' } })
  })

  it('a sticker goes on as a picture, anything unknown as a file', () => {
    const file = { mediaId: 'm', filename: 'f' }
    expect(bodyOf('emoticon', file)).toEqual({ type: 'image', ...file })
    expect(bodyOf('whatever', file)).toEqual({ type: 'file', ...file })
  })
})

describe('what became of several parts', () => {
  it('is the worst of them, and open while none is certain', () => {
    expect(stateOf(['sent', 'unknown', 'pending'])).toBe('unknown')
    expect(stateOf(['sent', 'refused'])).toBe('refused')
    expect(stateOf(['sent', 'pending'])).toBe('open')
    expect(stateOf(['sending'])).toBe('open')
    expect(stateOf(['sent', 'cancelled'])).toBe('cancelled')
    expect(stateOf(['sent', 'sent'])).toBe('sent')
    expect(stateOf([])).toBe('open')
  })

  it('is told with the beginning of the words, never in the middle of a character', () => {
    expect(beginningOf('好\n 的')).toBe('好 的')
    expect(beginningOf('😀'.repeat(21))).toBe(`${'😀'.repeat(20)}…`)
  })
})
