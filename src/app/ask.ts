/** Questions to the content folder, without a database or an account. */
import { formatFindings, loadFolder } from '../content/index.ts'
import { type Asked, ask, lentBy, type Shown, showAnswer } from '../domains/faq/index.ts'
import type { Env } from '../env.ts'
import { openLlm } from '../gateways/llm/index.ts'
import { groupRules } from '../domains/members/index.ts'
import { systemClock } from '../kernel/clock.ts'
import type { Content } from '../kernel/content.ts'
import { UsageError } from '../kernel/errors.ts'
import { systemIds } from '../kernel/ids.ts'
import { createLog } from '../kernel/log.ts'
import { registry } from './registry.ts'
import { slices } from './slices.ts'

export type Asking = {
  /** What retrieval decides, and the approved words. */
  ask(question: string): Asked
  /** What a customer would read, in the words of the model where the environment names one. */
  show(question: string): Promise<Shown>
  close(): void
}

/** What answers are made of. '.' is the folder itself, which may not be there. */
const ofAnswers = ['.', 'settings.yaml', 'words.yaml', 'guards.yaml', 'persona.md']

/** Reads the folder once. Only errors in what answers are made of are in the way; it throws `content-bad` with them. */
export async function openAsk(env: Env, { group, approved }: { group?: string; approved?: boolean }): Promise<Asking> {
  const dir = env.CONTENT_DIR
  const matters = (file: string): boolean => ofAnswers.includes(file) || /^(faq|personas)\//.test(file)
  const { content, findings } = await loadFolder(dir, registry, { tolerates: (finding) => !matters(finding.file) })
  if (!content) {
    const errors = findings.filter(({ file, severity }) => severity === 'error' && matters(file))
    throw new UsageError({ code: 'content-bad', message: formatFindings(errors) })
  }
  assertGroup(content, group)
  const llm = approved || env.OPENAI_API_KEY === undefined ? undefined : openModel(env, env.OPENAI_API_KEY)
  const { proposable } = lentBy(slices)
  const at = () => ({ now: systemClock.now(), group: group ?? null })
  const parts = { ids: systemIds(systemClock), clock: systemClock, model: llm?.model, proposable }
  return {
    ask: (question) => ask(content, question, at()),
    show: (question) => showAnswer(content, question, { ...at(), ...parts }),
    close: () => llm?.close(),
  }
}

function openModel({ OPENAI_BASE_URL: baseUrl, OPENAI_MODEL: model }: Env, apiKey: string) {
  return openLlm({ apiKey, baseUrl, model, log: createLog('warn'), clock: systemClock })
}

/** Throws `ask-group` when no rule of groups.yaml has this id: every answer would look right and be for nobody. */
function assertGroup(content: Content, group: string | undefined): void {
  const known = content.one(groupRules).groups.map(({ id }) => id)
  if (group === undefined || known.includes(group)) return
  const message = `groups.yaml has no rule «${group}». It has: ${known.join(', ') || 'none'}.`
  throw new UsageError({ code: 'ask-group', message })
}
