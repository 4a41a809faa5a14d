/** What follows from a word about her data. Pure. */
import type { OpenQuestion } from '../schema.ts'
import type { Consent } from './consent.ts'
import { type Change, type Preferences, type PrivacySettings, questions } from './schema.ts'
import type { Said } from './words.ts'

/** Everything that a word may depend on. */
export type Situation = {
  said: Said | undefined
  /** The number that the message is and nothing more. */
  number: number | undefined
  /** Whatever question is open, not only one of ours. */
  question: OpenQuestion | null
  consent: Consent
  /** In a direct message; otherwise in a group, where nothing personal is said. */
  direct: boolean
  /** A human has the thread: her words may be answers to the human. */
  owned: boolean
  now: Date
}

export type Decision = {
  changes: Change[]
  reply?: { key: string; values?: Record<string, unknown> }
  ask?: { question: string; payload: unknown; expiresAt: Date }
  /** The question of ours that is open stays so; otherwise what she says next is about something else. */
  stillOpen?: true
  /** What is left to do where the database is: tell what we know, or delete. */
  then?: 'tell' | 'forget'
}

/** Refusals. They bite even when nothing may be answered any more. */
const refusals: ReadonlySet<Said['word']> = new Set(['stop', 'less', 'only', 'when', 'refuseProfiling', 'withdraw'])

/** The same where nobody may be answered: what was refused in the meantime is refused, and nothing else happens. */
export function obey(situation: Situation, settings: PrivacySettings): Decision {
  const { said } = situation
  if (!said || !refusals.has(said.word)) return { changes: [] }
  return { changes: decide({ ...situation, question: null }, settings)?.changes ?? [] }
}

/** Undefined when the words are not about her data here: then somebody else answers them. */
export function decide(situation: Situation, settings: PrivacySettings): Decision | undefined {
  const { said, number, question, direct } = situation
  if (question?.kind === questions.menu && number !== undefined) {
    const chosen = menuOf(settings)[number - 1]
    return chosen && decide({ ...situation, said: chosen.said, number: undefined }, settings)
  }
  switch (said?.word) {
    case undefined:
      return undefined
    case 'stop':
      return done({ kind: 'opted-out' }, 'privacy.stopped')
    case 'resume':
      return done({ kind: 'resumed' }, 'privacy.resumed')
    case 'less':
      return prefer({ less: true }, settings)
    case 'only':
      return prefer({ topics: said.topics }, settings)
    case 'when': {
      const time = settings.times.find(({ id }) => id === said.time)
      return prefer({ ...(time?.hours && { hours: time.hours }), ...(time?.days && { days: time.days }) }, settings)
    }
    case 'usual':
      return done({ kind: 'preferred-nothing' }, 'privacy.usual')
    case 'refuseProfiling':
      return done({ kind: 'profiling-refused' }, 'privacy.profiling-off')
    case 'allowProfiling':
      return done({ kind: 'profiling-allowed' }, 'privacy.profiling-on')
    case 'withdraw':
      return done({ kind: 'withdrawn' }, 'privacy.withdrawn')
    case 'choose':
      return direct ? offerMenu(situation, settings) : directOnly
    case 'myData':
      return direct ? { changes: [{ kind: 'shown' }], then: 'tell' } : directOnly
    case 'forget':
      return direct ? askToForget(situation, settings) : directOnly
    case 'confirmForget':
      return direct ? confirmForget(situation, settings) : directOnly
    case 'agree':
      return agree(situation, settings)
    case 'decline':
      return decline(question)
    case 'yes':
      return question?.kind === questions.forget ? { ...say('privacy.forget-exactly'), stillOpen: true } : undefined
    default:
      return said satisfies never
  }
}

const say = (key: string, values?: Record<string, unknown>): Decision => ({
  changes: [],
  reply: { key, ...(values && { values }) },
})
const done = (change: Change, key: string): Decision => ({ changes: [change], reply: { key } })
const directOnly: Decision = say('privacy.direct-only')

function prefer(preferences: Preferences, settings: PrivacySettings): Decision {
  const values = inWords(preferences, settings)
  return { changes: [{ kind: 'preferred', preferences }], reply: { key: 'privacy.chosen', values } }
}

/** Preferences as people call them: the first of the words that content gives each. */
export function inWords(
  { less, topics = [], hours, days }: Preferences,
  settings: PrivacySettings,
): { less: boolean; topics: string[]; times: string[] } {
  const called = ({ id, words }: { id: string; words: string[] }): string => words[0] ?? id
  const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other)
  const times = settings.times.filter(
    (time) => (time.hours && same(time.hours, hours)) ?? (time.days && same(time.days, days)),
  )
  return {
    less: less === true,
    topics: topics.map((id) => called(settings.topics.find((topic) => topic.id === id) ?? { id, words: [] })),
    times: times.map(called),
  }
}

/** A line of the menu. `name` is what content calls the topic or time. */
export type MenuOption = { number: number; kind: 'less' | 'only' | 'when' | 'usual'; name: string; said: Said }

/** Nine at most: each is chosen by one digit. The last one takes all choices back. */
function menuOf(settings: PrivacySettings): MenuOption[] {
  const options: Omit<MenuOption, 'number'>[] = [
    { kind: 'less', name: '', said: { word: 'less' } },
    ...settings.topics.map(({ id, words }) => ({
      ...{ kind: 'only' as const, name: words[0] ?? id, said: { word: 'only' as const, topics: [id] } },
    })),
    ...settings.times.map(({ id, words }) => ({
      ...{ kind: 'when' as const, name: words[0] ?? id, said: { word: 'when' as const, time: id } },
    })),
  ]
  const last: Omit<MenuOption, 'number'> = { kind: 'usual', name: '', said: { word: 'usual' } }
  return [...options.slice(0, 8), last].map((option, i) => ({ ...option, number: i + 1 }))
}

function offerMenu({ now }: Situation, settings: PrivacySettings): Decision {
  const options = menuOf(settings).map(({ number, kind, name }) => ({ number, kind, name }))
  const expiresAt = new Date(now.getTime() + settings.confirmWithin)
  return { ...say('privacy.menu', { options }), ask: { question: questions.menu, payload: null, expiresAt } }
}

function askToForget({ consent, now }: Situation, settings: PrivacySettings): Decision {
  const expiresAt = new Date(now.getTime() + settings.confirmWithin)
  return {
    changes: [{ kind: 'deletion-asked' }],
    reply: { key: 'privacy.forget-ask', values: { minutes: Math.max(1, Math.round(settings.confirmWithin / 60_000)) } },
    ask: { question: questions.forget, payload: { personId: consent.personId }, expiresAt },
  }
}

/**
 * Only in the thread in which she was asked, and only while she is the person who was asked: when she turned out to be
 * the same as somebody else in between, more would be deleted than she was told, so she is asked again.
 */
function confirmForget(situation: Situation, settings: PrivacySettings): Decision {
  const { question, consent } = situation
  if (question?.kind !== questions.forget) return say('privacy.forget-none')
  const asked = question.payload as { personId?: unknown } | null
  if (asked?.personId !== consent.personId) return askToForget(situation, settings)
  return { changes: [{ kind: 'deletion-confirmed' }], reply: { key: 'privacy.forget-started' }, then: 'forget' }
}

/**
 * «Agreed» counts for what we asked. Another question may have taken the place of the one that came with the notice, so
 * for as long as that one would be open it counts for it, unless a human talks with her.
 */
function agree({ question, consent, direct, owned, now }: Situation, settings: PrivacySettings): Decision | undefined {
  if (question?.kind === questions.sensitive) return done({ kind: 'sensitive-consented' }, 'privacy.sensitive-agreed')
  const justNoticed = consent.noticedAt && now.getTime() - consent.noticedAt.getTime() < settings.questionExpires
  const meant =
    question?.kind === questions.consent ||
    (settings.consent === 'ask' && direct && !owned && justNoticed && !consent.consentedAt)
  return meant && !consent.profilingRefusedAt ? done({ kind: 'consented' }, 'privacy.agreed') : undefined
}

function decline(question: OpenQuestion | null): Decision | undefined {
  switch (question?.kind) {
    case questions.sensitive:
      return say('privacy.sensitive-declined')
    case questions.consent:
      return say('privacy.declined')
    case questions.forget:
      return say('privacy.forget-kept')
    case questions.menu:
      return { changes: [] }
    default:
      return undefined
  }
}
