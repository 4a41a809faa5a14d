/**
 * The server part of the simulator's page: whoever sits before it is anybody of the simulated world. Registered on the
 * desk's server by the demo and by nothing else: over real customers there is no such door.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import {
  FileBody,
  FriendBody,
  fileAtMost,
  type NewPerson,
  NewPersonBody,
  RecallBody,
  RoomBody,
  recallWithinMs,
  SayBody,
  type World,
} from '../../../desk/simulator-api.ts'
import { act } from '../../../gateways/simulator/actions.ts'
import type { Simulator } from '../../../gateways/simulator/simulator.ts'
import { WorldContact } from '../../../gateways/simulator/world.ts'
import { ZhangguiError } from '../../../kernel/errors.ts'
import type { Clock } from '../../../kernel/ports.ts'
import { Chronicle } from './chronicle.ts'
import { guard } from './doorway.ts'
import { pictureType } from './picture.ts'
import { openStreams } from './stream.ts'

export type Playground = {
  simulator: Simulator
  clock: Clock
  zone: () => string
  /** Contact id → id in advisers.yaml; filled once the content is there. */
  advisers: ReadonlyMap<string, string>
  /** The path of a fresh one-time link to the desk, for this adviser or else for the manager; without it there is no desk. */
  deskLink?: (adviser: string | undefined) => Promise<string>
}

const root = '/simulator/api'
/** Base64 is longer by a third, and JSON has its braces. */
const fileBodyAtMost = Math.ceil(fileAtMost * 1.34) + 4_096
const open = { config: { door: 'anybody' as const } }

class Refused extends ZhangguiError {}

/** For `plugins` of the desk's house. What happens is written down from now on. */
export function playgroundOf({ simulator, clock, zone, advisers, deskLink }: Playground) {
  const chronicle = new Chronicle(simulator, advisers)
  const streams = openStreams(chronicle, clock)
  return async (server: FastifyInstance): Promise<void> => {
    // Before `close`, which waits for what is under way.
    server.addHook('preClose', async () => {
      chronicle.close()
      streams.close()
    })
    await server.register(async (scope) => {
      scope.addHook('onRequest', guard)
      scope.addHook('onSend', async (_, reply) => {
        void reply.header('cache-control', 'no-store').header('x-content-type-options', 'nosniff')
      })
      scope.setErrorHandler(answer)
      registerReads(scope)
      registerActs(scope)
    })

    function registerReads(scope: FastifyInstance): void {
      scope.get(`${root}/world`, open, (): World => {
        const { cursor, bot, people, rooms, entries } = chronicle
        return { cursor, bot, people, rooms, entries: [...entries], desk: deskLink !== undefined, zone: zone() }
      })
      scope.get(`${root}/events`, open, (request, reply) => streams.open(request, reply))
      scope.get(`${root}/files/:id`, open, (request, reply) => sendFile(request, reply))
      scope.get(`${root}/desk`, open, async (request, reply) => {
        const { adviser } = z.object({ adviser: z.string().optional() }).parse(request.query)
        if (!deskLink) return reply.code(404).send({ error: 'no-desk', message: 'There is no desk here.' })
        return reply.redirect(await deskLink(adviser), 303)
      })
    }

    function registerActs(scope: FastifyInstance): void {
      scope.post(`${root}/say`, open, async (request, reply) => {
        const { from, room, text, mention, quote } = SayBody.parse(request.body)
        await act(simulator, 'say', {
          ...{ from: played(from), ...placed(from, room), text },
          mention: mention ? [chronicle.bot] : [],
          ...(quote !== null && { quote: readable(from, quote).id }),
        })
        return reply.code(204).send()
      })
      scope.post(`${root}/files`, { ...open, bodyLimit: fileBodyAtMost }, async (request, reply) => {
        const { from, room, name: filename, base64 } = FileBody.parse(request.body)
        const bytes = Buffer.from(base64, 'base64')
        if (bytes.length > fileAtMost) throw new Refused({ code: 'too-large', message: 'At most 20 MB.' })
        const type = pictureType(bytes) === undefined ? 'attachment' : 'image'
        await act(simulator, 'say', { from: played(from), ...placed(from, room), content: { type, filename, base64 } })
        return reply.code(204).send()
      })
      scope.post(`${root}/recall`, open, async (request, reply) => {
        const { from, message } = RecallBody.parse(request.body)
        const { talkerId, at } = simulator.world.message(message)
        if (talkerId !== played(from)) throw new Refused({ code: 'not-hers', message: 'Only one’s own.' })
        if (clock.now().getTime() - at > recallWithinMs)
          throw new Refused({ code: 'too-late', message: 'Two minutes are over.' })
        await act(simulator, 'recall', { messageId: message })
        return reply.code(204).send()
      })
      scope.post(`${root}/people`, open, async (request): Promise<NewPerson> => {
        const { name } = NewPersonBody.parse(request.body)
        const person = WorldContact.parse({ id: simulator.world.freshId('guest'), name, stranger: true })
        await act(simulator, 'putContact', person)
        await act(simulator, 'requestFriendship', { from: person.id })
        return { id: person.id }
      })
      scope.post(`${root}/friends`, open, async (request, reply) => {
        const { person } = FriendBody.parse(request.body)
        await act(simulator, 'requestFriendship', { from: played(person) })
        return reply.code(204).send()
      })
      for (const what of ['join', 'leave'] as const) {
        scope.post(`${root}/${what}`, open, async (request, reply) => {
          const { person, room } = RoomBody.parse(request.body)
          await act(simulator, what, { room, contacts: [played(person)] })
          return reply.code(204).send()
        })
      }
    }

    /** Nobody plays the bot: what it says must be its own. */
    function played(id: string): string {
      const { id: known } = simulator.world.contact(id)
      if (simulator.accounts.some(({ contactId, name }) => contactId === known || name === known))
        throw new Refused({ code: 'not-the-bot', message: 'The bot speaks for itself.' })
      return known
    }

    /** As on a phone: who is not in the group, or is no friend yet, has nowhere to write. */
    function placed(from: string, room: string | null): { room?: string } {
      const there = room === null ? simulator.account().isFriend(from) : simulator.world.room(room).members.has(from)
      if (!there) throw new Refused({ code: 'not-there', message: 'She cannot write there.' })
      return room === null ? {} : { room }
    }

    function readable(from: string, message: string) {
      const found = simulator.world.message(message)
      const recalled = chronicle.entries.some(
        (entry) => entry.id === message && entry.kind === 'said' && entry.recalled,
      )
      const hers = found.roomId === undefined ? [found.talkerId, found.listenerId].includes(from) : true
      if (recalled || !hers) throw new Refused({ code: 'no-message', message: 'There is no such message.' })
      return found
    }

    function sendFile(request: FastifyRequest, reply: FastifyReply): FastifyReply {
      const { id } = z.object({ id: z.string() }).parse(request.params)
      const { content } = simulator.world.message(id)
      const entry = chronicle.entries.find((one) => one.id === id)
      if (!('base64' in content) || (entry?.kind === 'said' && entry.recalled))
        return reply.code(404).send({ error: 'no-file', message: 'There is no such file.' })
      const bytes = Buffer.from(content.base64, 'base64')
      const picture = pictureType(bytes)
      // Whatever it is, it never runs in this place.
      void reply.header('content-security-policy', "default-src 'none'; sandbox")
      if (picture === undefined) {
        const name = encodeURIComponent(content.filename)
        void reply.header('content-disposition', `attachment; filename*=UTF-8''${name}`)
      }
      return reply.type(picture ?? 'application/octet-stream').send(bytes)
    }
  }
}

/** What was asked amiss; anything else is told without the inside. */
/** What is not about the simulated world the desk answers, as everywhere. */
function answer(error: Error, _: FastifyRequest, reply: FastifyReply): FastifyReply {
  if (error instanceof z.ZodError) return reply.code(400).send({ error: 'bad-input', message: z.prettifyError(error) })
  if (error instanceof ZhangguiError) {
    const status = error.code.startsWith('no-') ? 404 : 400
    return reply.code(status).send({ error: error.code, message: error.message })
  }
  throw error
}
