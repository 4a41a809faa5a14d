/** A case in the queue. */
import { FireFilled, LockOutlined, TeamOutlined } from '@ant-design/icons'
import { memo } from 'react'
import type { CaseLine, Me, SeatLine } from '../../../api.ts'
import { useSpeech } from '../../locale/index.tsx'
import { useWhen } from '../when.ts'
import { nameOf } from './groups.ts'
import { PromiseClock } from './promise.tsx'

/** From here on «urgent» is said in words, too. */
const urgentFrom = 50

type Props = {
  line: CaseLine
  me: Pick<Me, 'id'>
  team: readonly SeatLine[]
  chosen: boolean
  onChoose: (number: number) => void
}

export const QueueLine = memo(function QueueLine({ line, me, team, chosen, onChoose }: Props) {
  const { t } = useSpeech()
  const { clock } = useWhen()
  const isOpen = line.state !== 'closed'
  return (
    <li>
      <a
        className="queue-line"
        href={`/cases/${line.number}`}
        data-case={line.number}
        aria-current={chosen ? 'true' : undefined}
        onClick={(event) => {
          if (event.metaKey || event.ctrlKey || event.shiftKey) return
          event.preventDefault()
          onChoose(line.number)
        }}
      >
        <span className="queue-first">
          <b>{line.name || t('queue.anonymous')}</b>
          <span className="queue-number">{t('queue.number', { number: line.number })}</span>
          <time dateTime={line.lastAt}>{clock(line.lastAt)}</time>
        </span>
        <span className="queue-words">
          {line.readable ? (
            line.lastWords || t('queue.media')
          ) : (
            <>
              <LockOutlined aria-hidden="true" /> {t('queue.takeToSee')}
            </>
          )}
        </span>
        <span className="queue-signs">
          {isOpen && line.urgency >= urgentFrom && (
            <span className="sign sign-urgent">
              <FireFilled aria-hidden="true" /> {t('queue.urgent')}
            </span>
          )}
          <span className="sign">{line.reason.title}</span>
          {line.level !== '' && <span className="sign">{line.level}</span>}
          {line.group !== '' && (
            <span className="sign" title={t('queue.group', { group: line.group })}>
              <TeamOutlined aria-hidden="true" /> {line.group}
            </span>
          )}
        </span>
        <Foot {...{ line, me, team }} />
      </a>
    </li>
  )
})

function Foot({ line, me, team }: Pick<Props, 'line' | 'me' | 'team'>) {
  const { t } = useSpeech()
  const { state, owner, offeredTo, promised, unread } = line
  const whose =
    state === 'owned' && owner !== me.id
      ? t('queue.owner', { name: nameOf(team, owner) })
      : state === 'offered' && offeredTo !== me.id
        ? t('queue.offeredTo', { name: nameOf(team, offeredTo) })
        : ''
  if (state === 'closed' || (!promised && whose === '' && unread === 0)) return null
  return (
    <span className="queue-foot">
      {promised && <PromiseClock promised={promised} />}
      {whose !== '' && <span>{whose}</span>}
      {unread > 0 && (
        <span className="queue-unread">
          <span aria-hidden="true">{unread > 99 ? '99+' : unread}</span>
          <span className="unseen">{t('queue.unread', { n: unread })}</span>
        </span>
      )}
    </span>
  )
}
