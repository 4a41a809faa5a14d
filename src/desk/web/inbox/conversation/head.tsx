/** Who it is about, how long there is, and what can be done. */
import { ArrowLeftOutlined, CheckCircleOutlined, IdcardOutlined, MoreOutlined } from '@ant-design/icons'
import { Button, Dropdown } from 'antd'
import type { CaseDetail } from '../../../api.ts'
import { useSpeech } from '../../locale/index.tsx'
import { PromiseClock } from '../queue/promise.tsx'
import type { CaseProps } from './props.ts'

type Props = CaseProps & { name: string; detail: CaseDetail | undefined; onBack: () => void; onCustomer: () => void }

export function CaseHead({ me, line, name, detail, onDialog, onBack, onCustomer }: Props) {
  const { t } = useSpeech()
  const isMine = line.state === 'owned' && line.owner === me.id
  const promises = detail?.promises ?? (line.promised ? [line.promised] : [])
  return (
    <header className="case-head">
      <Button
        type="text"
        className="narrow-only"
        icon={<ArrowLeftOutlined aria-hidden="true" />}
        aria-label={t('app.back')}
        onClick={onBack}
      />
      <div className="case-title">
        <h1>
          {name} <span className="queue-number">{t('queue.number', { number: line.number })}</span>
        </h1>
        <p>
          <span className="sign">{line.reason.title}</span>
          {line.state !== 'closed' &&
            promises.map((promised) => <PromiseClock key={promised.what} promised={promised} long />)}
          {detail?.reachable === false && <span className="sign sign-urgent">{t('case.unreachable')}</span>}
        </p>
      </div>
      {isMine && (
        <>
          <Dropdown
            trigger={['click']}
            placement="bottomRight"
            menu={{
              items: [
                { key: 'transfer', label: t('case.transfer'), onClick: () => onDialog('transfer') },
                { key: 'escalate', label: t('case.escalate'), onClick: () => onDialog('escalate') },
              ],
            }}
          >
            <Button
              type="text"
              icon={<MoreOutlined aria-hidden="true" />}
              aria-label={t('case.acts')}
              title={t('case.acts')}
            />
          </Dropdown>
          <Button icon={<CheckCircleOutlined aria-hidden="true" />} onClick={() => onDialog('resolve')}>
            {t('case.resolve')}
          </Button>
        </>
      )}
      <Button
        type="text"
        className="not-wide"
        icon={<IdcardOutlined aria-hidden="true" />}
        aria-label={t('case.customer')}
        title={t('case.customer')}
        onClick={onCustomer}
      />
    </header>
  )
}
