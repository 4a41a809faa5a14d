/** Ways out of the talk: links, addresses, files, mini programs, and numbers or names to call somebody by. */
import type { Reader } from './reader.ts'
import * as words from './vocabulary.ts'

const topLevel =
  'com|cn|net|org|io|top|shop|vip|xyz|link|example|info|cc|me|tv|co|app|site|store|online|club|ltd|work|live|fun|ink|wang|hk|tw|uk|us|jp|ru|test|dev|ai|xin|ren'

export function links(reader: Reader): void {
  const link = (written: string) => ({
    check: 'link' as const,
    keys: [`link:${written.replace(/^https?:\/\//u, '').replace(/[/.,)]+$/u, '')}`],
  })
  // «qingyu 点 com»: the same as with a point. Blanked by its own length, so the text keeps its places.
  reader.text = reader.text.replaceAll(words.dotWord, (dot) => '.'.padEnd(dot.length, '\u0002'))
  reader.take(/[a-z][a-z0-9+.-]*:\/\/[^\s,，。;；!！()[\]<>「」《》"']+/gu, ([written]) => link(written))
  reader.take(/#(?:小程序|mini ?program):\/\/\S+/gu, ([written]) => link(written))
  reader.take(/[a-z0-9._%+-]+\s?@\s?[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/gu, ([written]) =>
    link(written.replaceAll(/\s/gu, '')),
  )
  reader.take(/(?:media|pages|packages?)\/[\w./?=&-]+/gu, ([written]) => link(written))
  reader.take(
    new RegExp(`(?<![a-z0-9])(?:[a-z0-9-]+\\.\u0002*)+(?:${topLevel})(?![a-z0-9-])(?:/[^\\s,，。;!()「」]*)?`, 'gu'),
    ([written]) => link(written.replaceAll('\u0002', '')),
  )
  reader.take(/(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?(?:\/\S*)?/gu, ([written]) => link(written))
  reader.take(/[¥￥(]\s?[a-z0-9]{8,14}\s?[¥￥)]/giu, ([written]) => link(written))
  reader.take(/@[^\s@,。!:]{1,30}/gu, ([written]) => ({ check: 'person', keys: [`at:${written.slice(1)}`] }))
}

export function contacts(reader: Reader): void {
  reader.take(words.contactId, ([, id = '']) => ({
    check: 'phone',
    keys: [`digits:${id.replaceAll('-', '')}`, `code:${id}`],
  }))
  reader.take(words.handle, ([, underscored, behind]) => {
    const id = underscored ?? behind ?? ''
    return { check: 'phone', keys: [`digits:${id.replaceAll('-', '')}`, `code:${id}`] }
  })
  const digits = (written: string) => written.replaceAll(/\D/gu, '')
  // A date is no number to call, nor are two years, or «2–3 4–5».
  reader.take(/(?<![\d.])\+?\d(?:[\s()-]{0,2}\d){5,}(?!\d*[:.]\d)/gu, ([written], text) => {
    if (/^\d{4}[\s-]\d{1,2}[\s-]\d{1,2}$/u.test(written) || /^\d{1,3}(?:,\d{3})+$/u.test(written)) return undefined
    if (/\d\s*-\s*\d{1,3}\s/u.test(written) && !/^\+?[\d\s-]{10,}$/u.test(written)) return undefined
    if (words.moneyBehind.test(text.slice(text.indexOf(written) + written.length))) return undefined
    return { check: 'phone', keys: [`digits:${digits(written)}`] }
  })
  reader.take(words.spelledDigits, ([written]) => ({
    check: 'phone',
    keys: [`digits:${[...written].map((char) => words.digitOf[char] ?? '').join('')}`],
  }))
}
