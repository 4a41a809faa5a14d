/** All campaigns: when they are due, who approved them, how the last run went. */
import { Link } from 'wouter'
import type { CampaignLine } from '../../campaigns-api.ts'
import { useWhen } from '../inbox/when.ts'
import { useSpeech } from '../locale/index.tsx'
import { CampaignActs } from './acts.tsx'
import { Approval } from './approval.tsx'
import { Notices } from './notices.tsx'
import { useCampaigns } from './queries.ts'
import { RunState } from './run-state.tsx'
import { Trouble } from './trouble.tsx'

export function CampaignsPage() {
  const { t } = useSpeech()
  const { data, error } = useCampaigns()
  return (
    <>
      <h1>{t('campaigns.title')}</h1>
      <p className="quiet">{t('campaigns.lead')}</p>
      {data ? (
        <>
          <Notices notices={data.notices} />
          {data.campaigns.length === 0 ? (
            <p>{t('campaigns.none')}</p>
          ) : (
            <Table campaigns={data.campaigns} previews={data.previews} />
          )}
        </>
      ) : (
        <Trouble error={error} />
      )}
    </>
  )
}

function Table({ campaigns, previews }: { campaigns: readonly CampaignLine[]; previews: boolean }) {
  const { t } = useSpeech()
  return (
    <table className="rows">
      <thead>
        <tr>
          <th scope="col">{t('campaigns.name')}</th>
          <th scope="col">{t('campaigns.next')}</th>
          <th scope="col">{t('campaigns.approval')}</th>
          <th scope="col">{t('campaigns.last')}</th>
          <th scope="col">{t('campaigns.acts')}</th>
        </tr>
      </thead>
      <tbody>
        {campaigns.map((line) => (
          <Row key={line.id} line={line} previews={previews} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ line, previews }: { line: CampaignLine; previews: boolean }) {
  const { t } = useSpeech()
  const { id, title, to, last } = line
  return (
    <tr data-campaign={id}>
      <th scope="row">
        <Link href={`/campaigns/${encodeURIComponent(id)}`}>{title}</Link>
        {to.length > 0 && <span className="quiet">{t('campaigns.to', { to: to.join(' · ') })}</span>}
      </th>
      <td data-label={t('campaigns.next')}>
        <NextSlot line={line} />
      </td>
      <td data-label={t('campaigns.approval')}>
        <Approval line={line} />
      </td>
      <td data-label={t('campaigns.last')}>
        {last ? <RunState run={last} /> : <span className="quiet">{t('campaigns.lastNone')}</span>}
      </td>
      <td data-label={t('campaigns.acts')}>
        <CampaignActs line={line} previews={previews} />
      </td>
    </tr>
  )
}

export function NextSlot({ line: { next, paused, gone } }: { line: CampaignLine }) {
  const { t } = useSpeech()
  const { dated } = useWhen()
  if (gone) return <span className="sign">{t('campaigns.gone')}</span>
  return (
    <>
      {next === null ? <span className="quiet">{t('campaigns.never')}</span> : dated(next)}{' '}
      {paused !== null && <span className="sign sign-warn">{t('campaigns.paused')}</span>}
    </>
  )
}
