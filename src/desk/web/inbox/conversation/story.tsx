/** Why the case is here, before its conversation: the summary and the evidence. */
import type { CaseDetail } from '../../../api.ts'
import { useSpeech } from '../../locale/index.tsx'
import { isKey } from '../../locale/speak.ts'
import { hasRoom } from '../../look/room.ts'

export function Story({ detail: { summary, evidence, mood, rating, line } }: { detail: CaseDetail }) {
  const { t } = useSpeech()
  const moodKey = `mood.${mood}`
  if (summary === null && evidence.length === 0 && mood === '' && rating === null) return null
  return (
    <details className="story" open={line.state !== 'closed' && summary !== null && hasRoom()}>
      <summary>
        {t(summary === null ? 'case.evidence' : 'case.summary')}
        {isKey(moodKey) && <span className="sign">{t('case.mood', { mood: t(moodKey) })}</span>}
        {rating && <span className="sign">{t('case.rating', { mark: rating.mark })}</span>}
      </summary>
      {summary !== null && <p>{summary}</p>}
      {rating && rating.words !== '' && <p>{rating.words}</p>}
      {evidence.length > 0 && (
        <dl>
          {evidence.map(({ title, value }) => (
            <div key={title}>
              <dt>{t(`evidence.${title}`)}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      )}
    </details>
  )
}
