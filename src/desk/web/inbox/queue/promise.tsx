/** The clock of a case: colour, sign and words, so that none of them is needed alone. */
import { ClockCircleOutlined, ExclamationCircleFilled, WarningFilled } from '@ant-design/icons'
import type { Promised } from '../../../api.ts'
import { useNow } from '../../live/server-clock.ts'
import { useSpeech } from '../../locale/index.tsx'
import { spanOf, standingOf } from './standing.ts'

const signs = { calm: ClockCircleOutlined, soon: WarningFilled, late: ExclamationCircleFilled }

/** `long` says also what is promised. */
export function PromiseClock({ promised, long = false }: { promised: Promised; long?: boolean }) {
  const { t } = useSpeech()
  const { is, ms } = standingOf(promised, useNow())
  const span = spanOf(ms)
  const time = span.unit === 'clock' ? span.text : t(`time.${span.unit}`, { n: span.n })
  const what = t(`promise.${promised.what}`)
  const whole = t(is === 'calm' ? 'promise.left' : is === 'soon' ? 'promise.soon' : 'promise.late', { what, time })
  const short = t(is === 'late' ? 'promise.short.late' : 'promise.short.left', { time })
  const Sign = signs[is]
  return (
    <span className={`promise promise-${is}`} title={whole}>
      <Sign aria-hidden="true" />
      {long ? whole : short}
    </span>
  )
}
