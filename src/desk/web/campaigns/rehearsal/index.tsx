/** Some days played through on the desk: what goes out, and what would change. */
import { Alert, Button, Progress } from 'antd'
import { useSpeech } from '../../locale/index.tsx'
import { useCampaigns } from '../queries.ts'
import { Trouble } from '../trouble.tsx'
import { Differences } from './differences.tsx'
import { Wish } from './wish.tsx'
import { type Rehearsing, useRehearsal } from './use-rehearsal.ts'

export function RehearsalPage() {
  const { t } = useSpeech()
  const { data, error } = useCampaigns()
  const rehearsing = useRehearsal()
  return (
    <>
      <h1>{t('rehearsal.title')}</h1>
      <p className="quiet">{t('rehearsal.lead')}</p>
      {data ? <Wish today={data.today} busy={rehearsing.busy} onBegin={rehearsing.begin} /> : <Trouble error={error} />}
      <Shown {...rehearsing} />
    </>
  )
}

function Shown({ line, error, cancel }: Rehearsing) {
  const { t, locale } = useSpeech()
  if (!line) return error ? <Trouble error={error} missing={t('rehearsal.gone')} /> : null
  if (line.state === 'cancelled') return <Alert type="info" title={t('rehearsal.cancelled')} />
  if (line.state === 'failed') {
    const description = line.message === null ? undefined : <pre className="findings">{line.message}</pre>
    return <Alert type="error" title={t('rehearsal.failed')} description={description} />
  }
  if (line.state === 'playing') {
    return (
      <div className="playing" role="status">
        <span>{t('rehearsal.playing')}</span>
        <Progress percent={Math.round(line.share * 100)} aria-label={t('rehearsal.playing')} />
        <Button onClick={cancel}>{t('rehearsal.cancel')}</Button>
      </div>
    )
  }
  return (
    <>
      {line.failures.length > 0 && (
        <Alert
          type="warning"
          title={t('rehearsal.failures', { count: line.failures.length })}
          description={<pre className="findings">{line.failures.join('\n')}</pre>}
        />
      )}
      {line.differences && <Differences differences={line.differences} />}
      <iframe
        className="rehearsal"
        sandbox=""
        title={t('rehearsal.page')}
        src={`/api/rehearsals/${line.id}/page?lang=${locale}`}
      />
    </>
  )
}
