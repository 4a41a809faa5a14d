/** Whose the thread is, when it is not hers: shown where she would write, with what she can do about it. */
import { Button } from 'antd'
import { useSpeech } from '../../locale/index.tsx'
import { nameOf } from '../queue/groups.ts'
import type { CaseProps } from './props.ts'

export function Owner({ me, line, team, acts, onDialog }: CaseProps) {
  const { t } = useSpeech()
  const { number, state, owner, offeredTo } = line
  const isMine = state === 'owned' && owner === me.id
  if (isMine) return null
  if (state === 'closed') {
    return (
      <p className="owner" role="status">
        {t('case.closed')}
      </p>
    )
  }
  const isOffered = state === 'offered' && offeredTo === me.id
  const mayTakeOver = state === 'owned' || (state === 'offered' && !isOffered)
  return (
    <div className="owner">
      <span role="status">{whose()}</span>
      <span className="top-gap" />
      {isOffered && (
        <Button disabled={acts.busy} onClick={() => void acts.run(number, { act: 'decline' })}>
          {t('case.decline')}
        </Button>
      )}
      {mayTakeOver ? (
        <Button disabled={acts.busy} onClick={() => onDialog('take-over')}>
          {t('case.takeOver')}
        </Button>
      ) : (
        <Button type="primary" loading={acts.busy} onClick={() => void acts.run(number, { act: 'accept' })}>
          {t('case.accept')}
        </Button>
      )}
    </div>
  )

  function whose(): string {
    if (state === 'owned') return t('case.ownedBy', { name: nameOf(team, owner) })
    if (isOffered) return t('case.offeredToMe')
    return state === 'offered' ? t('case.offeredTo', { name: nameOf(team, offeredTo) }) : t('case.waiting')
  }
}
