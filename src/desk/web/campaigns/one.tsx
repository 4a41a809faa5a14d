/** One campaign: how it stands, its runs, and the report of the one that is open. */
import { LeftOutlined } from '@ant-design/icons'
import { useState } from 'react'
import { Link } from 'wouter'
import type { CampaignDetail } from '../../campaigns-api.ts'
import { useSpeech } from '../locale/index.tsx'
import { CampaignActs } from './acts.tsx'
import { Approval } from './approval.tsx'
import { NextSlot } from './list.tsx'
import { useCampaign } from './queries.ts'
import { Report } from './report/index.tsx'
import { RunState } from './run-state.tsx'
import { Trouble } from './trouble.tsx'

export function CampaignPage({ id }: { id: string }) {
  const { t } = useSpeech()
  const { data, error } = useCampaign(id)
  return (
    <>
      <p>
        <Link href="/campaigns">
          <LeftOutlined aria-hidden="true" /> {t('campaigns.back')}
        </Link>
      </p>
      {data ? <Shown {...data} /> : <Trouble error={error} missing={t('campaigns.missing')} />}
    </>
  )
}

function Shown({ line, runs, previews }: CampaignDetail) {
  const { t } = useSpeech()
  const [chosen, setChosen] = useState<string | null>(null)
  const shown = runs.find(({ id }) => id === chosen) ?? runs[0]
  return (
    <>
      <h1>{line.title}</h1>
      <div className="standing">
        <span>
          {t('campaigns.next')}: <NextSlot line={line} />
        </span>
        {line.to.length > 0 && <span>{t('campaigns.to', { to: line.to.join(' · ') })}</span>}
        <Approval line={line} />
        <CampaignActs line={line} previews={previews} />
      </div>
      <h2>{t('campaigns.runs')}</h2>
      {runs.length === 0 && <p className="quiet">{t('campaigns.runsNone')}</p>}
      <ul className="run-list">
        {runs.map((run) => (
          <li key={run.id}>
            <button type="button" aria-pressed={run.id === shown?.id} onClick={() => setChosen(run.id)}>
              <RunState run={run} />
            </button>
          </li>
        ))}
      </ul>
      {shown && <Report key={shown.id} campaign={line.id} run={shown} />}
    </>
  )
}
