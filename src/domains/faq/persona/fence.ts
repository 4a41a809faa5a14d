/** What customers write, fenced: a nonce that nobody can guess tells the model where their words begin and end. */
import { ZhangguiError } from '../../../kernel/errors.ts'

/** A guessable fence is none. */
const shortestNonce = 8

/** Puts a text between fences of its own, without what could pass for one, and no longer than `most` characters. */
export type Fence = (text: string, most: number) => string

/** Throws `prompt-nonce` when the nonce is too short to be one. */
export function fenceWith(nonce: string): Fence {
  if (nonce.length < shortestNonce || /\s/u.test(nonce)) {
    throw new ZhangguiError({
      code: 'prompt-nonce',
      message: `A fence needs a nonce of at least ${shortestNonce} characters without spaces. Take one from Ids.`,
    })
  }
  const any = new RegExp(nonce.replaceAll(/[\\^$.*+?()[\]{}|]/gu, '\\$&'), 'giu')
  return (text, most) => `<<${nonce}\n${cut(visible(text, most).replaceAll(any, ' '), most)}\n${nonce}>>`
}

/** Without control characters, and without what is not seen and may carry a message past a reader. */
function visible(text: string, most: number): string {
  // Nobody types more than a few times as much: the rest is not even looked at.
  const looked = text.slice(0, most * 20).toWellFormed()
  return looked
    .replaceAll(/\r\n?|[\u0085\u2028\u2029]/gu, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(/(?!\n)\p{Cc}|\p{Cf}|\p{Co}|[\ufe00-\ufe0e\u{e0100}-\u{e01ef}]/gu, '')
    .replaceAll(/\n{3,}/gu, '\n\n')
    .trim()
}

/** The beginning and the end of a long text: a story may end with its question. */
function cut(text: string, most: number): string {
  const characters = [...text]
  if (characters.length <= most) return text
  const tail = Math.floor(most / 3)
  return [...characters.slice(0, most - tail - 1), '…', ...characters.slice(-tail)].join('')
}
