/** One question of the way in: a labelled field and the button that answers it. */
import { Button, Input, type InputProps } from 'antd'
import { useId, useState } from 'react'

type Props = {
  label: string
  lead: string
  button: string
  onAnswer: (value: string) => Promise<void>
  field?: Pick<InputProps, 'autoComplete' | 'inputMode' | 'maxLength'>
}

export function Step({ label, lead, button, onAnswer, field }: Props) {
  const id = useId()
  const [value, setValue] = useState('')
  const [busy, setBusy] = useState(false)
  const answer = async (): Promise<void> => {
    if (busy || value.trim() === '') return
    setBusy(true)
    try {
      await onAnswer(value.trim())
    } finally {
      setBusy(false)
    }
  }
  return (
    <form
      className="door-step"
      onSubmit={(event) => {
        event.preventDefault()
        void answer()
      }}
    >
      <p id={`${id}-lead`}>{lead}</p>
      <label htmlFor={id}>{label}</label>
      <Input
        id={id}
        size="large"
        autoFocus
        required
        aria-describedby={`${id}-lead`}
        value={value}
        onChange={(event) => setValue(event.target.value)}
        {...field}
      />
      <Button type="primary" size="large" htmlType="submit" block loading={busy}>
        {button}
      </Button>
    </form>
  )
}
