/** What happened to the case, between the lines; and notes, which only colleagues see. */
import { LockOutlined } from '@ant-design/icons'
import type { HistoryEntry } from '../../../api.ts'
import { isKey } from '../../locale/speak.ts'
import { useSpeech } from '../../locale/index.tsx'
import { useWhen } from '../when.ts'

/** What shows by itself: that somebody said something stands there as what she said. */
export const isTold = ({ kind }: HistoryEntry): boolean => kind === 'note' || isKey(`history.${kind}`)

export function Happening({ entry }: { entry: HistoryEntry }) {
  const { t } = useSpeech()
  const { whole } = useWhen()
  if (entry.kind === 'note') {
    return (
      <li className="note">
        <p className="line-who">
          <LockOutlined aria-hidden="true" /> {t('line.note')} <b>{entry.by}</b>
          <time dateTime={entry.at}>{whole(entry.at)}</time>
        </p>
        {entry.text}
      </li>
    )
  }
  return (
    <li className="happening">
      <HappeningWords entry={entry} /> <time dateTime={entry.at}>{whole(entry.at)}</time>
    </li>
  )
}

export function HappeningWords({ entry: { kind, by, to, text } }: { entry: HistoryEntry }) {
  const { t } = useSpeech()
  const key = `history.${kind}`
  return <>{kind === 'note' ? text : isKey(key) ? t(key, { by, to, text }) : kind}</>
}
