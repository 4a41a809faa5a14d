/** Who is there, and how much she has. */
import { TeamOutlined } from '@ant-design/icons'
import { Button, Popover } from 'antd'
import type { SeatLine } from '../../api.ts'
import { useSpeech } from '../locale/index.tsx'

export function Team({ team }: { team: readonly SeatLine[] }) {
  const { t } = useSpeech()
  const here = team.filter(({ onDuty, away }) => onDuty && !away).length
  const list = (
    <ul className="team">
      {team.map((seat) => (
        <li key={seat.id}>
          <span className={`dot ${seat.onDuty && !seat.away ? 'dot-here' : 'dot-away'}`} aria-hidden="true" />
          <b>{seat.name}</b>
          <span>{t(standing(seat))}</span>
          <span>{t('top.load', { load: seat.load, capacity: seat.capacity })}</span>
        </li>
      ))}
    </ul>
  )
  return (
    <Popover content={list} trigger="click" placement="bottomRight" title={t('top.team')}>
      <Button
        type="text"
        icon={<TeamOutlined aria-hidden="true" />}
        aria-label={`${t('top.team')} ${here}/${team.length}`}
      >
        {here}/{team.length}
      </Button>
    </Popover>
  )
}

function standing({ bound, onDuty, away }: SeatLine) {
  if (!bound) return 'top.unbound'
  if (!onDuty) return 'top.offDuty'
  return away ? 'top.away' : 'top.onDuty'
}
