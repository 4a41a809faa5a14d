/** What may begin a journey, as far as members knows of it. */
import { z } from 'zod'
import { type JourneyTrigger, journeyTrigger } from '../../../kernel/slice.ts'
import { dayAfter } from '../../../kernel/zone.ts'
import { daysWithin, nobody, oneOrMore, TimeOfDay, WholeDays } from './parts.ts'
import { fallenSilent, type Sought, withDay } from './repo.ts'

const dayMs = 86_400_000
const usualTime = '10:00'

const JoinedArgs = z.strictObject({
  rules: oneOrMore(z.string().min(1)).optional().describe('Only groups with this rule of groups.yaml, or one of these'),
})

/** data: {groupId, rule, threadId}. cause: `stay:<membership id>`. */
const joinedGroup: JourneyTrigger<z.output<typeof JoinedArgs>> = {
  title: 'Somebody joined a group, and we saw it',
  schema: JoinedArgs,
  on: 'announced',
  matches: ({ rules }, { rule }) => rules === undefined || rules.some((one) => one === rule),
  references: ({ rules = [] }) => rules.map((id) => ({ at: ['rules'], kind: 'groups', id })),
}

const NoArgs = z.strictObject({})

/** data: {account}. cause: `friend:<account>:<contact id>`. */
const addedBot: JourneyTrigger<z.output<typeof NoArgs>> = {
  title: 'Somebody became a friend of one of our accounts',
  schema: NoArgs,
  on: 'announced',
  matches: () => true,
}

const BirthdayArgs = z.strictObject({
  before: WholeDays.prefault('0d').describe('So many days before it, such as 3d'),
  at: TimeOfDay.default(usualTime),
})
type BirthdayArgs = z.output<typeof BirthdayArgs>

/** cause: `birthday:<year>`. Who was born on 29 February has it on the 28th in common years. */
const birthday: JourneyTrigger<BirthdayArgs> = {
  title: 'Her birthday comes, by what an import or the shop says of it',
  schema: BirthdayArgs,
  on: 'due',
  persons({ before, at }, { after, until, bind, content }) {
    const sought = daysWithin(content.zone, at, { after, until }).flatMap((one): Sought[] => {
      const day = dayAfter(one.day, before)
      const year = day.slice(0, 4)
      return birthdaysOn(day).map((key) => ({ key, at: one.at, cause: `birthday:${year}`, bornBefore: year }))
    })
    return sought.length === 0 ? nobody : withDay('birthday', sought, 'anniversary', bind)
  },
}

function birthdaysOn(day: string): string[] {
  const own = day.slice(5)
  return own === '02-28' && !dayAfter(day, 1).endsWith('02-29') ? [own, '02-29'] : [own]
}

const DateArgs = z
  .strictObject({
    field: z.string().trim().min(1).max(40).describe('A field of her profile with a day such as 2026-12-01'),
    before: WholeDays.optional().describe('So many days before it, such as 3d'),
    after: WholeDays.optional().describe('So many days after it, such as 30d'),
    at: TimeOfDay.default(usualTime),
  })
  .refine(({ before, after }) => before === undefined || after === undefined, {
    path: ['after'],
    error: '`before` or `after`, not both',
  })
type DateArgs = z.output<typeof DateArgs>

/** cause: `date:<field>:<day>`, the day as it stands in the profile. Once, not every year. */
const date: JourneyTrigger<DateArgs> = {
  title: 'A day that stands in her profile comes, or is so long ago',
  schema: DateArgs,
  on: 'due',
  persons({ field, before = 0, after: later = 0, at }, { after, until, bind, content }) {
    const sought = daysWithin(content.zone, at, { after, until }).map((one): Sought => {
      const key = dayAfter(one.day, before - later)
      return { key, at: one.at, cause: `date:${field}:${key}`, bornBefore: '9999-99-99' }
    })
    return sought.length === 0 ? nobody : withDay(field, sought, 'date', bind)
  },
}

const SilentArgs = z.strictObject({
  days: z.int().min(1).max(3_650).describe('So many days without a word or a deed of hers'),
})

/** cause: `silent:<day of the last sign>`. Who was never heard of has not fallen silent. */
const silent: JourneyTrigger<z.output<typeof SilentArgs>> = {
  title: 'Nothing was heard of her for so many days',
  schema: SilentArgs,
  on: 'due',
  persons: ({ days }, { after, until, bind, content }) =>
    fallenSilent(days * dayMs, { after, until }, content.zone, bind),
}

const Value = z.union([z.string(), z.number(), z.boolean()])

const EventArgs = z.strictObject({
  kind: z.string().trim().min(1).max(40).describe('As the shop’s program calls it in POST /api/events: weather'),
  where: z
    .record(z.string(), oneOrMore(Value))
    .optional()
    .describe('Fields of its `data`, each with a value or several of which one will do'),
  days: z.int().min(0).max(365).default(2).describe('Not where it happened more than so many days before we heard'),
})
type EventArgs = z.output<typeof EventArgs>

/** data: what the program said, and {kind, daysAgo}. cause: `event:<idempotency key>:<place>`. */
const event: JourneyTrigger<EventArgs> = {
  title: 'A program of the shop told of something about her',
  schema: EventArgs,
  on: 'announced',
  matches: ({ kind, where = {}, days }, data) =>
    data['kind'] === kind &&
    Number(data['daysAgo']) <= days &&
    Object.entries(where).every(([field, values]) => values.some((value) => value === data[field])),
}

export const triggers: Readonly<Record<string, JourneyTrigger>> = {
  joinedGroup: journeyTrigger(joinedGroup),
  addedBot: journeyTrigger(addedBot),
  birthday: journeyTrigger(birthday),
  date: journeyTrigger(date),
  silent: journeyTrigger(silent),
  event: journeyTrigger(event),
}
