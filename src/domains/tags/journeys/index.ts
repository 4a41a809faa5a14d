/** What tags lend to journeys: to begin with a tag that comes or goes, and to set one. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { type JourneyStep, journeyStep, type JourneyTrigger, journeyTrigger } from '../../../kernel/slice.ts'
import { oneOrMore } from '../../members/index.ts'
import { gained, lost } from './repo.ts'

type Values = Record<string, string[]>

/** As segments name tags. */
const TagArgs = z
  .record(z.string(), oneOrMore(z.string().min(1)))
  .refine((dimensions) => Object.keys(dimensions).length > 0, { error: 'at least one dimension with a value' })

function listed(args: Values): { dimension: string; value: string }[] {
  return Object.entries(args).flatMap(([dimension, values]) => values.map((value) => ({ dimension, value })))
}

function namedIn(args: Values): { at: string[]; kind: string; id: string }[] {
  return listed(args).map(({ dimension, value }) => ({ at: [dimension], kind: 'tags', id: `${dimension}/${value}` }))
}

/** cause: `gained:<dimension>/<value>:<since, ISO 8601>`. */
const tagGained: JourneyTrigger<Values> = {
  title: 'Got a tag: a dimension, and a value or several of which one will do',
  schema: TagArgs,
  on: 'due',
  references: namedIn,
  persons: (args, { after, until, bind }) => gained({ tags: listed(args), after, until }, bind),
}

/** cause: `lost:<dimension>/<value>:<ended at, ISO 8601>`. */
const tagLost: JourneyTrigger<Values> = {
  title: 'Lost a tag: a dimension, and a value or several of which one will do',
  schema: TagArgs,
  on: 'due',
  references: namedIn,
  persons: (args, { after, until, bind }) => lost({ tags: listed(args), after, until }, bind),
}

export const triggers: Readonly<Record<string, JourneyTrigger>> = {
  tagGained: journeyTrigger(tagGained),
  tagLost: journeyTrigger(tagLost),
}

type Setting = { values: Values; until?: number | undefined }

/** `{role: vip, until: 30d}`: a dimension cannot be called `until` here. */
const SetArgs: z.ZodType<Setting> = z
  .object({ until: Duration.optional().describe('So long it holds; by default until it is taken back') })
  .catchall(oneOrMore(z.string().min(1)))
  .refine((written) => Object.keys(written).some((key) => key !== 'until'), {
    error: 'at least one dimension with a value',
  })
  .transform(({ until, ...values }): Setting => ({ values, until }))

const tag: JourneyStep<Setting> = {
  title: 'Sets a tag as a hand does: it wins over rules until it is taken back, or its time is over',
  schema: SetArgs,
  references: ({ values }) => namedIn(values),
  effects: ({ values, until }, { customerId, journey }, { now }) =>
    listed(values).map((one) => ({
      ...{ kind: 'AddTag', customerId, ...one, by: byOf(journey) },
      ...(until === undefined ? {} : { until: new Date(now.getTime() + until) }),
    })),
}

const untag: JourneyStep<Values> = {
  title: 'Takes a tag back that a hand or a journey has set; what rules say holds again',
  schema: TagArgs,
  references: namedIn,
  effects: (args, { customerId, journey }) =>
    listed(args).map((one) => ({ kind: 'RemoveTag', customerId, ...one, by: byOf(journey) })),
}

/** As history and audit name who did it. */
function byOf(journey: string): string {
  return `journey:${journey}`
}

export const steps: Readonly<Record<string, JourneyStep>> = { tag: journeyStep(tag), untag: journeyStep(untag) }
