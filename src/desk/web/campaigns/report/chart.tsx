/** Shares as bars, each with the interval in which the true one lies. */
import type { VariantLine } from '../../../campaigns-api.ts'
import { useSpeech } from '../../locale/index.tsx'
import { useFigures } from '../words.ts'

type Goal = NonNullable<VariantLine['goal']>
const height = 24
const middle = height / 2
const cap = 5

export function GoalChart({ variants }: { variants: readonly VariantLine[] }) {
  const { t } = useSpeech()
  const { percent } = useFigures()
  const shown = variants.flatMap(({ variant, goal }) => (goal && goal.of > 0 ? [{ variant, goal }] : []))
  if (shown.length === 0) return <p className="quiet">{t('report.nobody')}</p>
  const most = endOf(Math.max(...shown.map(({ goal }) => goal.high)))
  return (
    <figure className="chart">
      <figcaption>{t('report.chart')}</figcaption>
      <ul>
        {shown.map(({ variant, goal }) => (
          <li key={variant ?? ''} data-holdout={variant === null}>
            <span className="chart-name">{variant ?? t('report.holdout')}</span>
            <Bar goal={goal} most={most} />
            <span className="chart-figure">
              {percent(goal.count / goal.of)}
              <small>{t('report.range', { low: percent(goal.low), high: percent(goal.high) })}</small>
            </span>
          </li>
        ))}
      </ul>
      <p className="chart-axis" aria-hidden="true">
        <span>0</span>
        <span>{percent(most)}</span>
      </p>
    </figure>
  )
}

/** Lengths are in percent of the bar's width; what it says stands beside it as text. */
function Bar({ goal: { count, of, low, high }, most }: { goal: Goal; most: number }) {
  const at = (share: number): string => `${Math.min(100, (share / most) * 100)}%`
  return (
    <svg className="bar" height={height} width="100%" aria-hidden="true">
      <rect className="bar-share" y={4} height={height - 8} width={at(count / of)} />
      <line className="bar-range" x1={at(low)} x2={at(high)} y1={middle} y2={middle} />
      <line className="bar-range" x1={at(low)} x2={at(low)} y1={middle - cap} y2={middle + cap} />
      <line className="bar-range" x1={at(high)} x2={at(high)} y1={middle - cap} y2={middle + cap} />
    </svg>
  )
}

/** Where the axis ends: the next full step above. */
function endOf(share: number): number {
  const step = share > 0.5 ? 0.25 : share > 0.2 ? 0.1 : share > 0.05 ? 0.05 : 0.01
  return Math.min(1, Math.ceil(share / step) * step)
}
