import { Button } from 'antd'
import type { SignedIn } from '../../api.ts'
import { post } from '../api/client.ts'
import { useSpeech } from '../locale/index.tsx'
import { Step } from './step.tsx'

type Props = {
  name: string
  forSeconds: number
  onDone: (signed: SignedIn) => void
  onFailed: (error: unknown) => void
  onBack: () => void
}

export function CodeStep({ name, forSeconds, onDone, onFailed, onBack }: Props) {
  const { t } = useSpeech()
  return (
    <>
      <Step
        label={t('signIn.code')}
        lead={t('signIn.codeLead', { name, minutes: Math.round(forSeconds / 60) })}
        button={t('signIn.enter')}
        onAnswer={(code) => post<SignedIn>('/api/sign-in/code', { name, code }).then(onDone, onFailed)}
        field={{ autoComplete: 'one-time-code', maxLength: 20 }}
      />
      <Button type="link" block onClick={onBack}>
        {t('signIn.again')}
      </Button>
    </>
  )
}
