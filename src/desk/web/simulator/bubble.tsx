/** One message: text, quotation, picture, file; never markup. */
import type { Content, Entry, Person } from '../../simulator-api.ts'
import { Avatar } from './avatar.tsx'
import { quoteIn } from './chats.ts'
import { useWords } from './words.ts'
import { fileAt } from './world.ts'

type Said = Extract<Entry, { kind: 'said' }>

export function Bubble(props: {
  entry: Said
  talker: Person
  mine: boolean
  /** In a group the name stands above. */
  named: boolean
  onQuote: () => void
  onRecall: () => void
}) {
  const { entry, talker, mine, named, onQuote, onRecall } = props
  const words = useWords()
  return (
    <li className={mine ? 'said mine' : 'said'} data-talker={talker.id}>
      <Avatar {...talker} />
      <div className="words">
        <span className={named && !mine ? 'name' : 'unseen'}>{talker.name}</span>
        <Shown id={entry.id} content={entry.content} />
        <span className="acts">
          <button type="button" onClick={onQuote}>
            {words.quote}
          </button>
          {mine && (
            <button type="button" onClick={onRecall}>
              {words.recall}
            </button>
          )}
        </span>
      </div>
    </li>
  )
}

function Shown({ id, content }: { id: string; content: Content }) {
  const words = useWords()
  switch (content.type) {
    case 'text':
      return <Text text={content.text} />
    case 'picture':
      return (
        <a className="picture" href={fileAt(id)} target="_blank" rel="noreferrer">
          <img src={fileAt(id)} alt={`${words.pictureOf} ${content.name}`} />
        </a>
      )
    case 'file':
      return (
        <a className="bubble card" href={fileAt(id)} download={content.name}>
          <strong>{content.name}</strong>
          <small>{Math.ceil(content.bytes / 1024)} KB</small>
        </a>
      )
    case 'link':
      return (
        <span className="bubble card">
          <strong>{content.title}</strong>
          <small>{content.text}</small>
        </span>
      )
    case 'other':
      return <span className="bubble other">[{words.other}]</span>
  }
}

function Text({ text }: { text: string }) {
  const quoted = quoteIn(text)
  if (!quoted) return <span className="bubble">{text}</span>
  return (
    <>
      <span className="bubble">{quoted.reply}</span>
      <span className="quoted">
        {quoted.name}: {quoted.words}
      </span>
    </>
  )
}
