/** Links that lead nowhere for whoever reads the message in WeChat. */
import type { Context, Own, Spot, Told } from './pieces.ts'

const addresses =
  /\bhttps?:\/\/[^\s<>"'`{}\u3000-\u303f\uff00-\uffef\p{sc=Han}]{0,2000}|(?<![\w./@-])(?:localhost|127\.0\.0\.1)(?=[:/])[\w.:/-]{0,2000}/giu
/** `[words](target)`; pictures, `![picture](media/…)`, are sent as such, and the loader knows which are missing. */
const marked = /(?<!!\[[^[\]\n]{0,100})\]\(\s*([^()\s]{1,300})[^()\n]{0,100}\)/gu
const files = /(?<![\w/.:(-])(?:\.{0,2}\/)?(?:content|media)\/[\w./-]*\w/gu
const nowhere = /(?:^|\.)(?:localhost|example\.(?:com|org|net|cn)|test|invalid|example|local|internal|lan)$/u
const inside = /^(?:0\.|10\.|127\.|169\.254\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.)\d|^\[(?:::1?\]|f[cd]|fe80)/u

export function linkFindings(text: string, holds: Context['holds']): Told[] {
  if (!/[/:(]/u.test(text)) return []
  const told: Told[] = []
  // Indexes that are told of: a marked link is an address or a path as well.
  const taken = new Set<number>()
  const tell = (found: Told | undefined): void => {
    if (!found || taken.has(found.index)) return
    for (let i = 0; i < found.length; i += 1) taken.add(found.index + i)
    told.push(found)
  }
  for (const { index, 0: link } of text.matchAll(addresses)) {
    // A mark that ends the sentence is not of the link.
    const address = link.replace(/[.,;:!?)\]*_~]+$/u, '')
    // What a placeholder goes on with is not known yet.
    const isOpen = text.startsWith('{{', index + link.length)
    tell(addressFinding(address, { index, length: address.length }, isOpen))
  }
  for (const match of text.matchAll(marked)) {
    const [whole, target = ''] = match
    if (/^(?:[a-z][a-z\d+.-]*:|#|\{\{)/iu.test(target)) continue
    tell(fileFinding(target, { index: match.index + whole.indexOf(target), length: target.length }, holds))
  }
  for (const { index, 0: path } of text.matchAll(files)) tell(fileFinding(path, { index, length: path.length }, holds))
  return told
}

function addressFinding(address: string, spot: Spot, isOpen: boolean): Told | undefined {
  const url = URL.parse(/^https?:/iu.test(address) ? address : `http://${address}`)
  if (!url) {
    if (isOpen) return undefined
    return finding(
      'dead-link',
      'error',
      spot,
      `the link ${address} is not one`,
      'The whole link, as a browser shows it',
    )
  }
  if (nowhere.test(url.hostname) || inside.test(url.hostname)) {
    const message = `the link ${address} opens for nobody outside`
    return finding('dead-link', 'error', spot, message, 'The public address of the page')
  }
  if (url.protocol === 'https:') return undefined
  const message = `the link ${address} is not encrypted: WeChat warns of it or does not open it`
  return finding('unsafe-link', 'warning', spot, message, 'The same page with https://')
}

/** Nobody who gets a message can open a file of ours: it has to be sent as a picture or file. */
function fileFinding(target: string, spot: Spot, holds: Context['holds']): Told {
  const path = target.replace(/^(?:\.{0,2}\/)+/u, '').replace(/^content\//u, '')
  if (holds && !holds(path)) {
    const message = `the file ${path} is not in the content folder`
    return finding(
      'dead-link',
      'error',
      spot,
      message,
      'The path of a file that is there: names count upper and lower case',
    )
  }
  const message = `${target} is a file of ours: who reads the message cannot open it`
  return finding(
    'dead-link',
    'error',
    spot,
    message,
    'Send the file as a picture or file of its own, or link to a page',
  )
}

function finding(rule: Own, severity: Told['severity'], spot: Spot, message: string, expected: string): Told {
  return { rule, law: '', severity, ...spot, message, expected }
}
