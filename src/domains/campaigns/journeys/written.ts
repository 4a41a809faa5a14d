/** Journeys as a community manager writes them, with what slices lend. */
import { z } from 'zod'
import { Duration } from '../../../kernel/duration.ts'
import { oneOrMore } from '../../members/index.ts'
import { isDayName } from '../calendar/index.ts'
import type { Condition, Journey, Lent, Named, Step } from './schema.ts'

const Id = z
  .string()
  .max(64)
  .regex(/^[\p{L}\p{N}]+(-[\p{L}\p{N}]+)*$/u, 'letters (Chinese too) and digits joined by hyphens: newcomer')
const Time = z.string().regex(/^([01]?\d|2[0-3]):[0-5]\d$/, 'a time such as 20:00')
const Day = z.string().refine(isDayName, 'workdays, holidays, weekends, a festival, a solar term or a lunar day')

/** Exactly one of what slices lend, by its name: `{order: {category: 面膜}}`. */
function one(lent: Readonly<Record<string, { title: string; schema: z.ZodType }>>, what: string): z.ZodType<Named> {
  const names = Object.keys(lent)
  return z
    .strictObject(
      Object.fromEntries(names.map((name) => [name, lent[name]!.schema.optional().describe(lent[name]!.title)])),
    )
    .refine((written) => keysOf(written).length === 1, {
      when: ({ issues }) => issues.length === 0,
      error: `exactly one ${what}: ${names.join(', ') || 'there is none yet'}`,
    })
    .transform((written): Named => {
      const [name = ''] = keysOf(written)
      return { name, args: (written as Record<string, unknown>)[name] }
    })
}

function keysOf(written: Record<string, unknown>): string[] {
  return Object.keys(written).filter((key) => written[key] !== undefined)
}

function conditionSchema(goal: z.ZodType<Named>): z.ZodType<Condition> {
  const condition: z.ZodType<Condition> = z.union([
    z.strictObject({ segment: z.string().min(1).describe('She is in this segment') }),
    z.strictObject({
      did: goal.describe('She has done this: right behind a waitFor since that began, else since she entered'),
    }),
    z.strictObject({ not: z.lazy(() => condition) }),
  ])
  return condition
}

type WrittenStep = { id?: string | undefined } & Record<string, unknown>

/** Steps as a list; each has exactly one key that says what it does. */
function stepsSchema(lent: Lent): z.ZodType<WrittenStep[]> {
  const goal = one(lent.goals, 'of')
  const condition = conditionSchema(goal)
  const steps = z.lazy(() => z.array(step))
  const own = {
    send: z.string().min(1).describe('Messages, between lines of three dashes'),
    wait: Duration.describe('So long'),
    waitUntil: z
      .strictObject({
        time: Time,
        on: z
          .union([Day, z.array(Day)])
          .optional()
          .describe('Only on such days'),
      })
      .describe('The next such time where the brand is'),
    waitFor: z
      .strictObject({ did: goal, within: Duration })
      .describe('Until she does it, at most so long; a branch behind it tells the two apart'),
    branch: z
      .array(z.strictObject({ if: condition, steps }))
      .min(1)
      .describe('The first of these whose condition holds'),
    start: z.string().min(1).describe('She enters another journey'),
    stop: z.string().min(1).describe('She leaves another journey'),
    end: z.literal(true).describe('Here it ends'),
  }
  const named = Object.fromEntries(
    Object.entries(lent.steps).map(([name, { schema, title }]) => [name, schema.describe(title)]),
  )
  const kinds = { ...named, ...own }
  const step: z.ZodType<WrittenStep> = z
    .strictObject({
      id: Id.optional().describe('Stays the same when steps move; without it the place of the step is its name'),
      else: steps.optional().describe('Of a branch: the steps when no condition holds'),
      ...Object.fromEntries(Object.entries(kinds).map(([name, schema]) => [name, schema.optional()])),
    })
    .refine((written) => keysOf(written).filter((key) => key in kinds).length === 1, {
      when: ({ issues }) => issues.length === 0,
      error: `exactly one of ${Object.keys(kinds).join(', ')}; several steps have a dash each`,
    })
    .refine((written) => written.else === undefined || 'branch' in written, {
      error: '«else» beside «branch» alone',
      path: ['else'],
    })
  return z.array(step).min(1)
}

function stepsOf(written: readonly WrittenStep[], lent: Lent, path: string): Step[] {
  return written.map((one, i): Step => {
    const place = path === '' ? String(i + 1) : `${path}.${i + 1}`
    const id = one.id ?? place
    const [kind = ''] = keysOf(one).filter((key) => key !== 'id' && key !== 'else')
    const value = one[kind]
    if (Object.hasOwn(lent.steps, kind)) return { kind: 'lent', id, step: { name: kind, args: value } }
    switch (kind) {
      case 'send':
        return { kind, id, text: value as string }
      case 'wait':
        return { kind, id, ms: value as number }
      case 'waitUntil': {
        const { time, on } = value as { time: string; on?: string | string[] }
        return { kind, id, time, on: on === undefined ? [] : [on].flat() }
      }
      case 'waitFor':
        return { kind, id, ...(value as { did: Named; within: number }) }
      case 'branch': {
        const cases = (value as { if: Condition; steps: WrittenStep[] }[]).map((each, j) => ({
          if: each.if,
          steps: stepsOf(each.steps, lent, `${place}.${j + 1}`),
        }))
        return {
          kind,
          id,
          cases,
          otherwise: stepsOf((one['else'] as WrittenStep[] | undefined) ?? [], lent, `${place}.else`),
        }
      }
      case 'start':
      case 'stop':
        return { kind, id, journey: value as string }
      default:
        return { kind: 'end', id }
    }
  })
}

export function journeySchema(lent: Lent): z.ZodType<Journey> {
  const trigger = one(lent.triggers, 'trigger')
  const goal = one(lent.goals, 'of')
  return z
    .strictObject({
      id: Id.describe('Stays the same for ever: enrolments and reports point at it'),
      title: z.string().trim().min(1).max(80).describe('What people call it'),
      draft: z.boolean().default(false).describe('true: checked, and nobody enters yet'),
      trigger: z
        .union([trigger, z.strictObject({ any: z.array(trigger).min(1) })])
        .optional()
        .describe('What it begins with; without it only another journey starts it'),
      entry: z
        .strictObject({
          segment: z.string().min(1).optional().describe('Only who is in this segment then'),
          unless: oneOrMore(z.string().min(1))
            .optional()
            .describe('Not who is under way in this journey, or one of these'),
        })
        .prefault({})
        .describe('Who may enter'),
      reentry: z
        .union([z.literal('never'), z.strictObject({ after: Duration })])
        .default('never')
        .describe('Whether she may enter again, and how long after it ended'),
      exit: z
        .strictObject({ did: goal.optional(), segment: z.string().min(1).optional() })
        .prefault({})
        .describe('She leaves it as soon as she has done this, or is in this segment'),
      purpose: z
        .enum(['marketing', 'service'])
        .default('marketing')
        .describe('service: what she asked for or needs; caps and quiet hours are for marketing'),
      topic: z.string().min(1).optional().describe('Id of a topic of settings.yaml: who chose others is spared'),
      priority: z
        .int()
        .min(1)
        .max(100)
        .default(50)
        .describe('1 to 100: the higher goes first when caps leave room for one'),
      account: z.string().min(1).optional().describe('Which account speaks; without it the one of the last contact'),
      expires: Duration.prefault('24h').describe('A message that could not be sent so long is of no use'),
      steps: stepsSchema(lent).describe('What follows, in order'),
    })
    .transform(
      ({ trigger: begun, reentry, steps, ...rest }): Journey => ({
        ...rest,
        triggers: begun === undefined ? [] : 'any' in begun ? begun.any : [begun],
        again: reentry === 'never' ? null : reentry.after,
        steps: stepsOf(steps, lent, ''),
      }),
    )
}
