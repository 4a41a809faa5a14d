/** The opening scene: customers join and ask, the bot answers, the manager looks. Data, to be changed like a script. */
import { styleText } from 'node:util'
import { z } from 'zod'
import type { ActionName } from '../../gateways/simulator/actions.ts'
import { act } from '../../gateways/simulator/actions.ts'
import type { WorldMessage } from '../../gateways/simulator/messages.ts'
import type { Simulator } from '../../gateways/simulator/simulator.ts'
import { ZhangguiError } from '../../kernel/errors.ts'
import type { Office } from './office.ts'
import script from './scene.json' with { type: 'json' }
import { fitted, linesAbout } from './shortened.ts'
import { showWorld } from './transcript.ts'

/** Of the input of an action: where it happens. */
const Where = z.looseObject({ room: z.string().optional(), from: z.string().optional() })
type Where = z.infer<typeof Where>

const Happening = z.strictObject({
  title: z.string(),
  action: z.enum(['join', 'say', 'burst'] satisfies ActionName[]),
  input: Where,
  /** What the bot must have said, in any order, before the scene goes on: of each message some parts. */
  says: z.array(z.array(z.string())),
  /** Where a model speaks, it says that in its own words: that it says something is enough. */
  voiced: z.boolean().default(false),
})

const Look = z.strictObject({
  title: z.string(),
  /** A command; the id of a contact in braces stands for that of the customer. */
  zhanggui: z.array(z.string()),
  /** What is shown of `tags explain`: the tags that begin so. Without it, everything that the command prints. */
  only: z.array(z.string()).optional(),
  /** What it must print. */
  says: z.string(),
})

const Script = z.strictObject({
  /** Who has met the bot before the scene: they say this, and read the greeting and the notice, unseen. */
  acquaintances: z.strictObject({ title: z.string(), contacts: z.array(z.string()), text: z.string() }),
  steps: z.array(z.union([Happening, Look])),
})

const approvedTitle = 'No OPENAI_API_KEY: answers go out as they are approved, word for word.'
const voicedTitle = 'There is a model: it answers in the voice of content/persona.md, and code checks what it says.'

/** Milliseconds for which a step waits for its answers. */
const patience = 30_000

/** `voiced`: there is a model, which puts answers in its own words. */
export type Stage = { simulator: Simulator; office: Office; print: (line: string) => void; voiced: boolean }

/** Plays the scene. Throws `scene-stuck` when the bot does not say what a step waits for. */
export async function playScene(stage: Stage): Promise<void> {
  const { acquaintances, steps } = Script.parse(script)
  stage.print(`— ${stage.voiced ? voicedTitle : approvedTitle}`)
  stage.print(`— ${acquaintances.title}`)
  await meet(stage.simulator, acquaintances)
  const hide = showWorld(stage.simulator, stage.print)
  try {
    for (const step of steps) {
      stage.print(`\n— ${step.title}`)
      if ('action' in step) await happen(stage, step)
      else await look(stage, step)
    }
  } finally {
    hide()
  }
}

/** Some customers have said hello before anybody looks. */
export async function meetAcquaintances(simulator: Simulator): Promise<void> {
  await meet(simulator, Script.parse(script).acquaintances)
}

async function meet(
  simulator: Simulator,
  { title, contacts, text }: z.infer<typeof Script>['acquaintances'],
): Promise<void> {
  const met = contacts.map(async (from) => {
    const greetedAndTold = botSays(simulator, { from }, [[], []])
    await act(simulator, 'say', { from, text })
    if ((await greetedAndTold).length > 0) throw stuck(title)
  })
  await Promise.all(met)
}

async function happen({ simulator, ...stage }: Stage, step: z.infer<typeof Happening>): Promise<void> {
  const { title, action, input, says } = step
  const answered = botSays(simulator, input, stage.voiced && step.voiced ? says.map(() => []) : says)
  await act(simulator, action, input)
  const missing = await answered
  if (missing.length > 0) throw stuck(title, missing.flat())
}

async function look({ office, print }: Stage, { title, zhanggui, only, says }: z.infer<typeof Look>): Promise<void> {
  await office.tagged()
  const words = await Promise.all(
    zhanggui.map(async (word) => {
      const contactId = /^\{(.+)\}$/.exec(word)?.[1]
      return contactId === undefined ? word : await office.customerOf(contactId)
    }),
  )
  print(styleText('cyan', `$ zhanggui ${words.join(' ')}`))
  const { code, lines } = await office.run(words)
  for (const line of only ? linesAbout(lines, only) : lines) print(fitted(line))
  // What she says next must find her tags as the command has made them.
  await office.tagged()
  if (code !== 0 || !lines.some((line) => line.includes(says))) throw stuck(title, [says])
}

function stuck(title: string, missing: string[] = []): ZhangguiError {
  const words = missing.map((text) => `«${text}»`).join(', ')
  const message = `The scene waited ${patience / 1000} s for ${words || 'an answer'}: ${title}`
  return new ZhangguiError({ code: 'scene-stuck', message })
}

/** Which of these messages our account has not said where the step happened, once all are said or that takes too long. */
function botSays(simulator: Simulator, { room, from }: Where, said: readonly string[][]): Promise<string[][]> {
  const { events } = simulator.world
  const bot = simulator.account().contactId
  const missing = [...said]
  return new Promise((resolve) => {
    const end = (): void => {
      events.off('message', hear)
      clearTimeout(timer)
      resolve(missing)
    }
    const hear = ({ talkerId, roomId, listenerId, content }: WorldMessage): void => {
      if (talkerId !== bot || roomId !== room || (room === undefined && listenerId !== from)) return
      const text = content.type === 'text' ? content.text : ''
      const found = missing.findIndex((parts) => parts.every((part) => text.includes(part)))
      if (found >= 0) missing.splice(found, 1)
      if (missing.length === 0) end()
    }
    const timer = setTimeout(end, patience)
    events.on('message', hear)
  })
}
