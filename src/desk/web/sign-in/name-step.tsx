import type { CodeSent } from '../../api.ts'
import { post } from '../api/client.ts'
import { useSpeech } from '../locale/index.tsx'
import { Step } from './step.tsx'

type Props = { onSent: (name: string, forSeconds: number) => void; onFailed: (error: unknown) => void }

export function NameStep({ onSent, onFailed }: Props) {
  const { t } = useSpeech()
  const send = (name: string): Promise<void> =>
    post<CodeSent>('/api/sign-in', { name }).then(({ forSeconds }) => onSent(name, forSeconds), onFailed)
  return (
    <Step
      label={t('signIn.name')}
      lead={t('signIn.lead')}
      button={t('signIn.send')}
      onAnswer={send}
      field={{ autoComplete: 'username', maxLength: 40 }}
    />
  )
}
