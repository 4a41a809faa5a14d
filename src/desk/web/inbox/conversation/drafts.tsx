/** What could be said: hers to use, to change, or to leave. */
import { BulbOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { CaseDetail } from '../../../api.ts'
import { useSpeech } from '../../locale/index.tsx'
import { hasRoom } from '../../look/room.ts'

type Props = { drafts: CaseDetail['drafts']; onUse: (text: string) => void; onSend: (n: number, text: string) => void }

export function Drafts({ drafts: { state, drafts }, onUse, onSend }: Props) {
  const { t } = useSpeech()
  if (state === 'none' && drafts.length === 0) return null
  return (
    <details className="drafts" open={hasRoom()}>
      <summary>{t('draft.title')}</summary>
      {state === 'asked' && <p role="status">{t('draft.asked')}</p>}
      <ul>
        {drafts.map(({ n, text, cites, source }) => (
          <li key={n}>
            <p className="draft-head">
              <BulbOutlined aria-hidden="true" /> {t(source === 'faq' ? 'draft.faq' : 'draft.model')} {n}
              {cites.length > 0 && ` · ${t('draft.cites', { cites: cites.join(' · ') })}`}
            </p>
            <p className="draft-text">{text}</p>
            <p className="draft-acts">
              <Button size="small" onClick={() => onUse(text)}>
                {t('draft.use')}
              </Button>
              <Button size="small" type="text" onClick={() => onSend(n, text)}>
                {t('draft.send')}
              </Button>
            </p>
          </li>
        ))}
      </ul>
    </details>
  )
}
