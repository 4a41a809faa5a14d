import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createCalendar } from '../../src/domains/campaigns/calendar/index.ts'
import { compile, type Question, walk, type Walked } from '../../src/domains/campaigns/journeys/decide.ts'
import type { FrozenJourney, FrozenStep } from '../../src/domains/campaigns/journeys/schema.ts'

const minute = 60_000
const calendar = createCalendar([{ year: 2026, source: '-', holidays: [], makeupWorkdays: [] }])
const around = (now: Date) => ({ now, zone: 'Asia/Shanghai', calendar })
const start = new Date('2026-12-01T10:00:00+08:00')

function journeyWith(steps: FrozenStep[], more: Partial<FrozenJourney> = {}): FrozenJourney {
  const plain = {
    id: 'j',
    title: 'j',
    entry: {},
    exit: {},
    purpose: 'marketing' as const,
    priority: 50,
    expires: 1_000,
  }
  return { ...plain, ...more, steps }
}

const send = (id: string): FrozenStep => ({ kind: 'send', id, messages: [{ type: 'text', delay: 0, text: id }] })
const wait = (id: string, ms: number): FrozenStep => ({ kind: 'wait', id, ms })

type Given = {
  step?: string
  waitsUntil?: Date | null
  closed?: string | null
  now?: Date
  yes?: (question: Question) => boolean
}

function walked(
  journey: FrozenJourney,
  { step = '', waitsUntil = null, closed = null, now = start, yes = () => false }: Given = {},
): Walked {
  const steps = walk(journey, compile(journey.steps), { step, waitsUntil, closed }, around(now))
  let turn = steps.next()
  while (!turn.done) turn = steps.next(yes(turn.value))
  return turn.value
}

const stepsOf = ({ acts }: Walked): string[] => acts.map(({ step }) => step)

describe('a way through', () => {
  test('does everything up to the first wait, and rests there', () => {
    const journey = journeyWith([send('1'), send('2'), wait('3', minute), send('4')])
    const first = walked(journey)
    expect(stepsOf(first)).toEqual(['1', '2'])
    const until = new Date(start.getTime() + minute)
    expect(first.then).toEqual({ step: '3', dueAt: until, waitsUntil: until })
    const second = walked(journey, { step: '3' })
    expect(stepsOf(second)).toEqual(['4'])
    expect(second.then).toEqual({ state: 'done', reason: null })
  })

  test('waits until a local time, on the days that are meant', () => {
    const until = (on: string[]): Walked => walked(journeyWith([{ kind: 'waitUntil', id: '1', time: '20:00', on }]))
    expect(until([]).then).toMatchObject({ dueAt: new Date('2026-12-01T20:00:00+08:00') })
    expect(until(['weekends']).then).toMatchObject({ dueAt: new Date('2026-12-05T20:00:00+08:00') })
  })

  test('takes the first case that holds, else the other way, and goes on behind the branch', () => {
    const branch: FrozenStep = {
      kind: 'branch',
      id: '1',
      cases: [
        { if: { segment: 'a' }, steps: [send('1.1.1')] },
        { if: { not: { segment: 'b' } }, steps: [send('1.2.1'), { kind: 'end', id: '1.2.2' }] },
      ],
      otherwise: [send('1.else.1')],
    }
    const journey = journeyWith([branch, send('2')])
    const inSegments =
      (...ids: string[]) =>
      (question: Question) =>
        'segment' in question && ids.includes(question.segment)
    expect(stepsOf(walked(journey, { yes: inSegments('a', 'b') }))).toEqual(['1.1.1', '2'])
    expect(stepsOf(walked(journey, { yes: inSegments() }))).toEqual(['1.2.1'])
    expect(stepsOf(walked(journey, { yes: inSegments('b') }))).toEqual(['1.else.1', '2'])
  })

  test('waits for what she may do, and goes on when she has done it or when the time is over', () => {
    const did = { name: 'reply', args: {} }
    const journey = journeyWith([{ kind: 'waitFor', id: '1', did, within: 60 * minute }, send('2')])
    const waitsUntil = new Date(start.getTime() + 60 * minute)
    expect(walked(journey).then).toEqual({ step: '1', dueAt: waitsUntil, waitsUntil })
    const later = new Date(start.getTime() + 55 * minute)
    const resting = { step: '1', waitsUntil }
    expect(walked(journey, { ...resting, now: later }).then).toEqual({ step: '1', dueAt: waitsUntil, waitsUntil })
    expect(stepsOf(walked(journey, { ...resting, now: later, yes: () => true }))).toEqual(['2'])
    expect(stepsOf(walked(journey, { ...resting, now: waitsUntil }))).toEqual(['2'])
  })

  test('counts what she did from when it was waited for, right behind that, and else from when she entered', () => {
    const did = { name: 'reply', args: {} }
    const asks: FrozenStep = { kind: 'branch', id: 'b', cases: [{ if: { did }, steps: [] }], otherwise: [] }
    const waitFor: FrozenStep = { kind: 'waitFor', id: 'w', did, within: 60 * minute }
    const waitsUntil = new Date(start.getTime() + 60 * minute)
    const sinceOf = (...steps: FrozenStep[]): (Date | null)[] => {
      const seen: (Date | null)[] = []
      const yes = (question: Question): boolean => {
        if ('did' in question) seen.push(question.since)
        return true
      }
      walked(journeyWith(steps), { step: steps[0]!.id, waitsUntil, now: waitsUntil, yes })
      return seen
    }
    expect(sinceOf(waitFor, asks)).toEqual([start])
    expect(sinceOf(waitFor, send('s'), asks)).toEqual([null])
    expect(sinceOf(wait('w', minute), asks)).toEqual([null])
  })

  test('who is woken before a plain wait is over goes on waiting', () => {
    const journey = journeyWith([wait('1', 60 * minute), send('2')])
    const waitsUntil = new Date(start.getTime() + 60 * minute)
    const soon = new Date(start.getTime() + minute)
    expect(walked(journey, { step: '1', waitsUntil, now: soon, yes: () => true })).toEqual({
      acts: [],
      visits: [],
      then: { step: '1', dueAt: waitsUntil, waitsUntil },
    })
  })
})

describe('whoever is let in, and whoever leaves', () => {
  const journey = journeyWith([send('1')], {
    entry: { segment: 'in' },
    exit: { did: { name: 'order', args: {} }, segment: 'out' },
  })
  const sparing = journeyWith([send('1')], { entry: { unless: ['busy'] } })
  const asked =
    (...known: string[]) =>
    (question: Question): boolean =>
      'under' in question
        ? question.under.some((id) => known.includes(id))
        : known.includes('segment' in question ? question.segment : question.did.name)

  test('who does not meet the conditions never enters', () => {
    expect(walked(journey).then).toEqual({ state: 'refused', reason: 'entry' })
    expect(walked(journey, { closed: 'opted-out', yes: asked('in') }).then).toEqual({
      state: 'refused',
      reason: 'opted-out',
    })
    expect(stepsOf(walked(journey, { yes: asked('in') }))).toEqual(['1'])
  })

  test('who is under way in another journey is spared, and whoever is in already is not looked at', () => {
    expect(walked(sparing, { yes: asked('busy') }).then).toEqual({ state: 'refused', reason: 'entry' })
    expect(stepsOf(walked(sparing))).toEqual(['1'])
    expect(stepsOf(walked(sparing, { step: '1', yes: asked('busy') }))).toEqual(['1'])
  })

  test('the goal, the segment and an opt-out end it wherever she is, before anything more is done', () => {
    const waiting = journeyWith([wait('1', minute), send('2')], { exit: journey.exit })
    expect(walked(waiting, { step: '1', yes: asked('order') })).toMatchObject({
      acts: [],
      then: { state: 'exited', reason: 'goal' },
    })
    expect(walked(waiting, { step: '1', yes: asked('out') }).then).toEqual({ state: 'exited', reason: 'segment' })
    expect(walked(waiting, { step: '1', closed: 'opted-out' }).then).toEqual({ state: 'exited', reason: 'opted-out' })
  })
})

/** Trees of steps whose ids are their places. */
const trees: fc.Arbitrary<FrozenStep[]> = fc
  .letrec<{ steps: { kind: string; inner: unknown[] }[] }>((tie) => ({
    steps: fc.array(
      fc.record({
        kind: fc.constantFrom<string>('send', 'wait', 'waitFor', 'branch', 'end'),
        inner: fc.oneof(
          { maxDepth: 3 },
          fc.constant<unknown[]>([]),
          fc.tuple(tie('steps'), tie('steps')).map((pair): unknown[] => pair),
        ),
      }),
      { maxLength: 4 },
    ),
  }))
  .steps.map((steps) => placed(steps, ''))

function placed(steps: { kind: string; inner: unknown[] }[], path: string): FrozenStep[] {
  return steps.map(({ kind, inner }, i): FrozenStep => {
    const id = path === '' ? String(i + 1) : `${path}.${i + 1}`
    const [yes = [], no = []] = inner as { kind: string; inner: unknown[] }[][]
    if (kind === 'branch')
      return {
        kind,
        id,
        cases: [{ if: { segment: id }, steps: placed(yes, `${id}.1`) }],
        otherwise: placed(no, `${id}.else`),
      }
    if (kind === 'wait') return wait(id, minute)
    if (kind === 'waitFor') return { kind, id, did: { name: 'reply', args: {} }, within: 3 * minute }
    return kind === 'end' ? { kind, id } : send(id)
  })
}

test('whatever the steps and the answers, woken early or not, no step is done twice and every journey ends', () => {
  fc.assert(
    fc.property(trees, fc.infiniteStream(fc.boolean()), (steps, answers) => {
      const journey = journeyWith(steps)
      const yes = (): boolean => answers.next().value === true
      const done = new Set<string>()
      let standing: { step: string; waitsUntil: Date | null } = { step: '', waitsUntil: null }
      let now = start
      for (let turn = 0; turn < 300; turn += 1) {
        const { visits, then } = walked(journey, { ...standing, now, yes })
        for (const { step } of visits) {
          expect(done.has(step)).toBe(false)
          done.add(step)
        }
        if ('state' in then) return
        expect(then.dueAt.getTime()).toBeGreaterThan(now.getTime())
        // Where she goes on resting, it is as long as before.
        if (then.step === standing.step) expect(then.waitsUntil).toEqual(standing.waitsUntil)
        const early = then.step !== standing.step && yes()
        now = early ? new Date((now.getTime() + then.dueAt.getTime()) / 2) : then.dueAt
        standing = then
      }
      throw new Error('it does not end')
    }),
  )
})
