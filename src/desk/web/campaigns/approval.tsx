/** Who has approved a campaign; and where nobody has, the way to do it. */
import { Button } from 'antd'
import { useState } from 'react'
import type { CampaignLine } from '../../campaigns-api.ts'
import { useSpeech } from '../locale/index.tsx'
import { ApproveDialog } from './approve.tsx'

export function Approval({ line: { id, title, gone, approval } }: { line: CampaignLine }) {
  const { t } = useSpeech()
  const [asking, setAsking] = useState(false)
  if (gone) return null
  if (approval.state === 'approved') return <span>{t('campaigns.approvedBy', { name: approval.by })}</span>
  if (approval.state === 'waived') return <span className="quiet">{t('campaigns.waived')}</span>
  return (
    <span className="approval">
      <span className="sign sign-warn">{t('campaigns.needsApproval')}</span>
      <Button size="small" type="primary" onClick={() => setAsking(true)}>
        {t('campaigns.approve')}
      </Button>
      {asking && <ApproveDialog id={id} title={title} onClose={() => setAsking(false)} />}
    </span>
  )
}
