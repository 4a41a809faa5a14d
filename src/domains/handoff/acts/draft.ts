/** «Turn into FAQ draft»: what was asked last, and how it was answered, kept for whoever writes the FAQ. */
import type { CaseFile } from '../cases/index.ts'
import { type Adviser, rosterOf } from '../roster/index.ts'
import { customerOf, type On } from '../talk/index.ts'
import { findSaid } from '../relay/repo.ts'
import { type Line, listLines } from '../talk/repo.ts'
import type { Done } from './index.ts'
import { lastPair, type Signature } from './pair.ts'

/** As far back as a question and its answer are looked for. */
const linesLooked = 60
/** Stands where her words stand in the signed ones: no key types it. */
const inPlace = '\u2060'

/**
 * `key`: the message or the click that it was; once. `which`: the send that is the answer, by its key; by default the last
 * one. The FAQ masks what it keeps, and nobody is answered from it.
 */
export async function keepAsDraft(file: CaseFile, by: Adviser, key: string, on: On, which?: string): Promise<Done> {
  const { customerId, id, owner, talkThreadId, threadId } = file.now()
  if (owner !== by.id && by.role !== 'manager') return { refused: { kind: 'not-yours', owner } }
  const lines = await listLines(on.work.db, { threadId: talkThreadId ?? threadId, customerId }, linesLooked)
  const until = which === undefined ? lines.length : 1 + (await lastLineOf(which, lines, on))
  const pair = lastPair(lines.slice(0, until), signaturesOf(on))
  if (!pair) return { refused: { kind: 'nothing-answered' } }
  const customer = await customerOf(file.now(), on)
  return { customer, effects: [{ kind: 'DraftEntry', key: `handoff:${id}:${key}`, ...pair, by: by.id, customerId }] }
}

/** Where the words of a send stand among the lines; -1 where they do not. */
async function lastLineOf(say: string, lines: readonly Line[], { work }: On): Promise<number> {
  const parts = (await findSaid(work.db, say))?.parts.map(({ body }) => (body.type === 'text' ? body.text : '')) ?? []
  return lines.findLastIndex(({ who, text }) => who !== 'customer' && text !== '' && parts.includes(text))
}

function signaturesOf({ content }: Pick<On, 'content'>): Signature[] {
  return [...rosterOf(content).values()].flatMap(({ name: adviser }) =>
    (['handoff.signed', 'handoff.signed-draft'] as const).map((as) => {
      const [before = '', after = ''] = content.reply(as, { adviser, text: inPlace }).split(inPlace)
      return { before, after }
    }),
  )
}
