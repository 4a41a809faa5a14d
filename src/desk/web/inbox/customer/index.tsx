/** The third pane: who she is, and what there was. */
import { ArrowLeftOutlined } from '@ant-design/icons'
import { Button } from 'antd'
import { lazy, type ReactNode, Suspense, useState } from 'react'
import type { CaseDetail, CaseLine, CustomerCard, Me } from '../../../api.ts'
import { useCase } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'
import { HappeningWords } from '../conversation/happening.tsx'
import type { Acts } from '../use-acts.ts'
import { useWhen } from '../when.ts'
import { Cases } from './cases.tsx'
import { Orders } from './orders.tsx'
import { Tags } from './tags.tsx'
import './customer.css'

const Timeline = lazy(() => import('./timeline.tsx'))
const Reopen = lazy(() => import('./reopen.tsx'))

type Props = { me: Me; line: CaseLine; acts: Acts; onBack: () => void; onChoose: (number: number) => void }

export function CustomerPane({ me, line, acts, onBack, onChoose }: Props) {
  const { t } = useSpeech()
  const { data: detail } = useCase(line.number, line.readable)
  return (
    <aside className="customer" aria-label={t('customer.title')}>
      <header className="customer-head">
        <Button
          type="text"
          className="not-wide"
          icon={<ArrowLeftOutlined aria-hidden="true" />}
          aria-label={t('app.back')}
          onClick={onBack}
        />
        <h2>{t('customer.title')}</h2>
      </header>
      {!line.readable && <p className="middle">{t('customer.hidden')}</p>}
      {detail?.customer && <Card card={detail.customer} line={line} onChoose={onChoose} />}
      {detail && <Happened history={detail.history} />}
      {me.role === 'manager' && line.state === 'closed' && detail?.customer && (
        <Suspense>
          <Reopen customerId={detail.customer.id} acts={acts} />
        </Suspense>
      )}
    </aside>
  )
}

function Card({ card, line, onChoose }: { card: CustomerCard; line: CaseLine; onChoose: (number: number) => void }) {
  const { t } = useSpeech()
  const { day } = useWhen()
  const facts: [string, string][] = [
    [t('customer.level'), card.level],
    [t('customer.region'), card.region],
    [t('customer.valueGroup'), card.valueGroup],
    [t('customer.since'), card.since === null ? '' : day(card.since)],
    [t('customer.groups'), card.groups.join(' · ')],
  ]
  return (
    <>
      <div className="customer-who">
        <span className="portrait" aria-hidden="true">
          {[...(card.name || t('queue.anonymous'))][0]}
        </span>
        <b>{card.name || t('queue.anonymous')}</b>
      </div>
      <dl className="facts">
        {facts
          .filter(([, value]) => value !== '')
          .map(([title, value]) => (
            <div key={title}>
              <dt>{title}</dt>
              <dd>{value}</dd>
            </div>
          ))}
      </dl>
      <Part title={t('customer.tags')}>
        <Tags card={card} number={line.number} />
      </Part>
      <Part title={t('customer.orders')}>
        <Orders orders={card.orders} />
      </Part>
      <Part title={t('customer.cases')}>
        <Cases cases={card.cases} onChoose={onChoose} />
      </Part>
      <PastEverywhere customer={card.id} />
    </>
  )
}

export function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="part">
      <h3>{title}</h3>
      {children}
    </section>
  )
}

function Happened({ history }: Pick<CaseDetail, 'history'>) {
  const { t } = useSpeech()
  const { whole } = useWhen()
  const told = history.filter(({ kind }) => kind !== 'customer-said' && kind !== 'adviser-said' && kind !== 'delivery')
  return (
    <Part title={t('customer.history')}>
      <ol className="happened">
        {told.map((entry) => (
          <li key={entry.id}>
            <time dateTime={entry.at}>{whole(entry.at)}</time>
            <span>
              <HappeningWords entry={entry} />
            </span>
          </li>
        ))}
      </ol>
    </Part>
  )
}

function PastEverywhere({ customer }: { customer: string }) {
  const { t } = useSpeech()
  const [shown, setShown] = useState(false)
  return (
    <Part title={t('customer.timeline')}>
      {shown ? (
        <Suspense>
          <Timeline customer={customer} />
        </Suspense>
      ) : (
        <button type="button" className="bare" onClick={() => setShown(true)}>
          {t('customer.showTimeline')}
        </button>
      )}
    </Part>
  )
}
