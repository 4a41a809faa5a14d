/** What can be done with a campaign now. */
import { Button, Modal } from 'antd'
import { useState } from 'react'
import type { CampaignLine } from '../../campaigns-api.ts'
import { useSpeech } from '../locale/index.tsx'
import { useDoing } from './use-doing.ts'

export function CampaignActs({ line, previews }: { line: CampaignLine; previews: boolean }) {
  const { t } = useSpeech()
  const { busy, run } = useDoing()
  const [stopping, setStopping] = useState(false)
  const { id, gone, paused, open, title } = line
  const turn = paused === null ? 'pause' : 'resume'
  return (
    <span className="acts">
      {!gone && previews && (
        <Button size="small" disabled={busy} onClick={() => void run(id, 'preview')}>
          {t('campaigns.preview')}
        </Button>
      )}
      {!gone && (
        <Button size="small" disabled={busy} onClick={() => void run(id, turn)}>
          {t(`campaigns.${turn}`)}
        </Button>
      )}
      {open > 0 && (
        <Button size="small" danger disabled={busy} onClick={() => setStopping(true)}>
          {t('campaigns.stop')}
        </Button>
      )}
      {stopping && (
        <Modal
          open
          centered
          width={420}
          title={t('campaigns.stopTitle', { title })}
          okText={t('campaigns.stop')}
          okButtonProps={{ danger: true }}
          cancelText={t('app.cancel')}
          closable={{ 'aria-label': t('app.close') }}
          confirmLoading={busy}
          onOk={() => void run(id, 'stop').then((isDone) => isDone && setStopping(false))}
          onCancel={() => setStopping(false)}
        >
          <p>{t('campaigns.stopLead')}</p>
        </Modal>
      )}
    </span>
  )
}
