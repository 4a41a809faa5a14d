/** The conversation with what happened between its lines, the latest below. */
import { Button } from 'antd'
import { useEffect, useLayoutEffect, useRef, useState } from 'react'
import type { CaseDetail, Conversation, Line } from '../../../api.ts'
import { get } from '../../api/client.ts'
import { announce } from '../../live/announce.tsx'
import { useSpeech } from '../../locale/index.tsx'
import { Bubble, type LineActs } from './bubble.tsx'
import { Going } from './going.tsx'
import { Happening, isTold } from './happening.tsx'
import { type Outgoing, stillOutgoing } from './outgoing.ts'

type Props = { detail: CaseDetail; name: string; outgoing: readonly Outgoing[]; acts: LineActs | null }

/** So near to its end a conversation follows what comes. */
const nearPx = 120

export function Lines({ detail, name, outgoing, acts }: Props) {
  const { t } = useSpeech()
  const { number } = detail.line
  const { lines, earlier, readEarlier } = useEarlier(detail)
  const going = stillOutgoing(outgoing, lines)
  const box = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const last = lines.at(-1)?.id
  useNews(lines, name)

  useLayoutEffect(() => {
    if (box.current && atEnd.current) box.current.scrollTop = box.current.scrollHeight
  }, [last, going.length, detail.history.length])
  // Drafts that come, a summary that is folded out: what was said last stays in sight.
  useEffect(() => {
    const lines = box.current
    if (!lines) return
    const sized = new ResizeObserver(() => {
      if (atEnd.current) lines.scrollTop = lines.scrollHeight
    })
    sized.observe(lines)
    return () => sized.disconnect()
  }, [])

  const told = detail.history.filter(isTold)
  const whole = [
    ...lines.map((line) => ({ at: line.at, id: line.id, item: <Bubble key={line.id} {...{ line, name, acts }} /> })),
    ...told.map((entry) => ({ at: entry.at, id: entry.id, item: <Happening key={entry.id} entry={entry} /> })),
  ]
    // What happened before the first line that is shown belongs to what is not read yet.
    .filter(({ at }) => earlier === null || lines[0] === undefined || at >= lines[0].at)
    .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))

  return (
    <div
      ref={box}
      className="lines"
      // What scrolls must be reachable by keyboard.
      tabIndex={0}
      role="log"
      aria-live="off"
      aria-label={t('case.conversation', { name })}
      onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
        atEnd.current = scrollHeight - scrollTop - clientHeight < nearPx
      }}
    >
      {earlier !== null && (
        <Button type="link" onClick={() => void readEarlier()}>
          {t('case.earlier')}
        </Button>
      )}
      <ol data-number={number}>
        {whole.map(({ item }) => item)}
        {going.map((one) => (
          <Going key={one.key} outgoing={one} />
        ))}
      </ol>
    </div>
  )
}

/** The lines of the detail, and those before them that she asked for. */
function useEarlier({ line: { number }, conversation, earlier: first }: CaseDetail) {
  const [older, setOlder] = useState<{ lines: Line[]; earlier: string | null } | null>(null)
  const earlier = older ? older.earlier : first
  const known = new Set(conversation.map(({ id }) => id))
  const lines = [...(older?.lines.filter(({ id }) => !known.has(id)) ?? []), ...conversation]
  const readEarlier = async (): Promise<void> => {
    const before = encodeURIComponent(earlier ?? '')
    const page = await get<Conversation>(`/api/cases/${number}/conversation?before=${before}`)
    // Kept with what the detail had: when its window moves on, no line falls between the two.
    setOlder({ lines: [...page.lines, ...lines], earlier: page.earlier })
  }
  return { lines, earlier, readEarlier }
}

/** Tells of what the customer says while the case is open. */
function useNews(lines: readonly Line[], name: string): void {
  const { t } = useSpeech()
  const last = lines.findLast(({ who }) => who === 'customer')
  const heard = useRef(last?.id)
  useEffect(() => {
    if (!last || last.id === heard.current) return
    heard.current = last.id
    announce(t('live.newMessage', { name, text: last.text || t('queue.media') }))
  }, [last, name, t])
}
