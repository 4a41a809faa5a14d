import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { normalKey } from '../../src/domains/members/index.ts'

const phone = (text: string) => normalKey('phone', text)

describe('a phone', () => {
  test.each([
    '13800138000',
    '138 0013 8000',
    '138-0013-8000',
    '+86 138 0013 8000',
    '+8613800138000',
    '(+86)13800138000',
    '0086-13800138000',
    '8613800138000',
    '１３８００１３８０００',
    '+86 (138) 0013-8000',
    '13800138000.0',
    "'13800138000",
    'tel:+8613800138000',
    '013800138000',
  ])('%s is the one number', (text) => {
    expect(phone(text)).toBe('+8613800138000')
  })

  test.each([
    ['010-12345678', '+861012345678'],
    ['(0571) 8888 8888', '+8657188888888'],
    ['+86 571 88888888', '+8657188888888'],
    ['+852 9123 4567', '+85291234567'],
    ['001 415 555 2671', '+14155552671'],
  ])('%s is a number too', (text, normal) => {
    expect(phone(text)).toBe(normal)
  })

  test.each([
    '',
    'none',
    '138****8000',
    '1.38E+10',
    '1380013800',
    '138001380001',
    '110',
    '12345678',
    '+86 123',
    'a@b.c',
  ])('%s is none', (text) => {
    expect(phone(text)).toBeNull()
  })

  test('a normal form is its own normal form, and two numbers never become one', () => {
    const mobile = fc
      .tuple(fc.constantFrom('3', '5', '8', '9'), fc.stringMatching(/^\d{9}$/))
      .map(([a, b]) => `1${a}${b}`)
    fc.assert(
      fc.property(mobile, mobile, (one, other) => {
        expect(phone(phone(one) ?? '')).toBe(phone(one))
        expect(phone(one) === phone(`0086 ${other}`)).toBe(one === other)
      }),
    )
  })
})

test('other keys are exact, but for the width of their characters and the space around them', () => {
  expect(normalKey('member', ' ＶＩＰ００１ ')).toBe('VIP001')
  expect(normalKey('member', 'vip001')).not.toBe(normalKey('member', 'VIP001'))
  expect(normalKey('unionid', '  ')).toBeNull()
  expect(normalKey('external', 'x'.repeat(201))).toBeNull()
})
