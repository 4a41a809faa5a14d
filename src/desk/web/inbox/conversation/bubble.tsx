/** One line of a conversation. */
import {
  CheckOutlined,
  ClockCircleOutlined,
  CloseCircleFilled,
  QuestionCircleFilled,
  TeamOutlined,
} from '@ant-design/icons'
import { memo } from 'react'
import type { Line } from '../../../api.ts'
import { serverNow, useNow } from '../../live/server-clock.ts'
import { useSpeech } from '../../locale/index.tsx'
import { useWhen } from '../when.ts'
import { Attachment } from './attachment.tsx'

export type LineActs = {
  recallMs: number
  recall: (say: string) => void
  resend: (say: string) => void
  faq: (say: string) => void
}

type Props = { line: Line; name: string; acts: LineActs | null }

export const Bubble = memo(function Bubble({ line, name, acts }: Props) {
  const { t } = useSpeech()
  const { whole } = useWhen()
  const who = line.who === 'customer' ? name : line.by || t(line.who === 'phone' ? 'line.phone' : 'line.bot')
  return (
    <li className={`line line-${line.who}`} data-line={line.id}>
      <p className="line-who">
        <b>{who}</b>
        {line.group !== '' && (
          <span className="sign">
            <TeamOutlined aria-hidden="true" /> {t('line.group', { group: line.group })}
          </span>
        )}
        <time dateTime={line.at}>{whole(line.at)}</time>
      </p>
      <div className="bubble">
        {line.quoted !== null && <blockquote>{t('line.quoted', { text: line.quoted })}</blockquote>}
        {line.recalled ? <i>{t('line.recalled')}</i> : line.type === 'text' ? line.text : <Attachment line={line} />}
      </div>
      {line.who !== 'customer' && !line.recalled && <Foot line={line} acts={acts} />}
    </li>
  )
})

const states = {
  pending: [ClockCircleOutlined, 'line.waiting'],
  sending: [ClockCircleOutlined, 'line.sending'],
  sent: [CheckOutlined, 'line.sent'],
  unknown: [QuestionCircleFilled, 'line.unknown'],
  refused: [CloseCircleFilled, 'line.refused'],
  cancelled: [CloseCircleFilled, 'line.cancelled'],
} as const

function Foot({ line: { state, say, at, type }, acts }: Pick<Props, 'line' | 'acts'>) {
  const { t } = useSpeech()
  const [Sign, key] = state === null ? [null, null] : states[state]
  const failed = state === 'unknown' || state === 'refused'
  return (
    <p className={`line-foot ${failed ? 'line-bad' : ''}`}>
      {Sign && (
        <span>
          <Sign aria-hidden="true" /> {t(key)}
        </span>
      )}
      {acts && say !== null && (
        <>
          {failed && (
            <button type="button" className="bare" onClick={() => acts.resend(say)}>
              {t('line.resend')}
            </button>
          )}
          {!failed && state !== 'cancelled' && Date.parse(at) + acts.recallMs > serverNow() && (
            <Recall until={Date.parse(at) + acts.recallMs} onRecall={() => acts.recall(say)} />
          )}
          {state === 'sent' && type === 'text' && (
            <button type="button" className="bare line-quiet" onClick={() => acts.faq(say)}>
              {t('line.faq')}
            </button>
          )}
        </>
      )}
    </p>
  )
}

function Recall({ until, onRecall }: { until: number; onRecall: () => void }) {
  const { t } = useSpeech()
  if (useNow() >= until) return null
  return (
    <button type="button" className="bare" onClick={onRecall}>
      {t('line.recall')}
    </button>
  )
}
