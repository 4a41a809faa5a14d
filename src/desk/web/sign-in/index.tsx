/** The way in: a name, a code from WeChat, and a second factor where the server asks for one. */
import { Alert } from 'antd'
import { lazy, Suspense, useEffect, useRef, useState } from 'react'
import type { SignedIn } from '../../api.ts'
import { post, whyOf } from '../api/client.ts'
import { useSpeech } from '../locale/index.tsx'
import { Preferences } from '../shell/preferences.tsx'
import { CodeStep } from './code-step.tsx'
import { NameStep } from './name-step.tsx'
import { TotpStep } from './totp-step.tsx'
import './sign-in.css'

const Enrolment = lazy(() => import('./enrolment.tsx'))

export type Farewell = 'over' | 'signed-out' | null
type Step =
  | { at: 'link' }
  | { at: 'name' }
  | { at: 'code'; name: string; forSeconds: number }
  | { at: 'totp'; enrol: { uri: string; secret: string } | null }

type Props = { token: string | null; farewell: Farewell; onIn: () => void }

export function SignIn({ token, farewell, onIn }: Props) {
  const { t } = useSpeech()
  const [step, setStep] = useState<Step>(token === null ? { at: 'name' } : { at: 'link' })
  const [why, setWhy] = useState('')
  const used = useRef(false)

  const go = (signed: SignedIn): void => {
    setWhy('')
    if (signed.next === 'desk') onIn()
    else setStep({ at: 'totp', enrol: signed.next === 'enrol' ? signed : null })
  }
  const fail = (error: unknown): void => setWhy(t(...whyOf(error)))

  useEffect(() => {
    // A link is good once: it is not used again when this is drawn again.
    if (token === null || used.current) return
    used.current = true
    post<SignedIn>('/api/sign-in/link', { token }).then(go, (error: unknown) => {
      fail(error)
      setStep({ at: 'name' })
    })
  })

  return (
    <main className="door">
      <div className="door-card">
        <p className="door-brand">
          <span className="seal" aria-hidden="true" />
          {t('app.name')}
        </p>
        <h1>{t(step.at === 'totp' ? (step.enrol ? 'signIn.enrolTitle' : 'signIn.totpTitle') : 'signIn.title')}</h1>
        {farewell !== null && step.at === 'name' && why === '' && (
          <Alert type="info" role="status" title={t(farewell === 'over' ? 'signIn.over' : 'signIn.signedOut')} />
        )}
        {why !== '' && <Alert type="error" role="alert" title={why} />}
        {step.at === 'link' && <p role="status">{t('signIn.linkUsing')}</p>}
        {step.at === 'name' && (
          <NameStep
            onSent={(name, forSeconds) => {
              setWhy('')
              setStep({ at: 'code', name, forSeconds })
            }}
            onFailed={fail}
          />
        )}
        {step.at === 'code' && (
          <CodeStep {...step} onDone={go} onFailed={fail} onBack={() => setStep({ at: 'name' })} />
        )}
        {step.at === 'totp' && (
          <>
            {step.enrol && (
              <Suspense>
                <Enrolment {...step.enrol} />
              </Suspense>
            )}
            <TotpStep
              onDone={go}
              onFailed={fail}
              onBack={() => {
                setWhy('')
                setStep({ at: 'name' })
              }}
            />
          </>
        )}
      </div>
      <Preferences />
    </main>
  )
}
