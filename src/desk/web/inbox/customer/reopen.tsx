/** A manager opens a case by hand. */
import { Button, Input } from 'antd'
import { useId, useState } from 'react'
import { freshKey, openByHand } from '../../api/acts.ts'
import { useSpeech } from '../../locale/index.tsx'
import type { Acts } from '../use-acts.ts'

export default function Reopen({ customerId, acts }: { customerId: string; acts: Acts }) {
  const { t } = useSpeech()
  const id = useId()
  const [note, setNote] = useState('')
  const open = async (): Promise<void> => {
    const key = freshKey()
    if (await acts.finish(() => openByHand(customerId, key, note.trim()), 'case.done')) setNote('')
  }
  return (
    <form
      className="part"
      onSubmit={(event) => {
        event.preventDefault()
        void open()
      }}
    >
      <h3>
        <label htmlFor={id}>{t('case.reopen')}</label>
      </h3>
      <Input.TextArea
        id={id}
        rows={2}
        maxLength={500}
        placeholder={t('case.reopenLead')}
        value={note}
        onChange={(event) => setNote(event.target.value)}
      />
      <Button htmlType="submit" loading={acts.busy} disabled={note.trim() === ''}>
        {t('case.reopen')}
      </Button>
    </form>
  )
}
