import { describe, expect, test } from 'vitest'
import { newSkeleton, checkContent } from '../../src/content/index.ts'
import { personaHash, personaOf } from '../../src/domains/faq/persona/index.ts'
import { examplesOf } from '../../src/domains/faq/persona/review.ts'
import { folderWith } from '../support/content-files.ts'
import { brandPage, contentOf, filesWith, findingsOf, personaWith, registry } from './faq-persona.ts'

const moods = 'moods: { calm: {}, happy: {}, worried: {}, impatient: {}, angry: {} }'
const page = (keys = '', body = '# 身份\n\n安静、踏实。'): string =>
  `---\nid: xiaoyu\nname: 小屿\n${moods}\n${keys}\n---\n\n${body}\n`
const groups = (persona: string): string =>
  `groups: [{ id: vip, title: 岛主群, match: { topics: [青屿岛主*] }, persona: ${persona} }, { id: all, title: 群, match: { topics: [青屿*] }, answer: confident }]\n`

test('the example brand’s persona has nothing wrong with it', async () => {
  expect(await findingsOf({ 'persona.md': brandPage })).toEqual([])
})

test('id and name are all that a persona needs', async () => {
  const content = await contentOf({ 'persona.md': '---\nid: xiaoyu\nname: 小屿\n---\n' })
  expect(personaOf(content, null)).toEqual(personaWith({ id: 'xiaoyu', name: '小屿', character: '' }))
  expect(await findingsOf({ 'persona.md': '---\nname: 小屿\n---\n\n安静。\n' })).toContainEqual(
    expect.stringMatching(/^error \d: `id` is missing/),
  )
})

test('a group’s rule names who speaks there; everywhere else the brand speaks', async () => {
  const content = await contentOf({
    'persona.md': page(),
    'personas/yu.md': page().replace('xiaoyu', 'yu'),
    'groups.yaml': groups('yu'),
  })
  expect(personaOf(content, 'vip')?.id).toBe('yu')
  expect(personaOf(content, 'all')?.id).toBe('xiaoyu')
  expect(personaOf(content, null)?.id).toBe('xiaoyu')
})

test('without a page of the brand nobody speaks where no rule names anybody', async () => {
  const content = await contentOf({ 'personas/yu.md': page().replace('xiaoyu', 'yu'), 'groups.yaml': groups('yu') })
  expect(personaOf(content, 'vip')?.id).toBe('yu')
  expect(personaOf(content, null)).toBeUndefined()
})

test('a rule that names nobody known is found, and so is a tone for a tag that there is not', async () => {
  expect(await findingsOf({ 'persona.md': page(), 'groups.yaml': groups('xiaoyv') })).toEqual([
    'error 1: "xiaoyv" is not in Personas',
  ])
  expect(await findingsOf({ 'persona.md': page('levels: { 高消费: {}, 超高消费: {} }') })).toEqual([
    'error 5: "consumption/超高消费" is not in the dimensions of tags.yaml',
  ])
})

test('a new persona is written, and passes the check as it is', async () => {
  const dir = await folderWith(filesWith({ 'persona.md': page() }))
  expect(await newSkeleton(dir, { registry, kind: 'persona', id: '秋日' })).toEqual({
    kind: 'written',
    path: 'personas/秋日.md',
  })
  expect(await checkContent(dir, registry)).toEqual([])
})

test('another word anywhere on the page is another persona', async () => {
  const hashes = await Promise.all(
    [brandPage, brandPage.replace('安静、踏实', '热闹、踏实'), brandPage.replace('atMost: 1', 'atMost: 0')].map(
      async (text) => {
        const persona = personaOf(await contentOf({ 'persona.md': text }), null)
        return persona && personaHash(persona)
      },
    ),
  )
  expect(new Set(hashes).size).toBe(3)
  expect(hashes[0]).toMatch(/^[0-9a-f]{64}$/)
})

describe('check warns', () => {
  test('of a mood that nothing is said about', async () => {
    const some = page().replace(moods, 'moods: { calm: {}, angry: {} }')
    expect(await findingsOf({ 'persona.md': some })).toEqual([
      expect.stringMatching(/^warning 4: .* happy, worried, impatient$/),
    ])
  })

  test('of a word that is replaced by a banned one, or by one that is replaced itself', async () => {
    const keys = 'banned: [宝子]\nreplace: { 亲们: 宝子们, 您: 你, 贵客: { with: 您 } }'
    expect(await findingsOf({ 'persona.md': page(keys) })).toEqual([
      'warning 6: «亲们» is replaced by «宝子们», which says the banned word «宝子»',
      'warning 6: «贵客» is replaced by «您», in which «您» would be replaced again',
    ])
  })

  test('of examples that break her own rules', async () => {
    const body =
      '## 例子\n\n顾客：在吗宝子\n小屿：宝子我在\n\n顾客：怎么用\n小屿：洗脸后用 😀\n' + `小屿：${'好'.repeat(50)}`
    const keys = 'banned: [宝子]\nlength: { characters: 40 }\nemoji: { allowed: [🌿] }'
    expect((await findingsOf({ 'persona.md': page(keys, body) })).map((line) => line.replace(/^.*?: /, ''))).toEqual([
      expect.stringMatching(/has 50 characters$/),
      '«宝子我在» says the banned word «宝子»',
      '«洗脸后用 😀» has the emoji 😀',
    ])
  })

  test('of small talk that breaks them, or that nobody can begin', async () => {
    const keys =
      'banned: [宝子]\ncourtesies:\n  - { kind: thanks, words: [谢谢], says: [不客气宝子] }\n  - { kind: bye, says: [再见] }'
    expect(await findingsOf({ 'persona.md': page(keys) })).toEqual([
      'warning 7: «不客气宝子» says the banned word «宝子»',
      'warning 8: the courtesy «bye» has neither words nor patterns: it is never recognised',
    ])
  })

  test('of a figure in the line that offers a human, which would stand below every answer', async () => {
    const keys = page().replace('angry: {}', 'angry: { offersHuman: 顾问 9 点上班 }')
    expect(await findingsOf({ 'persona.md': keys })).toEqual([expect.stringMatching(/^warning 4: .* holds a number/)])
  })

  test('of a page without a word on who she is', async () => {
    expect(await findingsOf({ 'persona.md': page('', '') })).toEqual([
      expect.stringMatching(/^warning \d+: nothing is said about who «xiaoyu» is$/),
    ])
  })
})

test('small talk is no template: a placeholder in it is an error', async () => {
  const keys = 'courtesies: [{ kind: thanks, words: [谢谢], says: ["{{ brand }}不客气"] }]'
  expect(await findingsOf({ 'persona.md': page(keys) })).toEqual([
    expect.stringMatching(/^error 5: .*holds a placeholder/),
  ])
})

test('an example goes on until an empty line, a heading or another speaker', () => {
  const character = '小屿：一\n二\n顾客：三\n四\n\n**小屿**: 五\n\n六\n小屿：七\n# 八'
  expect(examplesOf(personaWith({ character }))).toEqual(['一\n二', '五', '七'])
})
