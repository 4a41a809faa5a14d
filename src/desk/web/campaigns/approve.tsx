/** What would be approved, as it would be read; her word is for that and nothing else. */
import { Modal } from 'antd'
import type { Proposal } from '../../campaigns-api.ts'
import { cache } from '../api/cache.ts'
import { useWhen } from '../inbox/when.ts'
import { useSpeech } from '../locale/index.tsx'
import { campaignKeys, useProposal } from './queries.ts'
import { Trouble } from './trouble.tsx'
import { useDoing } from './use-doing.ts'

export function ApproveDialog({ id, title, onClose }: { id: string; title: string; onClose: () => void }) {
  const { t } = useSpeech()
  const { data, error } = useProposal(id)
  const { busy, run } = useDoing()
  const approve = async (): Promise<void> => {
    if (!data) return
    // What is on the screen, and not what the file says by now.
    if (await run(id, 'approve', { fingerprint: data.fingerprint })) onClose()
    else await cache.invalidateQueries({ queryKey: campaignKeys.proposal(id) })
  }
  return (
    <Modal
      open
      centered
      width={560}
      title={t('campaigns.approveTitle', { title: data?.title ?? title })}
      okText={t('campaigns.approve')}
      cancelText={t('app.cancel')}
      closable={{ 'aria-label': t('app.close') }}
      confirmLoading={busy}
      okButtonProps={{ disabled: !data }}
      onOk={() => void approve()}
      onCancel={onClose}
    >
      {data ? <Shown proposal={data} /> : <Trouble error={error} />}
    </Modal>
  )
}

function Shown({ proposal: { to, next, variants, holdout, fingerprint } }: { proposal: Proposal }) {
  const { t } = useSpeech()
  const { dated } = useWhen()
  const when = next === null ? t('campaigns.never') : dated(next)
  return (
    <div className="proposal">
      <p className="quiet">{t('campaigns.approveLead')}</p>
      <p>
        {when} · {t('campaigns.to', { to: to.join(' · ') })}
      </p>
      {variants.map(({ id, percent, messages }) => (
        <section key={id}>
          <h3>{t('campaigns.variant', { id, percent: Math.round(percent) })}</h3>
          {messages.map((text, i) => (
            <p className="message" key={i}>
              {text}
            </p>
          ))}
        </section>
      ))}
      {holdout > 0 && <p>{t('campaigns.holdout', { percent: holdout })}</p>}
      <p className="quiet">{t('campaigns.fingerprint', { print: fingerprint.slice(0, 12) })}</p>
    </div>
  )
}
