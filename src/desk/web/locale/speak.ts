/** Words in a language, with their gaps filled. Pure. */
import { en } from './en.ts'
import { zh } from './zh.ts'

export type Locale = 'zh' | 'en'
export type Key = keyof typeof zh
export type Fills = Readonly<Record<string, string | number>>

const words: Readonly<Record<Locale, Readonly<Record<Key, string>>>> = { zh, en }

export function speak(locale: Locale, key: Key, fills: Fills = {}): string {
  return words[locale][key].replace(/\{(\w+)\}/g, (gap, name: string) => String(fills[name] ?? gap)).trim()
}

/** Whether the locale files have this key: codes come from the server, which may know more than this page. */
export function isKey(key: string): key is Key {
  return Object.hasOwn(zh, key)
}
