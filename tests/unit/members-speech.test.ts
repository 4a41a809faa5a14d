/** Reading what somebody says: how she stands to a thing that she names. */
import fc from 'fast-check'
import { Converter } from 'opencc-js/cn2t'
import { describe, expect, it } from 'vitest'
import { clausesOf, meantAt, stanceOf } from '../../src/domains/members/index.ts'
import { interactionsOf } from '../../src/domains/members/interactions/decide.ts'
import { InteractionRule } from '../../src/domains/members/interactions/schema.ts'
import { effortOf } from '../support/effort.ts'

const traditional = (Converter as (options: object) => (text: string) => string)({ from: 'cn', to: 't' })

/** Her stance to 香水 in each clause that names it. */
function stances(text: string): string {
  return clausesOf(text)
    .flatMap((clause) => {
      const at = clause.text.indexOf('香水')
      return at < 0 ? [] : [stanceOf(clause, at, at + 2)]
    })
    .join(' ')
}

describe('what she likes, wants or uses', () => {
  it.each([
    '我喜欢香水',
    '想买香水',
    '我也想要香水',
    '香水和口红我都要一个',
    '最近迷上香水了',
    '这个香水我很喜欢',
    '离不开香水',
    '不想错过香水',
    '不得不买香水',
    '不要太喜欢这款香水',
    '喜欢香水不喜欢口红',
    '我不喜欢口红但喜欢香水',
    '香水控表示每天都喷',
    '我和我妈都喜欢香水',
    '我妈和我都喜欢香水',
    '老公给我买了香水',
    '我現在一直在用香水',
  ])('«%s»', (text) => expect(stances(text)).toBe('liked'))
})

describe('what she only mentions', () => {
  it.each([
    '香水用完了',
    '没买到香水',
    '还没试过香水',
    '不会用香水',
    '我不介意香水',
    '不是不喜欢香水',
    '不是我不喜欢香水，是太贵了',
    '我不是不想买香水，是没钱',
    '没说不喜欢香水',
    '没有不喜欢香水',
    '怎么会不喜欢香水',
    '谁不喜欢香水',
    '如果有香水就好了',
    '老公送的香水真好闻',
    '他家香水好闻',
    '我不喜欢口红，香水还行',
    '奖励自己一瓶香水',
  ])('«%s»', (text) => expect(stances(text)).toBe('mentioned'))
})

describe('what she asks about', () => {
  it.each([
    '有没有香水',
    '香水多少钱',
    '你们没有香水吗',
    '有香水推荐吗',
    '求推荐香水',
    '喜不喜欢香水',
    '香水能不能用',
    '孕妇能用香水吗',
    '不知道香水怎么选',
    '小姐姐香水多少钱',
    '老板有香水吗',
    '姐妹们，香水多少钱',
    '香水没货了吗',
  ])('«%s»', (text) => expect(stances(text)).toBe('asked'))
})

describe('what she does not want', () => {
  it.each([
    '我不喜欢香水',
    '不喜欢香水喜欢口红',
    '不考虑香水',
    '别给我推香水',
    '不要再给我发香水了',
    '不用推荐香水',
    '能不能别发香水了',
    '别推香水了，推点护肤吧',
    '香水就算了',
    '香水我不喜欢',
    '香水不考虑',
    '香水不要',
    '香水不用了谢谢',
    '从来不用香水',
    '我从不喷香水',
    '不想买香水了',
    '香水太贵了不买',
    '不太喜欢香水',
    '不怎么用香水',
    '没那么喜欢香水',
    '没有很喜欢香水',
    '对香水没兴趣',
    '对香水不感兴趣',
    '我对香水过敏',
    '受不了香水',
    '我最讨厌的就是香水',
    '戒了香水',
    '谁会喜欢香水啊',
    '我不是香水控',
  ])('«%s»', (text) => expect(stances(text)).toBe('disliked'))
})

describe('what says nothing about her', () => {
  it.each([
    '给我妈买香水',
    '我朋友喜欢香水',
    '老公用香水',
    '她喜欢香水',
    '我女儿要香水',
    '我男朋友说香水好闻',
    '帮闺蜜问一下香水多少钱',
    '有没有适合我妈的香水',
    '推荐给我妈用的香水',
    '送人的香水有推荐吗',
    '香水是给客户买的',
    '宝宝能用香水吗',
    '我妈生日快到了，想买瓶香水',
    '你喜欢香水吗',
    '比起香水我更喜欢护手霜',
    '除了香水都可以',
    '像香水一样',
    '这不是香水吧',
    '以前喜欢香水',
  ])('«%s»', (text) => expect(stances(text)).toBe('none'))

  it('ends where she speaks of herself again', () => {
    expect(stances('香水给我妈买，我自己也喜欢香水')).toBe('none liked')
    expect(stances('我妈不喜欢香水，我喜欢香水')).toBe('none liked')
  })
})

describe('what rules cannot see', () => {
  it.each([
    ['呵呵，真喜欢你们的香水', 'liked', 'sarcasm'],
    ['我妈用的那款，香水', 'none', 'nobody says whose it is'],
    ['香水不喜欢口红喜欢', 'disliked', 'which of two neighbours a predicate belongs to: here it is right by luck'],
  ])('«%s» is read as %s (%s)', (text, stance) => expect(stances(text)).toBe(stance))
})

describe('a word of judgement', () => {
  const meant = (word: string, text: string): string => {
    const [clause] = clausesOf(text)
    const at = clause?.text.indexOf(word) ?? -1
    return clause && at >= 0 ? meantAt(clause, at, at + word.length) : 'missing'
  }

  it.each([
    ['好用', '真的好用', 'so'],
    ['好用', '怎么这么好用', 'so'],
    ['好用', '不要太好用', 'so'],
    ['好用', '不是不好用', 'so'],
    ['过敏', '我过敏了', 'so'],
    ['好用', '不好用', 'opposite'],
    ['好用', '不是很好用', 'opposite'],
    ['好用', '没那么好用', 'opposite'],
    ['好用', '没有想象中好用', 'opposite'],
    ['好用', '不如以前好用', 'opposite'],
    ['好用', '哪里好用了', 'opposite'],
    ['好用', '好用个鬼', 'opposite'],
    ['不好', '没什么不好', 'opposite'],
    ['不满意', '没有不满意', 'opposite'],
    ['过敏', '没有任何过敏', 'opposite'],
    ['失望', '没让我失望', 'opposite'],
    ['好用', '好用吗', 'open'],
    ['好用', '好不好用', 'open'],
    ['过敏', '会过敏吗', 'open'],
    ['好用', '希望好用', 'open'],
  ])('«%s» in «%s» is meant %s', (word, text, expected) => expect(meant(word, text)).toBe(expected))
})

describe('interactions', () => {
  const rules = [
    { kind: 'question', title: 'Q', asks: true },
    { kind: 'praise', title: 'P', words: ['好用', '不错', '👍'], inQuestions: false, opposite: 'complaint' },
    {
      kind: 'complaint',
      title: 'C',
      words: ['不好', '难用'],
      except: ['不好意思'],
      patterns: ['怎么还不发'],
      opposite: 'praise',
    },
    { kind: 'thanks', title: 'T', words: ['谢谢'] },
  ].map((rule) => InteractionRule.parse(rule))

  it.each([
    ['真的很好用', 'praise'],
    ['不好用', 'complaint'],
    ['没什么不好', 'praise'],
    ['不难用', 'praise'],
    ['好用吗', 'question'],
    ['怎么还不发货', 'question complaint'],
    ['不好意思，谢谢', 'thanks'],
    ['不用谢谢', ''],
    ['👍👍', 'praise'],
    ['这个不错，就是有点难用', 'praise complaint'],
    ['好的', ''],
    ['', ''],
  ])('«%s» is «%s»', (text, kinds) => expect(interactionsOf(text, rules).join(' ')).toBe(kinds))

  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.constantFrom(
      '我',
      '不',
      '没',
      '都是',
      '那个',
      '好用',
      '香水',
      '给我妈',
      '不是',
      '但是',
      '谁',
      '？',
      '，',
      ' ',
      '喜欢',
      '😀',
      '没有',
      '别',
      '那么',
    ),
  )
  const speech = fc.array(piece, { maxLength: 60 }).map((pieces) => pieces.join(''))

  it('no input crashes the reading, or holds it up', () => {
    fc.assert(
      fc.property(speech, (text) => {
        const effort = effortOf(() => {
          interactionsOf(text, rules)
          for (const clause of clausesOf(text)) {
            stanceOf(clause, 0, 1)
            meantAt(clause, Math.min(2, clause.text.length), clause.text.length)
          }
        })
        expect(effort).toBeLessThan(2_000)
      }),
    )
  })

  it.each([
    '都是',
    '那个',
    '我',
    '不',
    '没有',
    '不是',
    '的',
    '那么',
    '妈',
    '我妈',
    '太',
    '没说',
    '谁',
    '?',
    '，',
    '在',
    '到',
  ])('not even «%s» five hundred times over', (fragment) => {
    const text = `我${fragment.repeat(500)}香水`
    const effort = effortOf(() => {
      interactionsOf(text, rules)
      for (const clause of clausesOf(text)) stanceOf(clause, clause.text.length - 2, clause.text.length)
    })
    expect(effort).toBeLessThan(2_000)
  })

  it('does not depend on the width of characters, nor on traditional or simplified ones', () => {
    const said = fc.constantFrom('真的很好用！', '不好用', '怎么还不发货？', '没什么不好', '谢谢，好用', '这个难用吗')
    fc.assert(
      fc.property(said, fc.boolean(), (text, wide) => {
        const variant = wide
          ? text.replaceAll('!', '！').replaceAll('？', '?').replaceAll('，', ',')
          : traditional(text)
        expect(interactionsOf(variant, rules)).toEqual(interactionsOf(text, rules))
      }),
    )
  })
})
