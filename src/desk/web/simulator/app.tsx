/** The whole page: who there is, and two phones; on a real phone, one. */
import { useCallback, useEffect, useState } from 'react'
import type { World } from '../../simulator-api.ts'
import type { Seen } from './chats.ts'
import { People } from './people.tsx'
import { type Held, Phone } from './phone.tsx'
import { type Language, languages, rememberedLanguage, rememberLanguage, useWords, WordsContext } from './words.ts'
import { deskAt, useWorld } from './world.ts'

export function App() {
  const [language, setLanguage] = useState<Language>(rememberedLanguage)
  const { world, live } = useWorld()
  const words = languages[language]
  useEffect(() => {
    rememberLanguage(language)
    document.title = words.title
  }, [language, words])
  return (
    <WordsContext value={words}>
      <header className="top">
        <h1>{words.title}</h1>
        <p>{words.intro}</p>
        <button type="button" onClick={() => setLanguage(language === 'zh' ? 'en' : 'zh')}>
          {words.language}
        </button>
        {world?.desk && (
          <a className="send" href={deskAt(null)} target="_blank" rel="noreferrer">
            {words.openDesk}
          </a>
        )}
      </header>
      {world && !live && (
        <p className="lost" role="status">
          {words.lost}
        </p>
      )}
      <main>{world && <Phones world={world} />}</main>
    </WordsContext>
  )
}

/** The first customer on the left; on the right an adviser, who gets what the bot cannot answer. */
function atFirst({ people }: World): [Held, Held] {
  const [customer] = people.filter(({ part, friend }) => part === 'customer' && friend)
  const other = people.find(({ part }) => part === 'adviser') ?? people.findLast(({ part }) => part === 'customer')
  const held = (me = ''): Held => ({ me, chat: me === '' ? null : me })
  return [held(customer?.id), held(other?.id)]
}

function Phones({ world }: { world: World }) {
  const [held, setHeld] = useState(() => atFirst(world))
  const [active, setActive] = useState<0 | 1>(0)
  const [seen, setSeen] = useState<Seen>({})
  const [openedAt] = useState(() => world.entries.at(-1)?.n ?? 0)
  const words = useWords()
  const hold = (phone: 0 | 1, next: Held): void =>
    setHeld((before) => (phone === 0 ? [next, before[1]] : [before[0], next]))
  const onSeen = useCallback((me: string, chat: string, n: number): void => {
    setSeen((before) => (before[me]?.[chat] === n ? before : { ...before, [me]: { ...before[me], [chat]: n } }))
  }, [])

  return (
    <>
      <People
        {...{ world, seen, openedAt, held: held.map(({ me }) => me) }}
        onChoose={(me) => hold(active, { me, chat: me })}
      />
      {([0, 1] as const).map((phone) => (
        <Phone
          key={phone}
          {...{ world, seen, openedAt, onSeen, held: held[phone], active: active === phone }}
          label={phone === 0 ? words.left : words.right}
          onHold={(next) => hold(phone, next)}
          onFocus={() => setActive(phone)}
        />
      ))}
    </>
  )
}
