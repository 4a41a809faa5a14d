/** The opening scene: customers join and ask, the bot answers. Data, so that it can be read and changed like a script. */
import { z } from 'zod'
import type { ActionName } from '../../gateways/simulator/actions.ts'
import { act } from '../../gateways/simulator/actions.ts'
import type { WorldMessage } from '../../gateways/simulator/messages.ts'
import type { Simulator } from '../../gateways/simulator/simulator.ts'
import { ZhangguiError } from '../../kernel/errors.ts'
import script from './scene.json' with { type: 'json' }

/** Of the input of an action: where it happens. */
const Where = z.looseObject({ room: z.string().optional(), from: z.string().optional() })

const Step = z.strictObject({
  title: z.string(),
  action: z.enum(['join', 'say', 'burst'] satisfies ActionName[]),
  input: Where,
  /** How many messages the bot says before the scene goes on. */
  answers: z.number(),
})

/** Milliseconds for which a step waits for its answers. */
const patience = 30_000

/** Plays the scene. Throws `scene-stuck` when the bot does not say what a step waits for. */
export async function playScene(simulator: Simulator, onStep: (title: string) => void): Promise<void> {
  for (const step of z.array(Step).parse(script)) {
    onStep(step.title)
    const answered = botSays(simulator, step.input, step.answers)
    await act(simulator, step.action, step.input)
    if (!(await answered)) {
      throw new ZhangguiError({
        code: 'scene-stuck',
        message: `The bot did not answer within ${patience / 1000} s: ${step.title}`,
      })
    }
  }
}

/** Resolves to true once our account has spoken `count` times where the step happened, false when that takes too long. */
function botSays(simulator: Simulator, { room, from }: z.infer<typeof Where>, count: number): Promise<boolean> {
  const { events } = simulator.world
  const bot = simulator.account().contactId
  return new Promise((resolve) => {
    let heard = 0
    const end = (all: boolean): void => {
      events.off('message', hear)
      clearTimeout(timer)
      resolve(all)
    }
    const hear = ({ talkerId, roomId, listenerId }: WorldMessage): void => {
      if (talkerId !== bot || roomId !== room || (room === undefined && listenerId !== from)) return
      heard += 1
      if (heard === count) end(true)
    }
    const timer = setTimeout(end, patience, false)
    events.on('message', hear)
  })
}
