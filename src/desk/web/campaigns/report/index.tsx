/** What a run came to, by variant. */
import { DownloadOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import type { RunLine, VariantLine } from '../../../campaigns-api.ts'
import { useWhen } from '../../inbox/when.ts'
import { useSpeech } from '../../locale/index.tsx'
import { pathOf, useReport } from '../queries.ts'
import { Trouble } from '../trouble.tsx'
import { type Figures, useFigures } from '../words.ts'
import { GoalChart } from './chart.tsx'

const overStates: readonly RunLine['state'][] = ['done', 'stopped', 'missed']

export function Report({ campaign, run }: { campaign: string; run: RunLine }) {
  const { t } = useSpeech()
  const { dated } = useWhen()
  const { data, error } = useReport(campaign, run.id, overStates.includes(run.state))
  const csv = `${pathOf(campaign)}/runs/${run.id}/report.csv`
  return (
    <section className="report" aria-label={t('report.title', { slot: dated(run.slot) })}>
      <header>
        <h2>{t('report.title', { slot: dated(run.slot) })}</h2>
        <Button icon={<DownloadOutlined aria-hidden="true" />} href={csv} download>
          {t('report.csv')}
        </Button>
      </header>
      {!data && <Trouble error={error} />}
      {data?.variants.length === 0 && <p className="quiet">{t('report.nothing')}</p>}
      {data && data.variants.length > 0 && (
        <>
          {data.goal === null ? <p className="quiet">{t('report.noGoal')}</p> : <GoalChart variants={data.variants} />}
          {/* Wider than a phone: it scrolls by itself, also by keys. */}
          <div className="wide" role="region" aria-label={t('report.variant')} tabIndex={0}>
            <Figured variants={data.variants} />
          </div>
        </>
      )}
    </section>
  )
}

function Figured({ variants }: { variants: readonly VariantLine[] }) {
  const { t } = useSpeech()
  const columns = [
    ...(['variant', 'recipients', 'sent', 'waiting', 'notSent', 'unknown', 'replied', 'clicked'] as const),
    ...(['optedOut', 'goal', 'lift'] as const),
  ]
  return (
    <table className="figures">
      <thead>
        <tr>
          {columns.map((column) => (
            <th key={column} scope="col">
              {t(`report.${column}`)}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {variants.map((one) => (
          <Row key={one.variant ?? ''} one={one} />
        ))}
      </tbody>
    </table>
  )
}

function Row({ one }: { one: VariantLine }) {
  const { t } = useSpeech()
  const figures = useFigures()
  const { variant, recipients, sent, waiting, unknown, replied, clicked, optedOut, deferred, notSent, goal, lift } = one
  const missed = Object.values(notSent).reduce((sum, count) => sum + count, 0)
  const range = (low: string, high: string): string => t('report.range', { low, high })
  const { percent, points } = figures
  return (
    <tr>
      <th scope="row">{variant ?? t('report.holdout')}</th>
      <td>{recipients}</td>
      <td>{sent}</td>
      <td>
        {waiting} <Reasons counts={deferred} figures={figures} />
      </td>
      <td>
        {missed} <Reasons counts={notSent} figures={figures} />
      </td>
      <td>{unknown}</td>
      <td>{replied}</td>
      <td>{clicked}</td>
      <td>{optedOut}</td>
      <td>
        {goal && t('report.share', { count: goal.count, of: goal.of })}
        {goal && goal.of > 0 && <small>{range(percent(goal.low), percent(goal.high))}</small>}
      </td>
      <td>
        {lift && t('report.points', { points: points(lift.points) })}
        {lift && <small>{range(points(lift.low), points(lift.high))}</small>}
      </td>
    </tr>
  )
}

function Reasons({ counts, figures }: { counts: Readonly<Record<string, number>>; figures: Figures }) {
  const most = Object.entries(counts).sort(([, one], [, other]) => other - one)
  if (most.length === 0) return null
  return <small>{most.map(([code, count]) => `${figures.reason(code)} ${count}`).join(' · ')}</small>
}
