import type { SignedIn } from '../../api.ts'
import { ApiFailure, post } from '../api/client.ts'
import { useSpeech } from '../locale/index.tsx'
import { Step } from './step.tsx'

type Props = { onDone: (signed: SignedIn) => void; onFailed: (error: unknown) => void; onBack: () => void }

export function TotpStep({ onDone, onFailed, onBack }: Props) {
  const { t } = useSpeech()
  const answer = (code: string): Promise<void> =>
    post<SignedIn>('/api/sign-in/totp', { code }).then(onDone, (error: unknown) => {
      // Too many wrong ones, or too late: the first step is asked for again.
      if (error instanceof ApiFailure && error.status === 401) onBack()
      onFailed(error)
    })
  return (
    <Step
      label={t('signIn.totpCode')}
      lead={t('signIn.totpLead')}
      button={t('signIn.enter')}
      onAnswer={answer}
      field={{ autoComplete: 'one-time-code', inputMode: 'numeric', maxLength: 6 }}
    />
  )
}
