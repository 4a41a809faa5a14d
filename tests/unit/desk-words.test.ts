import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { en } from '../../src/desk/web/locale/en.ts'
import { speak } from '../../src/desk/web/locale/speak.ts'
import { zh } from '../../src/desk/web/locale/zh.ts'

const web = fileURLToPath(new URL('../../src/desk/web', import.meta.url))
const sources = globSync('**/*.{ts,tsx}', { cwd: web }).map(
  (path) => [path, readFileSync(`${web}/${path}`, 'utf8')] as const,
)
const gaps = (text: string): string[] => [...text.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort()

test('the desk says everything in Chinese and in English, with the same gaps', () => {
  expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  for (const key of Object.keys(zh) as (keyof typeof zh)[]) expect(gaps(en[key]), key).toEqual(gaps(zh[key]))
})

test('no English is left Chinese, but for the name of the other language', () => {
  const han = Object.entries(en).filter(([key, text]) => /\p{Script=Han}/u.test(text) && key !== 'top.language')
  expect(han).toEqual([])
})

test('what fills a gap is never read as a gap', () => {
  expect(speak('en', 'live.newMessage', { name: '{text}', text: '$&' })).toBe('{text}: $&')
})

test('nothing on the pages is ever taken for markup or for code', () => {
  expect(sources.length).toBeGreaterThan(40)
  const dangerous =
    /dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcDoc/
  expect(sources.filter(([, text]) => dangerous.test(text)).map(([path]) => path)).toEqual([])
})

test('the pages take only types from the contract: its checks belong to the server', () => {
  const values = /^import (?!type\b)[^\n]*(\/api\.ts'|'zod')/m
  expect(sources.filter(([, text]) => values.test(text)).map(([path]) => path)).toEqual([])
})
