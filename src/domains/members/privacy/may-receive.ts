/** Whether somebody wants what nobody asked for, at that moment (law 6). Pure; campaigns ask before they send. */
import type { Purpose } from '../../../kernel/effect.ts'
import type { Consent } from './consent.ts'
import type { Preferences } from './schema.ts'

export type Offer = {
  purpose: Purpose
  /** The id of a topic of settings.yaml, where the content has one. */
  topic?: string | undefined
  /** It was chosen for her by her tags: who wants nothing personal gets what everybody gets. */
  personal?: boolean
  /** When it is to be sent. */
  at: Date
  /** The brand's (IANA): in it hours and days are meant. */
  zone: string
  /** When she last got a promotion, and how far apart they must be for who wants less (ms); only then looked at. */
  lastAt?: Date | null
  lessEvery?: number
}

export type MayReceive =
  | { answer: 'yes' }
  | { answer: 'no'; reason: 'opted-out' | 'profiling-refused' | 'topic' | 'less' | 'hours' }
  /** Not now, but at `at`. */
  | { answer: 'later'; at: Date }

const no = (reason: Extract<MayReceive, { answer: 'no' }>['reason']): MayReceive => ({ answer: 'no', reason })

/**
 * `preferences`: those of every customer that is the person; what is sent must suit all of them. Replies, service and
 * what advisers write always pass. Reminders of a challenge that she joined keep to her hours and stop with the opt-out;
 * topics and «less» are about promotions.
 */
export function mayReceive(
  consent: Pick<Consent, 'optedOutAt' | 'profilingRefusedAt'>,
  preferences: readonly Preferences[],
  offer: Offer,
): MayReceive {
  const { purpose, topic, at, zone, lastAt = null, lessEvery = 0 } = offer
  if (purpose !== 'marketing' && purpose !== 'challenge') return { answer: 'yes' }
  if (consent.optedOutAt) return no('opted-out')
  if (purpose === 'marketing') {
    if (offer.personal && consent.profilingRefusedAt) return no('profiling-refused')
    // Who wants skin care alone does not want what says nothing of its topic either.
    const unwanted = preferences.some(({ topics }) => topics && (topic === undefined || !topics.includes(topic)))
    if (unwanted) return no('topic')
    const often = lastAt !== null && at.getTime() - lastAt.getTime() < lessEvery
    if (often && preferences.some(({ less }) => less)) return no('less')
  }
  const moment = nextMoment(preferences, at, zone)
  if (moment === undefined) return no('hours')
  return moment.getTime() === at.getTime() ? { answer: 'yes' } : { answer: 'later', at: moment }
}

const minute = 60_000
const dayMinutes = 24 * 60
/** Every week has each moment once: who finds none in a week and a day finds none at all. */
const horizonMinutes = 8 * dayMinutes

/** The first moment from `at` on that suits all of them. */
function nextMoment(preferences: readonly Preferences[], at: Date, zone: string): Date | undefined {
  const restricted = preferences.filter(({ hours, days }) => hours ?? days)
  if (restricted.length === 0) return at
  const horizon = at.getTime() + horizonMinutes * minute
  for (let moment = at; moment.getTime() <= horizon; ) {
    const local = localTime(moment, zone)
    const wait = Math.max(...restricted.map((one) => waitOf(one, local)))
    if (wait === 0) return moment
    moment = afterWait(moment, wait, (local.minutes + wait) % dayMinutes, zone)
  }
  return undefined
}

/** `wait` minutes on from a full minute, at `aimed` minutes of its day: where clocks change on the way, an hour differs. */
function afterWait(from: Date, wait: number, aimed: number, zone: string): Date {
  const plain = new Date(Math.floor(from.getTime() / minute) * minute + wait * minute)
  const half = dayMinutes / 2
  const off = ((aimed - localTime(plain, zone).minutes + dayMinutes + half) % dayMinutes) - half
  const aimedAt = new Date(plain.getTime() + off * minute)
  // A time that the clocks leave out is never reached; the next one serves.
  return aimedAt > from ? aimedAt : plain
}

type Local = { minutes: number; day: number }

/** Minutes until something changes for the better: 0 when the moment suits. */
function waitOf({ hours, days }: Preferences, { minutes, day }: Local): number {
  if (days && !days.includes(day)) return dayMinutes - minutes
  if (!hours) return 0
  const [from, to] = [minutesOf(hours.from), minutesOf(hours.to)]
  const inside = from < to ? minutes >= from && minutes < to : minutes >= from || minutes < to
  return inside || from === to ? 0 : (from - minutes + dayMinutes) % dayMinutes
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(':').map(Number)
  return hours * 60 + minutes
}

const formats = new Map<string, Intl.DateTimeFormat>()

/** Minutes since midnight and the day of the week (1 = Monday) in a zone. */
function localTime(at: Date, zone: string): Local {
  let format = formats.get(zone)
  if (!format) {
    const parts = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', weekday: 'short', timeZone: zone } as const
    format = new Intl.DateTimeFormat('en-US', parts)
    formats.set(zone, format)
  }
  const found = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]))
  const days = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']
  return {
    minutes: Number(found['hour']) * 60 + Number(found['minute']),
    day: days.indexOf(found['weekday'] ?? '') + 1,
  }
}
