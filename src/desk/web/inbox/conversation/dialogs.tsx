/** What needs a word before it is done. */
import { Input, Modal, Select } from 'antd'
import { useId, useState } from 'react'
import type { Act } from '../../../api.ts'
import { useWords } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'
import { nameOf } from '../queue/groups.ts'
import type { CaseProps, DialogName } from './props.ts'

const titles = {
  transfer: 'case.transfer',
  escalate: 'case.escalate',
  resolve: 'case.resolve',
  'take-over': 'case.takeOver',
} as const

export default function Dialogs({ me, line, team, acts, dialog, onDialog }: CaseProps & { dialog: DialogName }) {
  const { t } = useSpeech()
  const id = useId()
  const words = useWords()
  const [to, setTo] = useState<string>()
  const [note, setNote] = useState('')
  const [code, setCode] = useState<string | null>(null)
  const close = (): void => onDialog(null)

  const what = (): Act | null => {
    if (dialog === 'take-over') return { act: 'take-over' }
    if (dialog === 'escalate') return { act: 'escalate', note: note.trim() }
    if (dialog === 'resolve') return { act: 'resolve', code }
    return to === undefined ? null : { act: 'transfer', to, note: note.trim() }
  }
  const finish = async (): Promise<void> => {
    const act = what()
    if (act && (await acts.run(line.number, act, 'case.done'))) close()
  }
  const colleagues = team.filter((seat) => seat.id !== me.id && seat.bound)
  const resolutions = words.data?.resolutions ?? []
  return (
    <Modal
      open
      centered
      width={440}
      title={t(titles[dialog])}
      okText={t(titles[dialog])}
      cancelText={t('app.cancel')}
      closable={{ 'aria-label': t('app.close') }}
      confirmLoading={acts.busy}
      okButtonProps={{ disabled: what() === null }}
      onOk={() => void finish()}
      onCancel={close}
    >
      <div className="dialog">
        {dialog === 'take-over' && <p>{t('case.takeOverAsk', { name: nameOf(team, line.owner ?? line.offeredTo) })}</p>}
        {dialog === 'transfer' && (
          <>
            <label htmlFor={`${id}-to`}>{t('dialog.transferTo')}</label>
            <Select
              id={`${id}-to`}
              autoFocus
              placeholder={t('dialog.transferPick')}
              value={to}
              onChange={setTo}
              options={colleagues.map((seat) => ({
                value: seat.id,
                label: `${seat.name} · ${t(seat.away ? 'top.away' : seat.onDuty ? 'top.onDuty' : 'top.offDuty')} · ${seat.load}/${seat.capacity}`,
              }))}
            />
          </>
        )}
        {dialog === 'resolve' && (
          <fieldset className="reasons">
            <legend>{t('dialog.resolveReason')}</legend>
            {[{ id: null, title: t('dialog.noReason') }, ...resolutions].map((one) => (
              <label key={one.id ?? ''}>
                <input
                  type="radio"
                  name={`${id}-reason`}
                  checked={code === one.id}
                  autoFocus={one.id === null}
                  onChange={() => setCode(one.id)}
                />
                {one.title}
              </label>
            ))}
          </fieldset>
        )}
        {(dialog === 'transfer' || dialog === 'escalate') && (
          <>
            <label htmlFor={`${id}-note`}>{t('dialog.note')}</label>
            <Input.TextArea
              id={`${id}-note`}
              rows={3}
              maxLength={500}
              autoFocus={dialog === 'escalate'}
              placeholder={t('dialog.noteHint')}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          </>
        )}
      </div>
    </Modal>
  )
}
