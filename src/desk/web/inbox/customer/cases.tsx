import type { CustomerCard } from '../../../api.ts'
import { useSpeech } from '../../locale/index.tsx'
import { useWhen } from '../when.ts'

type Props = { cases: CustomerCard['cases']; onChoose: (number: number) => void }

export function Cases({ cases, onChoose }: Props) {
  const { t } = useSpeech()
  const { day } = useWhen()
  if (cases.length === 0) return <p className="quiet">{t('customer.noCases')}</p>
  return (
    <ul className="past">
      {cases.map(({ number, openedAt, closedAt, reason, resolution, mark }) => (
        <li key={number}>
          <button type="button" className="bare" onClick={() => onChoose(number)}>
            {t('queue.number', { number })} {reason}
          </button>
          <p className="quiet">
            {day(openedAt)} · {closedAt === null ? t('customer.open') : resolution || t('queue.closed')}
            {mark !== null && ` · ${t('customer.mark', { mark })}`}
          </p>
        </li>
      ))}
    </ul>
  )
}
