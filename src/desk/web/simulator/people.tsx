/** Everybody of the world: who is clicked is in the phone that was touched last. */
import { type SyntheticEvent, useState } from 'react'
import type { Person, World } from '../../simulator-api.ts'
import { Avatar } from './avatar.tsx'
import { chatsOf, labelOf, type Seen } from './chats.ts'
import { Unread } from './phone.tsx'
import { useWords } from './words.ts'
import { post } from './world.ts'

const parts = ['customer', 'adviser', 'colleague'] as const

export function People(props: {
  world: World
  held: readonly string[]
  seen: Seen
  openedAt: number
  onChoose: (person: string) => void
}) {
  const { world, held, seen, openedAt, onChoose } = props
  const words = useWords()
  const [name, setName] = useState('')
  const add = (event: SyntheticEvent): void => {
    event.preventDefault()
    if (name.trim() === '') return
    void post('people', { name: name.trim() }).then(({ id }) => {
      setName('')
      onChoose(id)
    })
  }
  const unreadOf = (person: Person): number =>
    chatsOf(world, person.id, seen, openedAt).reduce((sum, { unread }) => sum + unread, 0)

  return (
    <nav className="people" aria-label={words.people}>
      <form onSubmit={add}>
        <input
          value={name}
          maxLength={30}
          aria-label={words.newName}
          placeholder={words.newCustomer}
          onChange={({ currentTarget }) => setName(currentTarget.value)}
        />
        <button type="submit" disabled={name.trim() === ''}>
          {words.add}
        </button>
      </form>
      <div className="scroll" tabIndex={0} role="group" aria-label={words.people}>
        {parts.map((part) => (
          <section key={part}>
            <h3>{words[part]}</h3>
            <ul>
              {world.people
                .filter((person) => person.part === part)
                .map((person) => (
                  <li key={person.id}>
                    <button type="button" aria-pressed={held.includes(person.id)} onClick={() => onChoose(person.id)}>
                      <Avatar {...person} />
                      <span className="what">
                        <strong>{person.name}</strong>
                        <small>{person.about}</small>
                      </span>
                      <Unread count={unreadOf(person)} />
                      <span className="unseen">{labelOf(world.people, person)}</span>
                    </button>
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </nav>
  )
}
