/** A run in a line: where it stands, and its recipients in numbers. */
import type { RunLine } from '../../campaigns-api.ts'
import { useWhen } from '../inbox/when.ts'
import { useSpeech } from '../locale/index.tsx'
import { useFigures } from './words.ts'

const alarming: readonly RunLine['state'][] = ['waiting', 'missed', 'stopped']

export function RunState({ run }: { run: RunLine }) {
  const { t } = useSpeech()
  const { dated } = useWhen()
  const { reason } = useFigures()
  const { slot, state, sent, waiting, notSent, unknown, paused, audience } = run
  return (
    <span className="run">
      <span>
        {dated(slot)} <span className={`sign${alarming.includes(state) ? ' sign-warn' : ''}`}>{t(`run.${state}`)}</span>{' '}
        {paused && <span className="sign sign-warn">{t('campaigns.paused')}</span>}
      </span>
      <span className="quiet">
        {audience > 0 && t('campaigns.counts', { sent, waiting, notSent })}
        {unknown > 0 && ` · ${t('report.unknown')} ${unknown}`}
        {run.reason !== null && ` · ${reason(run.reason)}`}
      </span>
    </span>
  )
}
