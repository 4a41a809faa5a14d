/** A phone in the hands of one person: the list of her chats, or one of them. */
import { useEffect } from 'react'
import type { Person, World } from '../../simulator-api.ts'
import { Avatar } from './avatar.tsx'
import { type Chat, chatsOf, labelOf, lastOf, lastWords, type Seen, timeIn } from './chats.ts'
import { Conversation } from './conversation.tsx'
import { useWords } from './words.ts'
import { deskAt, post } from './world.ts'

export type Held = { me: string; chat: string | null }

export function Phone(props: {
  world: World
  held: Held
  label: string
  active: boolean
  seen: Seen
  openedAt: number
  onHold: (held: Held) => void
  onSeen: (me: string, chat: string, n: number) => void
  onFocus: () => void
}) {
  const { world, held, label, active, seen, openedAt, onHold, onSeen, onFocus } = props
  const words = useWords()
  const me = world.people.find(({ id }) => id === held.me)
  const chats = me ? chatsOf(world, me.id, seen, openedAt) : []
  const open = chats.find(({ id }) => id === held.chat)
  const last = open ? lastOf(open) : 0
  const [holder, chat] = [me?.id, open?.id]
  useEffect(() => {
    if (holder !== undefined && chat !== undefined) onSeen(holder, chat, last)
  }, [holder, chat, last, onSeen])
  if (!me) return null

  return (
    <section
      className="phone"
      aria-label={`${label}: ${labelOf(world.people, me)}`}
      data-active={active}
      onFocusCapture={onFocus}
      onPointerDownCapture={onFocus}
    >
      <div className="holder">
        <label>
          {words.iAm}
          <select value={me.id} onChange={({ currentTarget }) => onHold({ me: currentTarget.value, chat: null })}>
            {(['customer', 'adviser', 'colleague'] as const).map((part) => (
              <optgroup key={part} label={words[part]}>
                {world.people
                  .filter((person) => person.part === part)
                  .map((person) => (
                    <option key={person.id} value={person.id}>
                      {labelOf(world.people, person)}
                    </option>
                  ))}
              </optgroup>
            ))}
          </select>
        </label>
        {me.adviser !== null && world.desk && (
          <a href={deskAt(me.adviser)} target="_blank" rel="noreferrer">
            {words.openDeskAs}
          </a>
        )}
      </div>
      {open ? (
        <Conversation {...{ world, me, chat: open }} onBack={() => onHold({ me: me.id, chat: null })} />
      ) : (
        <Chats {...{ world, me, chats }} onOpen={(id) => onHold({ me: me.id, chat: id })} />
      )}
    </section>
  )
}

function Chats(props: { world: World; me: Person; chats: Chat[]; onOpen: (chat: string) => void }) {
  const { world, me, chats, onOpen } = props
  const words = useWords()
  const others = world.rooms.filter(({ members }) => !members.includes(me.id))
  return (
    <div className="chats">
      <header>
        <h3>{words.chats}</h3>
      </header>
      <div className="scroll" tabIndex={0} role="group" aria-label={words.chats}>
        <ul>
          {chats.map((chat) => (
            <li key={chat.id}>
              <button type="button" onClick={() => onOpen(chat.id)}>
                <Avatar id={chat.id} name={chat.title} part={chat.room ? 'room' : 'bot'} />
                <span className="what">
                  <strong>{chat.title}</strong>
                  <small>{lastWords(chat, me.id, world.people, words)}</small>
                </span>
                <span className="when">
                  <small>{timeOf(chat, world.zone)}</small>
                  <Unread count={chat.unread} />
                </span>
              </button>
            </li>
          ))}
        </ul>
        {others.length > 0 && <h4>{words.groups}</h4>}
        <ul>
          {others.map(({ id, topic, members }) => (
            <li key={id} className="other-room">
              <Avatar id={id} name={topic} part="room" />
              <span className="what">
                <strong>{topic}</strong>
                <small>
                  {members.length} {words.members}
                </small>
              </span>
              <button
                type="button"
                aria-label={`${words.join} ${topic}`}
                onClick={() => void post('join', { person: me.id, room: id }).then(() => onOpen(id))}
              >
                {words.join}
              </button>
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}

function timeOf(chat: Chat, zone: string): string {
  const last = chat.entries.at(-1)
  return last ? timeIn(zone, last.at) : ''
}

export function Unread({ count }: { count: number }) {
  const words = useWords()
  if (count === 0) return null
  return (
    <span className="unread">
      {count > 99 ? '99+' : count}
      <span className="unseen"> {words.unread}</span>
    </span>
  )
}
