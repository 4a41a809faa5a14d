/** Names of goods: the brand's own, those that only sound like it, and kinds of goods that the brand may not have. */
import type { GuardsContent, Product } from '../guards/index.ts'
import { plainly } from './numbers/normal.ts'
import * as words from './vocabulary.ts'

export type Named = { product: Product; words: string; start: number; end: number }

type Names = { any: RegExp | undefined; owner: Map<string, Product> }

const names = new WeakMap<readonly Product[], Names>()

/** Names are written with and without spaces: «初光 VC 精华», «初光VC精华». */
const loose = (name: string): string =>
  [...plainly(name).replaceAll(/\s+/gu, '')].map((char) => char.replaceAll(/[\\^$.*+?()[\]{}|/]/gu, '\\$&')).join(' ?')

function namesOf(products: readonly Product[]): Names {
  const known = names.get(products)
  if (known) return known
  const owner = new Map<string, Product>()
  for (const product of products) {
    for (const name of [product.name, ...product.aliases]) owner.set(bare(name), product)
  }
  const list = [...owner.keys()].sort((a, b) => b.length - a.length).map(loose)
  const made = {
    any: list.length > 0 ? new RegExp(list.join('|'), 'gu') : undefined,
    owner,
  }
  names.set(products, made)
  return made
}

export function bare(name: string): string {
  return plainly(name).replaceAll(/[^\p{L}\p{N}]+/gu, '')
}

/** What of a list (products, or scopes) a text in plain spelling names, in its order. */
export function namedIn(plain: string, list: readonly Product[]): Named[] {
  const { any, owner } = namesOf(list)
  if (!any) return []
  return [...plain.matchAll(any)].flatMap(({ 0: written, index }) => {
    const product = owner.get(bare(written))
    return product && !words.beyond.test(plain.slice(index + written.length))
      ? [{ product, words: written, start: index, end: index + written.length }]
      : []
  })
}

/** Which product an amount at [start, end) is about: the nearest one of its clause, else the last one of its sentence. */
export function subjectAt(text: string, named: readonly Named[], start: number, end: number): Product | undefined {
  const between = (a: number, b: number) => text.slice(Math.min(a, b), Math.max(a, b))
  const near = named
    .map((one) => ({ one, way: one.end <= start ? between(one.end, start) : between(end, one.start) }))
    .filter(({ way }) => !words.enumerating.test(way))
    .sort((a, b) => a.way.length - b.way.length)
  if (near[0]) return near[0].one.product
  return named.findLast((one) => one.end <= start && !words.sentenceEnds.test(between(one.end, start)))?.product
}

const kinds = new WeakMap<GuardsContent, { any: RegExp | undefined }>()

function categoriesOf(guards: GuardsContent): RegExp | undefined {
  const known = kinds.get(guards)
  if (known) return known.any
  const list = [...new Set(guards.categories.map(plainly))].sort((a, b) => b.length - a.length).map(loose)
  const any = list.length > 0 ? new RegExp(list.join('|'), 'gu') : undefined
  kinds.set(guards, { any })
  return any
}

/** What is named like a product and is in none of the texts that ground it. `known`: letters and digits alone. */
export function strangeGoods(plain: string, guards: GuardsContent, known: string): string[] {
  const { any } = namesOf(guards.products)
  const categories = categoriesOf(guards)
  const rest = any ? plain.replaceAll(any, (name) => '\u0001'.repeat(name.length)) : plain
  const strange: string[] = []
  for (const [name] of categories ? rest.matchAll(categories) : []) {
    if (!known.includes(bare(name))) strange.push(name)
  }
  for (const { 0: ending, index } of rest.matchAll(goods)) {
    const prefix = nameBefore(rest.slice(0, index))
    if (prefix !== '' && !isKnown(prefix, ending, known)) strange.push(prefix + ending)
  }
  return strange
}

const goods = new RegExp(words.productEndings, 'gu')
const nameAtMost = 8

/** The characters in front of an ending that may be a name: back to a mark or to a word that belongs to no name. */
function nameBefore(before: string): string {
  const [run = ''] = /[\p{sc=Han}a-z0-9 ]*$/u.exec(before) ?? []
  const chars = [...run].slice(-nameAtMost)
  let name = ''
  while (chars.length > 0) {
    if (words.plainBefore.test(chars.join(''))) break
    name = (chars.pop() ?? '') + name
  }
  return name.trim()
}

/** The whole name stands somewhere, or its beginning does as a name of its own. */
function isKnown(prefix: string, ending: string, known: string): boolean {
  const name = bare(prefix)
  if (name === '' || known.includes(name + bare(ending))) return true
  return name.length > 1 && known.includes(name)
}

/** What stands in quotes is a name: of a page, a button, an action, a product. */
export function quoted(plain: string): string[] {
  return [...plain.matchAll(/[「『《【“]([^」』》】”\n]{1,40})[」』》】”]/gu)].flatMap(([, inner = '']) =>
    bare(inner) === '' ? [] : [inner],
  )
}
