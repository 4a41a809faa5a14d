/**
 * Everything that can be made to happen in the simulated world, by name: a table that the control API serves and tests
 * call directly. Wherever a contact id is asked for, the name of one of our accounts stands for its contact.
 */
import { z } from 'zod'
import { UsageError } from '../../kernel/errors.ts'
import { Manners, SendFault } from './faults.ts'
import { LoadPlan, runLoad } from './load.ts'
import { MessageContent, quoting } from './messages.ts'
import type { Simulator } from './simulator.ts'
import { type Place, WorldContact, WorldRoom } from './world.ts'

type Action<Input extends z.ZodType, Output> = {
  input: Input
  run: (simulator: Simulator, input: z.output<Input>) => Output | Promise<Output>
}

function action<Input extends z.ZodType, Output>(
  input: Input,
  run: Action<Input, Output>['run'],
): Action<Input, Output> {
  return { input, run }
}

/** Our account that the action is about; the first one without it. */
const OfAccount = { account: z.string().optional() }
/** Where something is said: in that room, or else to our account in a direct message. */
const Where = { room: z.string().optional(), ...OfAccount }
const Mentions = {
  /** The text starts with «@name» for each, and the ids go along. */
  mention: z.array(z.string()).default([]),
  /** False: as on platforms that tell a mention in the text only. */
  mentionIds: z.boolean().default(true),
}
const Done = z.strictObject(OfAccount)

export const actions = {
  /** Somebody says something: `text`, or any `content` of messages.ts. */
  say: action(
    z.strictObject({
      from: z.string(),
      ...Where,
      text: z.string().optional(),
      content: MessageContent.optional(),
      ...Mentions,
      /** Id of the message that the text quotes. */
      quote: z.string().optional(),
      /** How long ago the platform says that it was said, in milliseconds. */
      ageMs: z.int().nonnegative().default(0),
    }),
    (simulator, input) => {
      const { world } = simulator
      if ((input.text === undefined) === (input.content === undefined)) {
        throw new UsageError({ code: 'say-one-thing', message: 'Give either `text` or `content`.' })
      }
      const content = input.content ?? { type: 'text' as const, text: wording(simulator, input.text ?? '', input) }
      const mentionIds = input.mentionIds ? input.mention.map((who) => person(simulator, who)) : []
      const at = world.now() - input.ageMs
      return {
        messageId: world.say(person(simulator, input.from), place(simulator, input), content, { mentionIds, at }).id,
      }
    },
  ),
  /** One person says several things at once. */
  burst: action(
    z.strictObject({ from: z.string(), ...Where, texts: z.array(z.string()), ...Mentions }),
    (simulator, input) => {
      const mentionIds = input.mentionIds ? input.mention.map((who) => person(simulator, who)) : []
      const from = person(simulator, input.from)
      return {
        messageIds: input.texts.map((text) => {
          const content = { type: 'text' as const, text: wording(simulator, text, input) }
          return simulator.world.say(from, place(simulator, input), content, { mentionIds }).id
        }),
      }
    },
  ),
  /** A human types on the phone that our account is logged in on: to a room, or to `to` in a direct message. */
  typeOnPhone: action(
    z.strictObject({ ...Where, to: z.string().optional(), text: z.string() }),
    (simulator, { account, room, to, text }) => {
      const where: Place = room === undefined ? { listenerId: to ?? '' } : { roomId: room }
      const talker = simulator.account(account).contactId
      return { messageId: simulator.world.say(talker, where, { type: 'text', text }, { origin: 'phone' }).id }
    },
  ),
  recall: action(z.strictObject({ messageId: z.string() }), (simulator, { messageId }) => ({
    messageId: simulator.world.recall(messageId).id,
  })),
  join: action(
    z.strictObject({ room: z.string(), contacts: z.array(z.string()), inviter: z.string().optional() }),
    (simulator, { room, contacts, inviter }) =>
      simulator.world.join(room, people(simulator, contacts), inviter && person(simulator, inviter)),
  ),
  leave: action(
    z.strictObject({ room: z.string(), contacts: z.array(z.string()), remover: z.string().optional() }),
    (simulator, { room, contacts, remover }) =>
      simulator.world.leave(room, people(simulator, contacts), remover && person(simulator, remover)),
  ),
  rename: action(
    z.strictObject({ room: z.string(), topic: z.string(), changer: z.string().optional() }),
    (simulator, { room, topic, changer }) => simulator.world.rename(room, topic, changer && person(simulator, changer)),
  ),
  /** Adds a person to the world, or changes one. */
  putContact: action(WorldContact, (simulator, contact) => simulator.world.putContact(contact)),
  addRoom: action(WorldRoom, (simulator, room) => {
    simulator.world.addRoom({ ...room, members: people(simulator, room.members) })
  }),
  requestFriendship: action(
    z.strictObject({ from: z.string(), ...OfAccount, hello: z.string().default('') }),
    (simulator, { from, account, hello }) => ({
      friendshipId: simulator.world.befriend(from, simulator.account(account).contactId, hello, 'request').id,
    }),
  ),
  invite: action(
    z.strictObject({ inviter: z.string(), ...OfAccount, room: z.string() }),
    (simulator, { inviter, account, room }) => ({
      invitationId: simulator.world.invite(inviter, simulator.account(account).contactId, room).id,
    }),
  ),
  /** Tells an account of a message again. */
  tellAgain: action(
    z.strictObject({ ...OfAccount, messageId: z.string(), times: z.int().positive().default(1) }),
    (simulator, { account, messageId, times }) => {
      for (let time = 0; time < times; time += 1) simulator.account(account).tellAgain(messageId)
    },
  ),
  planFault: action(SendFault.extend(OfAccount), (simulator, { account, ...fault }) =>
    simulator.account(account).faults.plan(fault),
  ),
  clearFaults: action(Done, (simulator, { account }) => simulator.account(account).faults.clear()),
  release: action(Done, (simulator, { account }) => simulator.account(account).faults.release()),
  setManners: action(Manners.partial().extend(OfAccount), (simulator, { account, ...manners }) => {
    const { faults } = simulator.account(account)
    faults.manners = { ...faults.manners, ...manners }
  }),
  login: action(z.strictObject({ ...OfAccount, as: z.string().optional() }), (simulator, { account, as }) =>
    simulator.account(account).login(as),
  ),
  logout: action(Done, (simulator, { account }) => simulator.account(account).logout()),
  /** Ends the event stream of the account; calls still work. */
  cutStream: action(Done, (simulator, { account }) => simulator.server(account).cutStream()),
  /** Restarts the account's server on its port: every connection drops. */
  dropConnections: action(Done, (simulator, { account }) => simulator.server(account).restart()),
  stopServer: action(Done, (simulator, { account }) => simulator.server(account).stop()),
  startServer: action(Done, (simulator, { account }) => simulator.server(account).start()),
  load: action(LoadPlan, (simulator, plan) => runLoad(simulator, plan)),
}

export type Actions = typeof actions
export type ActionName = keyof Actions
export type ActionInput<K extends ActionName> = z.input<Actions[K]['input']>
export type ActionOutput<K extends ActionName> = Awaited<ReturnType<Actions[K]['run']>>

/** Checks the input and does it. Throws ZodError for a bad input. */
export async function act<K extends ActionName>(
  simulator: Simulator,
  name: K,
  input: unknown,
): Promise<ActionOutput<K>> {
  const { input: schema, run } = actions[name] as Action<z.ZodType, unknown>
  return (await run(simulator, schema.parse(input))) as ActionOutput<K>
}

function person(simulator: Simulator, idOrAccount: string): string {
  return simulator.accounts.find((account) => account.name === idOrAccount)?.contactId ?? idOrAccount
}

function people(simulator: Simulator, idsOrAccounts: string[]): string[] {
  return idsOrAccounts.map((each) => person(simulator, each))
}

function place(simulator: Simulator, { room, account }: { room?: string; account?: string }): Place {
  return room === undefined ? { listenerId: simulator.account(account).contactId } : { roomId: room }
}

/** The text with the names of those mentioned in front (the four-per-em space is WeChat's own), and with the quotation. */
function wording(
  simulator: Simulator,
  text: string,
  { mention, quote }: { mention: string[]; quote?: string },
): string {
  const { world } = simulator
  const names = mention.map((who) => `@${world.contact(person(simulator, who)).name}\u2005`)
  const words = names.join('') + text
  if (quote === undefined) return words
  const { talkerId, content } = world.message(quote)
  return quoting(world.contact(talkerId).name, 'text' in content ? content.text : '', words)
}
