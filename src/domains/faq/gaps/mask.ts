/** Questions without what leads to a person: they are shown to people and to a model, and kept in files. */
import { givenAccount, givenAddress, givenName, spokenDigits, street } from './vocabulary.ts'

/** The rest of a longer text is left out. */
const longest = 5_000

/** Stands for what was taken out. It is no letter and no digit, so retrieval does not see it. */
export const hidden = '***'

const link = /(?:https?:\/\/|www\.)\S+/giu
const email = /[^\s@,，。;；:：<>()（）]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,4}/giu
const mention = /@+[^\s@,，。:：!！?？]{1,40}/gu
/** A phone, an order, a card: six digits and more, however they are grouped. Hotlines and prices are shorter. */
const longNumber = /\+?\d(?:[\s().·-]{0,2}\d){5,}[xX]?/gu

/**
 * Without links, addresses of mail, «@names», long numbers, and what is labelled as a name, an account or an address.
 * A bare name stays: nothing tells it from other words.
 */
export function masked(text: string): string {
  return text
    .slice(0, longest)
    .toWellFormed()
    .normalize('NFKC')
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/\p{Cf}|[\ufe00-\ufe0f]/gu, '')
    .replace(link, hidden)
    .replace(email, hidden)
    .replace(mention, hidden)
    .replace(longNumber, hidden)
    .replace(spokenDigits, hidden)
    .replace(street, hidden)
    .replace(givenName, (_, label?: string, called?: string) => `${label ?? called ?? ''}${hidden}`)
    .replace(givenAccount, `$<label>${hidden}`)
    .replace(givenAddress, `$<label>${hidden}`)
    .trim()
}
