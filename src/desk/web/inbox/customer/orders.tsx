/** What she bought last. */
import type { OrderLine } from '../../../api.ts'
import { useSpeech } from '../../locale/index.tsx'
import { isKey } from '../../locale/speak.ts'
import { useWhen } from '../when.ts'

export function Orders({ orders }: { orders: readonly OrderLine[] }) {
  const { t } = useSpeech()
  const { day } = useWhen()
  const stateOf = (state: string): string => {
    const key = `order.${state}`
    return isKey(key) ? t(key) : state
  }
  if (orders.length === 0) return <p className="quiet">{t('customer.noOrders')}</p>
  return (
    <ul className="orders">
      {orders.map(({ number, state, placedAt, amount, items }) => (
        <li key={number}>
          <p>
            <b>{items.join(' · ') || number}</b>
            <span>{amount}</span>
          </p>
          <p className="quiet">
            <span className="sign">{stateOf(state)}</span>
            <span>
              {day(placedAt)} · {number}
            </span>
          </p>
        </li>
      ))}
    </ul>
  )
}
