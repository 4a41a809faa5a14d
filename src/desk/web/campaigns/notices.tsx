/** What is said first: runs that wait for a word, and slots that were missed. */
import { WarningOutlined } from '@ant-design/icons'
import { Link } from 'wouter'
import type { CampaignNotice } from '../../campaigns-api.ts'
import { useWhen } from '../inbox/when.ts'
import { useSpeech } from '../locale/index.tsx'
import { useFigures } from './words.ts'

export function Notices({ notices }: { notices: readonly CampaignNotice[] }) {
  const { t } = useSpeech()
  const { dated } = useWhen()
  const { reason } = useFigures()
  if (notices.length === 0) return null
  const words = (notice: CampaignNotice): string => {
    const slot = dated(notice.slot)
    const { title } = notice
    if (notice.kind === 'missed') return t('notice.missed', { title, slot, reason: reason(notice.reason) })
    if (notice.until === null) return t('notice.waiting', { title, slot })
    return t('notice.waitingUntil', { title, slot, until: dated(notice.until) })
  }
  return (
    <section className="notices" aria-label={t('notice.title')}>
      <ul>
        {notices.map((notice) => (
          <li key={`${notice.campaign} ${notice.slot}`} data-kind={notice.kind}>
            <WarningOutlined aria-hidden="true" />{' '}
            <Link href={`/campaigns/${encodeURIComponent(notice.campaign)}`}>{words(notice)}</Link>
          </li>
        ))}
      </ul>
    </section>
  )
}
