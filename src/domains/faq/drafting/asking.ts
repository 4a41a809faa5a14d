/** What the model drafts: the part that talks to the network, outside of every transaction. */
import type { AskingWith } from '../answers/asking.ts'
import { entriesNamed } from '../answers/reading.ts'
import { answersSettings } from '../answers/schema.ts'
import { clean, personaOf, readObject } from '../persona/index.ts'
import { approvedDrafts, checkedDrafts, checkedSummary } from './decide.ts'
import { draftsPrompt, draftsSchema } from './prompt.ts'
import { type Drafted, type DraftRequest, ModelDrafts } from './schema.ts'

/** Drafts of several texts are longer than one answer. */
const tokensOfAnswers = 2

/**
 * Asks once, and checks what comes back: what does not pass is gone. Where nothing is left, or the model fails, the drafts
 * are the approved answers. Never throws for what the model says; takes at most `deadlineMs`.
 */
export async function draftFor(
  request: DraftRequest,
  deadlineMs: number,
  { model, ids, content: contentNow }: Pick<AskingWith, 'model' | 'ids' | 'content'>,
): Promise<Drafted> {
  const content = contentNow()
  const persona = personaOf(content, null)
  const approved = withoutModel(request, approvedDrafts(request, content))
  if (!persona) return approved
  const entries = entriesNamed(
    request.given.map((entry) => ({ entry })),
    content,
  )
  const outcome = await model.ask({
    messages: draftsPrompt(persona, request, entries, ids.fresh().replaceAll('-', '')),
    schema: draftsSchema,
    maxTokens: content.settings(answersSettings).maxTokens * tokensOfAnswers,
    deadlineMs,
  })
  if (outcome.kind === 'failed') return { ...approved, failed: outcome.why }
  const said = readObject(outcome.text, draftsOf)
  if (!said) return { ...approved, usage: outcome.usage }
  const drafts = checkedDrafts(said, request, content)
  const summary = checkedSummary(said, request, content)
  return { ...approved, summary, drafts: drafts.length > 0 ? drafts : approved.drafts, usage: outcome.usage }
}

function draftsOf(data: unknown): ModelDrafts | null {
  const read = ModelDrafts.safeParse(data)
  if (!read.success) return null
  const drafts = read.data.drafts.map(({ text, cites }) => ({ text: clean(text), cites: cites.map(clean) }))
  return { summary: clean(read.data.summary), drafts }
}

/** What comes back where no model was asked. */
export function withoutModel(
  { caseId, madeFor, customerId, contactId }: Pick<DraftRequest, 'caseId' | 'madeFor' | 'customerId' | 'contactId'>,
  drafts: Drafted['drafts'],
): Drafted {
  const usage = { input: 0, output: 0 }
  return { ...{ caseId, madeFor, customerId, contactId }, summary: null, drafts, usage, failed: null }
}
