/** Which days are rehearsed, with which content. */
import { Button, Input, Segmented } from 'antd'
import { useId, useState } from 'react'
import type { RehearsalWish } from '../../../campaigns-api.ts'
import { useSpeech } from '../../locale/index.tsx'

type Props = { today: string; busy: boolean; onBegin: (wish: RehearsalWish) => Promise<void> }

const dayMs = 86_400_000
const usualDays = '14'

/** `today` in the brand's zone: it begins tomorrow unless she says otherwise. */
export function Wish({ today, busy, onBegin }: Props) {
  const { t } = useSpeech()
  const id = useId()
  const [from, setFrom] = useState(() => new Date(Date.parse(today) + dayMs).toISOString().slice(0, 10))
  const [days, setDays] = useState(usualDays)
  const [content, setContent] = useState<RehearsalWish['content']>('saved')
  const [seed, setSeed] = useState('')
  const isRight = from !== '' && /^([1-9]|[1-5]\d|60)$/.test(days) && /^\d{0,9}$/.test(seed)
  const begin = (): void => {
    if (isRight) void onBegin({ from, days: Number(days), content, seed: seed === '' ? null : Number(seed) })
  }
  return (
    <form
      className="wish"
      onSubmit={(event) => {
        event.preventDefault()
        begin()
      }}
    >
      <label htmlFor={`${id}-from`}>
        {t('rehearsal.from')}
        <Input id={`${id}-from`} type="date" value={from} onChange={(event) => setFrom(event.target.value)} />
      </label>
      <label htmlFor={`${id}-days`}>
        {t('rehearsal.days')}
        <Input
          id={`${id}-days`}
          inputMode="numeric"
          value={days}
          onChange={(event) => setDays(event.target.value.trim())}
        />
      </label>
      <div>
        <span>{t('rehearsal.content')}</span>
        <Segmented<RehearsalWish['content']>
          aria-label={t('rehearsal.content')}
          value={content}
          onChange={setContent}
          options={[
            { value: 'saved', label: t('rehearsal.saved') },
            { value: 'live', label: t('rehearsal.live') },
          ]}
        />
      </div>
      <label htmlFor={`${id}-seed`}>
        {t('rehearsal.seed')}
        <Input
          id={`${id}-seed`}
          inputMode="numeric"
          value={seed}
          onChange={(event) => setSeed(event.target.value.trim())}
        />
      </label>
      <Button type="primary" htmlType="submit" disabled={!isRight || busy}>
        {t('rehearsal.begin')}
      </Button>
    </form>
  )
}
