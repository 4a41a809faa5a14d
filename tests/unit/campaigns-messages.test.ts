import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  freezeMessages,
  type Message,
  namesIn,
  parseMessages,
  renderMessages,
} from '../../src/domains/campaigns/messages/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import { liquid } from '../../src/kernel/liquid.ts'

const content = {
  render: (text: string, values: Record<string, unknown> = {}) =>
    String(liquid.parseAndRenderSync(text, { brand: '青屿', ...values })),
  mediaId: (path: string) => (path === 'media/box.png' ? 'a1' : undefined),
} as Content

const messagesOf = (text: string): Message[] => {
  const { messages, problems } = parseMessages(text)
  expect(problems).toEqual([])
  return messages
}
const textOf = (template: string, values: Record<string, unknown>, url?: (url: string) => string): string[] =>
  renderMessages([{ type: 'text', delay: 0, text: template }], values as never, content, url).body.map((body) =>
    body.type === 'text' ? body.text : body.type,
  )

describe('reading', () => {
  test('messages stand between lines of three dashes, each with its wait', () => {
    expect(messagesOf('你好\n第二行\n\n---\n\n等 3s\n再见\n--- \nwait 1.5m\n\n晚安\n')).toEqual([
      { type: 'text', delay: 0, text: '你好\n第二行' },
      { type: 'text', delay: 3_000, text: '再见' },
      { type: 'text', delay: 90_000, text: '晚安' },
    ])
  })

  test('files written with the line ends of Windows say the same', () => {
    expect(messagesOf('你好\r\n\r\n---\r\n等 3s\r\n[价目表](https://a.cn/x)\r\n一行\r\n')).toEqual([
      { type: 'text', delay: 0, text: '你好' },
      { type: 'link', delay: 3_000, title: '价目表', url: 'https://a.cn/x', description: '一行' },
    ])
  })

  test('pictures, files, films and sounds are told apart by how they are written and what they end in', () => {
    const text =
      '![礼盒](media/box.png)\n---\n[价目表](media/list.pdf)\n---\n[](media/l.pdf)\n---\n![](media/a.mp4)\n---\n[](media/a.mp3)'
    expect(messagesOf(text)).toEqual([
      { type: 'image', delay: 0, path: 'media/box.png', filename: 'box.png' },
      { type: 'file', delay: 0, path: 'media/list.pdf', filename: '价目表.pdf' },
      { type: 'file', delay: 0, path: 'media/l.pdf', filename: 'l.pdf' },
      { type: 'video', delay: 0, path: 'media/a.mp4', filename: 'a.mp4' },
      { type: 'audio', delay: 0, path: 'media/a.mp3', filename: 'a.mp3' },
    ])
  })

  test('a link card has a title, and perhaps a picture and a description', () => {
    expect(messagesOf('[新品]( https://a.cn/x?y=(1) )')).toEqual([
      { type: 'link', delay: 0, title: '新品', url: 'https://a.cn/x?y=(1)' },
    ])
    expect(
      messagesOf(
        '等 2s\n![图](https://a.cn/p.png)\n[给{{ name }}的新品](https://a.cn/{{ city | url_encode }})\n一行\n两行',
      ),
    ).toEqual([
      {
        type: 'link',
        delay: 2_000,
        title: '给{{ name }}的新品',
        url: 'https://a.cn/{{ city | url_encode }}',
        description: '一行\n两行',
        thumbnailUrl: 'https://a.cn/p.png',
      },
    ])
  })

  test('a mini-program card leads to a page with its query', () => {
    expect(messagesOf('[进群](miniprogram:wx12ab/pages/join/index?from=a&b=1)\n点这里')).toEqual([
      {
        type: 'miniProgram',
        delay: 0,
        appid: 'wx12ab',
        pagePath: 'pages/join/index?from=a&b=1',
        title: '进群',
        description: '点这里',
      },
    ])
  })

  test.each([
    ['', 0, 'there is no message'],
    ['  \n', 0, 'there is no message'],
    ['你好\n---\n', 7, 'a message without words'],
    ['---\n你好', 0, 'a message without words'],
    ['你好\n---\n---\n再见', 7, 'a message without words'],
    ['等 3s', 0, 'says nothing then'],
    ['等 3秒\n你好', 2, '"3秒" is no time to wait'],
    ['等 5h\n你好', 2, '5h is a long time'],
    ['你好\n----\n再见', 3, 'looks like three dashes'],
    ['你好\n———\n再见', 3, 'looks like three dashes'],
    ['看图\n![x](media/x.png)', 3, 'brackets'],
    ['看 [这里](https://a.cn) 吧', 2, 'brackets'],
    ['[标题](https://a.cn)\n看 [这里](https://b.cn)', 21, 'brackets'],
    ['![x](media/x.pdf)', 5, 'media/x.pdf is no picture'],
    ['![x](https://a.cn/p.png)', 5, 'a picture from the web stands alone'],
    ['[](https://a.cn)', 1, 'the card has no title'],
    ['[x](mailto:a@b.cn)', 4, '"mailto:a@b.cn" leads nowhere'],
    ['[x](https://)', 4, '"https://" leads nowhere'],
    ['[x](miniprogram:wx12)', 4, '"miniprogram:wx12" leads nowhere'],
    ['![x](https://a.cn/p.png)\n[x](miniprogram:wx12/pages/a)', 5, 'brings its own picture'],
  ])('%j is refused at its place', (text, index, message) => {
    const { problems } = parseMessages(text)
    expect(problems[0]).toMatchObject({ index, message: expect.stringContaining(message) })
  })

  test('words that only look like grammar are words', () => {
    for (const text of [
      '等你来',
      '等 大家都到齐',
      '【新品】(限量) 来了',
      '看 https://a.cn/x 就好',
      '你好--小屿',
      '——小屿',
    ])
      expect(messagesOf(text)).toEqual([{ type: 'text', delay: 0, text }])
  })

  test('whatever the text, it is read, and every place lies within it', () => {
    const piece = fc.constantFrom(
      '---',
      '\n',
      '等 3s',
      '![a](media/a.png)',
      '[b](https://b.cn)',
      '{{ name }}',
      '[',
      ')',
      '你好',
      ' ',
      '\r\n',
      'miniprogram:',
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(piece, fc.string({ maxLength: 6 })), { maxLength: 12 }), (pieces) => {
        const text = pieces.join('')
        const { messages, problems } = parseMessages(text)
        for (const { index } of problems) {
          expect(index).toBeGreaterThanOrEqual(0)
          expect(index).toBeLessThanOrEqual(text.length)
        }
        expect(messages.length + problems.length).toBeGreaterThan(0)
        expect(JSON.parse(JSON.stringify(messages))).toEqual(messages)
      }),
    )
  })
})

describe('freezing', () => {
  test('files are kept by what is in them', () => {
    const [image] = freezeMessages(messagesOf('![](media/box.png)'), content)
    expect(image).toMatchObject({ type: 'image', mediaId: 'a1' })
  })

  test('a file that is not there is named', () => {
    expect(() => freezeMessages(messagesOf('![](media/none.png)'), content)).toThrow(
      expect.objectContaining({ code: 'media-missing', message: expect.stringContaining('media/none.png') }),
    )
  })
})

describe('filling in', () => {
  test('who has no name, or one of nothing but blanks, is called by the default', () => {
    const greeting = '{{ name | default: "你好呀" }}，在吗'
    expect(textOf(greeting, { name: '小林' })).toEqual(['小林，在吗'])
    for (const values of [{}, { name: '' }, { name: ' \n' }, { name: null }, { name: '\u200b' }])
      expect(textOf(greeting, values)).toEqual(['你好呀，在吗'])
  })

  test('a name is data: Liquid, line breaks and hidden letters in it do nothing', () => {
    expect(textOf('{{ name }}，在吗', { name: '{{ brand }}{% x %}' })).toEqual(['{{ brand }}{% x %}，在吗'])
    expect(textOf('{{ name }}，在吗', { name: '小\n---\n林\u202e' })).toEqual(['小 --- 林，在吗'])
  })

  test('a name is cut after twenty letters as people see them, never within one', () => {
    expect(textOf('{{ name }}', { name: '👨‍👩‍👧'.repeat(30) })).toEqual(['👨‍👩‍👧'.repeat(20)])
    expect(textOf('{{ name }}', { name: '林'.repeat(20) })).toEqual(['林'.repeat(20)])
  })

  test('any name stands in the text as one piece of one line, whatever it is made of', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (name) => {
        const [text = ''] = textOf('<{{ name }}>', { name })
        expect(text).toMatch(/^<[^\n\r]*>$/u)
        expect([...new Intl.Segmenter('zh').segment(text)].length).toBeLessThanOrEqual(22)
      }),
    )
  })

  test('lists and fields are filled in, and empty ones are not there', () => {
    const template = '{{ tags.interest.first | default: "护肤" }} {{ tags.interest | default: "无" | join: "、" }}'
    expect(textOf(template, { tags: { interest: ['防晒', '香水'] } })).toEqual(['防晒 防晒、香水'])
    expect(textOf(template, { tags: { interest: [] } })).toEqual(['护肤 无'])
    expect(textOf(template, {})).toEqual(['护肤 无'])
  })

  test('a message that says nothing to her is left out with its wait', () => {
    const messages = messagesOf('你好\n---\n等 3s\n{% if city %}{{ city }}有店{% endif %}\n---\n等 1s\n再见')
    expect(renderMessages(messages, {}, content)).toEqual({
      body: [
        { type: 'text', text: '你好' },
        { type: 'text', text: '再见' },
      ],
      delays: [0, 1_000],
    })
  })

  test('our links are mapped, and never one that stands in a name', () => {
    const map = (url: string): string => `https://go.cn/?${url.length}`
    expect(textOf('看 https://a.cn/x，或 https://a.cn/y。{{ name }}', { name: 'https://evil.cn' }, map)).toEqual([
      '看 https://go.cn/?14，或 https://go.cn/?14。https://evil.cn',
    ])
    const { body } = renderMessages(messagesOf('[x](https://a.cn/x)'), {}, content, map)
    expect(body).toEqual([{ type: 'link', title: 'x', url: 'https://go.cn/?14' }])
  })

  test('every kind goes over the wire as what it is', () => {
    const text = '![](media/box.png)\n---\n[{{ name }}](miniprogram:wx1/pages/a)\n说明'
    const { body } = renderMessages(freezeMessages(messagesOf(text), content), { name: '林' }, content)
    expect(body).toEqual([
      { type: 'image', mediaId: 'a1', filename: 'box.png' },
      { type: 'miniProgram', appid: 'wx1', pagePath: 'pages/a', title: '林', description: '说明' },
    ])
  })

  test('the names that messages use are those that nobody else makes', () => {
    const messages = messagesOf(
      '{{ name }} {% assign x = city %}{{ x }}\n---\n[{{ tags.interest.first }}](https://a.cn/{{ name }})',
    )
    expect(namesIn(messages).sort()).toEqual(['city', 'name', 'tags'])
  })
})
