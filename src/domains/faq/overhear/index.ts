/** Groups whose rule says `answer: confident`: whether a question that named nobody may be answered. */
import type { Content } from '../../../kernel/content.ts'
import type { Work } from '../../../kernel/work.ts'
import { answersSettings } from '../answers/schema.ts'
import type { Talk } from '../schema.ts'
import { mayJoin } from './decide.ts'
import { listTalk } from './repo.ts'

export { mayJoin, type Overhearing } from './decide.ts'
export { findAnswered, listTalk, type ThreadSince } from './repo.ts'
export type { SpokenBy, Utterance } from './schema.ts'

/** Whether the question that she asked at `askedAt` is still nobody's but ours. */
export async function mayStillJoin(
  { work, content, talk }: { work: Work; content: Content; talk: Talk },
  askedAt: Date,
): Promise<boolean> {
  const { quiet: quietMs } = content.settings(answersSettings).overhear
  const since = new Date(askedAt.getTime() - quietMs)
  const heard = await work.load(listTalk, { threadId: talk.threadId, since })
  return mayJoin(heard ?? [], { askerId: talk.customerId, askedAt, now: work.now, quietMs })
}
