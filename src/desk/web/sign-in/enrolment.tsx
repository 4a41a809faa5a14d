/** A manager's first time: the key of her authenticator, as a picture and as text. */
import { App, Button, QRCode } from 'antd'
import { useSpeech } from '../locale/index.tsx'

export default function Enrolment({ uri, secret }: { uri: string; secret: string }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const copy = async (): Promise<void> => {
    await navigator.clipboard.writeText(secret)
    void message.success(t('signIn.copied'))
  }
  return (
    <div className="door-enrolment">
      <p>{t('signIn.enrolLead')}</p>
      <div className="door-qr" aria-hidden="true">
        <QRCode type="svg" value={uri} size={184} color="#000000" bgColor="#ffffff" />
      </div>
      <p>{t('signIn.secret')}</p>
      <code className="door-secret">{secret.replace(/(.{4})(?=.)/g, '$1 ')}</code>
      <Button size="small" onClick={() => void copy()}>
        {t('signIn.copy')}
      </Button>
    </div>
  )
}
