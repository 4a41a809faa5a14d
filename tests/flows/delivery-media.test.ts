import { describe, expect, it } from 'vitest'
import { deleteExpiredMedia, loadMedia, maxMediaBytes, mimeOf, storeMedia } from '../../src/media/index.ts'
import { testDatabase } from '../support/database.ts'

const { db } = await testDatabase()
const now = new Date('2026-03-02T10:00:00+08:00')
const tomorrow = new Date('2026-03-03T10:00:00+08:00')

describe('a file', () => {
  it('is kept once under its bytes and comes back as it was', async () => {
    const bytes = Buffer.from([0, 1, 2, 255])
    const id = await storeMedia(db.pool, bytes, 'image/png', now)
    expect(await storeMedia(db.pool, bytes, 'image/png', now)).toBe(id)
    expect(id).toMatch(/^[0-9a-f]{64}$/)
    expect(await loadMedia(db.pool, id)).toEqual({ mime: 'image/png', bytes })
    expect(await loadMedia(db.pool, 'f'.repeat(64))).toBeUndefined()
  })

  it('goes after its retention, unless somebody keeps it for good', async () => {
    const gone = await storeMedia(db.pool, Buffer.from('a picture'), 'image/png', now, tomorrow)
    const kept = await storeMedia(db.pool, Buffer.from('a logo'), 'image/png', now, tomorrow)
    await storeMedia(db.pool, Buffer.from('a logo'), 'image/png', now)
    expect(await deleteExpiredMedia(db.pool, tomorrow)).toBe(1)
    expect(await loadMedia(db.pool, gone)).toBeUndefined()
    expect(await loadMedia(db.pool, kept)).toBeDefined()
  })

  it('above 20 MiB, or without a byte, is refused with a reason', async () => {
    const store = (bytes: Buffer) => storeMedia(db.pool, bytes, 'video/mp4', now)
    await expect(store(Buffer.alloc(maxMediaBytes + 1))).rejects.toMatchObject({ code: 'media-too-large' })
    await expect(store(Buffer.alloc(0))).rejects.toMatchObject({ code: 'media-empty' })
    expect(await store(Buffer.alloc(maxMediaBytes))).toHaveLength(64)
  })

  it('shows its type in its first bytes', () => {
    const hex = (text: string): string => mimeOf(Buffer.from(text, 'hex'))
    expect(hex('89504e470d0a1a0a00')).toBe('image/png')
    expect(hex('ffd8ffe000')).toBe('image/jpeg')
    expect(mimeOf(Buffer.from('GIF89a...'))).toBe('image/gif')
    expect(mimeOf(Buffer.from('RIFF\x01\x02\x03\x04WEBPVP8 ', 'latin1'))).toBe('image/webp')
    expect(mimeOf(Buffer.from('\0\0\0\x20ftypisom', 'latin1'))).toBe('video/mp4')
    expect(mimeOf(Buffer.from('%PDF-1.7'))).toBe('application/pdf')
    expect(mimeOf(Buffer.from('hello'))).toBe('application/octet-stream')
    expect(mimeOf(Buffer.alloc(0))).toBe('application/octet-stream')
  })
})
