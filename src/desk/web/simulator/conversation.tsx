/** An open chat on somebody's phone. */
import { Fragment, useEffect, useRef, useState } from 'react'
import type { Entry, Person, World } from '../../simulator-api.ts'
import { Bubble } from './bubble.tsx'
import { type Chat, lastOf, nameOf, shortly, systemLine, timeIn } from './chats.ts'
import { Composer } from './composer.tsx'
import { useWords, type Words } from './words.ts'
import { post, Refused } from './world.ts'

/** A time stands over what comes after so long a silence. */
const silenceMs = 5 * 60_000
const newest = 400

export function Conversation(props: { world: World; me: Person; chat: Chat; onBack: () => void }) {
  const { world, me, chat, onBack } = props
  const words = useWords()
  const [quote, setQuote] = useState<Extract<Entry, { kind: 'said' }>>()
  const [trouble, setTrouble] = useState('')
  const end = useRef<HTMLDivElement>(null)
  const last = lastOf(chat)
  useEffect(() => {
    // Not returned: some browsers give a promise, which is no clean-up.
    end.current?.scrollTo({ top: end.current.scrollHeight })
  }, [last, chat.id])

  const room = chat.room?.id ?? null
  const bot = nameOf(world.people, world.bot)
  const tell = async (doing: Promise<unknown>): Promise<boolean> => {
    try {
      await doing
      setTrouble('')
      return true
    } catch (error) {
      setTrouble(troubleOf(error, words))
      return false
    }
  }
  const said = async (doing: Promise<unknown>): Promise<boolean> => {
    const done = await tell(doing)
    if (done) setQuote(undefined)
    return done
  }
  const mayWrite = chat.room !== null || me.friend
  const entries = chat.entries.slice(-newest)

  return (
    <div className="conversation">
      <header>
        <button type="button" onClick={onBack} aria-label={words.back}>
          ‹
        </button>
        <h3>
          {chat.title}
          {chat.room && <small> ({chat.room.members.length})</small>}
        </h3>
        {chat.room ? (
          <button type="button" onClick={() => void tell(post('leave', { person: me.id, room: chat.id })).then(onBack)}>
            {words.leave}
          </button>
        ) : (
          <span />
        )}
      </header>
      <div className="scroll" ref={end} tabIndex={0} role="log" aria-label={chat.title}>
        <ol>
          {entries.length === 0 && <li className="line">{words.nothing}</li>}
          {entries.map((entry, index) => (
            <Fragment key={entry.n}>
              {isLater(entries[index - 1], entry) && <li className="line">{timeIn(world.zone, entry.at)}</li>}
              <Line
                entry={entry}
                {...{ world, me, chat }}
                onQuote={setQuote}
                onRecall={(message) => void tell(post('recall', { from: me.id, message }))}
              />
            </Fragment>
          ))}
        </ol>
      </div>
      {trouble !== '' && (
        <p className="trouble" role="alert">
          {trouble}
        </p>
      )}
      {mayWrite ? (
        <Composer
          key={`${me.id} ${chat.id}`}
          mentionable={chat.room ? bot : null}
          quoting={quote ? `${nameOf(world.people, quote.talker)}: ${shortly(quote.content, words)}` : null}
          onNoQuote={() => setQuote(undefined)}
          onSay={(composed) => said(post('say', { from: me.id, room, quote: quote?.id ?? null, ...composed }))}
          onFile={(name, base64) => said(post('files', { from: me.id, room, name, base64 }))}
          onTooLarge={() => setTrouble(words.tooLarge)}
        />
      ) : (
        <p className="stranger">
          {words.notFriends}
          <button type="button" className="send" onClick={() => void tell(post('friends', { person: me.id }))}>
            {words.befriend}
          </button>
        </p>
      )}
    </div>
  )
}

function Line(props: {
  entry: Entry
  world: World
  me: Person
  chat: Chat
  onQuote: (entry: Extract<Entry, { kind: 'said' }>) => void
  onRecall: (message: string) => void
}) {
  const { entry, world, me, chat, onQuote, onRecall } = props
  const words = useWords()
  const line = systemLine(entry, me.id, world.people, words)
  if (line !== undefined || entry.kind !== 'said') return <li className="line">{line}</li>
  const talker = world.people.find(({ id }) => id === entry.talker)
  if (!talker) return null
  return (
    <Bubble
      {...{ entry, talker, mine: entry.talker === me.id, named: chat.room !== null }}
      onQuote={() => onQuote(entry)}
      onRecall={() => onRecall(entry.id)}
    />
  )
}

function isLater(before: Entry | undefined, entry: Entry): boolean {
  return before === undefined || new Date(entry.at).getTime() - new Date(before.at).getTime() > silenceMs
}

function troubleOf(error: unknown, words: Words): string {
  const code = error instanceof Refused ? error.code : ''
  if (code === 'too-late') return words.tooLate
  return code === 'too-large' ? words.tooLarge : words.failed
}
