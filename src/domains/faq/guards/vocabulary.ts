/** Characters that we recognise and never say: numbers, and letters that only look like others. */

/** What `#` in a phrase stands for, as the source of an expression. */
export const number = '[\\d零一二两三四五六七八九十百千万半几.]{1,12} ?'

/** Letters of other scripts that pass for Latin ones, and marks and digits that are read as letters. */
const lookalikes: Record<string, string> = {
  а: 'a',
  в: 'b',
  с: 'c',
  ԁ: 'd',
  е: 'e',
  ё: 'e',
  ғ: 'f',
  һ: 'h',
  н: 'h',
  і: 'i',
  ї: 'i',
  ı: 'i',
  ј: 'j',
  к: 'k',
  ӏ: 'l',
  м: 'm',
  ո: 'n',
  п: 'n',
  о: 'o',
  р: 'p',
  ԛ: 'q',
  г: 'r',
  ѕ: 's',
  т: 't',
  ц: 'u',
  ѵ: 'v',
  ԝ: 'w',
  х: 'x',
  у: 'y',
  α: 'a',
  β: 'b',
  ε: 'e',
  η: 'n',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ω: 'w',
  ø: 'o',
  đ: 'd',
  ł: 'l',
  ꜱ: 's',
  ɪ: 'i',
  ɢ: 'g',
  ɴ: 'n',
  ʀ: 'r',
  ᴀ: 'a',
  ᴇ: 'e',
  ᴍ: 'm',
  ᴏ: 'o',
  ᴘ: 'p',
  ᴛ: 't',
  ᴜ: 'u',
}

const leet: Record<string, string> = {
  '0': 'o',
  '1': 'i',
  '3': 'e',
  '4': 'a',
  '5': 's',
  '7': 't',
  '@': 'a',
  $: 's',
  '!': 'i',
  '|': 'l',
}

export function unlike(text: string): string {
  return text.replaceAll(
    /[\u00f8\u0111\u0131\u0142\u0262-\u1d1c\u0370-\u058f\ua731]/gu,
    (char) => lookalikes[char] ?? char,
  )
}

/** Within a word of letters alone: prices and codes stay what they are. */
export function unleet(text: string): string {
  return text.replaceAll(/[a-z0-9@$!|]*[a-z][a-z0-9@$!|]*/gu, (word) =>
    word.replaceAll(/[013457@$|]|!(?=[a-z])/gu, (char) => leet[char] ?? char),
  )
}
