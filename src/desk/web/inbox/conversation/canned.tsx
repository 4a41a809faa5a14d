/** Replies of content, chosen while writing: `/` and a few letters of one. */
import type { Words } from '../../../api.ts'
import { useSpeech } from '../../locale/index.tsx'

export type Canned = Words['canned'][number]

/** Those that fit what stands after the `/`; null when the box does not begin with one. Pure. */
export function cannedFor(all: readonly Canned[], written: string): Canned[] | null {
  if (!/^\/[^\n]*$/.test(written)) return null
  const wanted = written.slice(1).trim().toLowerCase()
  return all.filter(({ title, text }) => `${title}\n${text}`.toLowerCase().includes(wanted))
}

type Props = { id: string; replies: readonly Canned[]; at: number; onTake: (reply: Canned) => void }

export function CannedList({ id, replies, at, onTake }: Props) {
  const { t } = useSpeech()
  return (
    <div className="canned">
      {replies.length === 0 ? (
        <p>{t('box.cannedNone')}</p>
      ) : (
        <div id={id} role="listbox" aria-label={t('box.canned')}>
          {replies.map((reply, index) => (
            <div
              key={reply.title}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === at}
              tabIndex={-1}
              // Before the box loses the focus, which would close the list.
              onMouseDown={(event) => {
                event.preventDefault()
                onTake(reply)
              }}
            >
              <b>{reply.title}</b>
              <span>{reply.text}</span>
            </div>
          ))}
        </div>
      )}
    </div>
  )
}
