/** The desk: the line above, and below it the page that the address names. */
import { WarningOutlined } from '@ant-design/icons'
import { lazy, Suspense, useState } from 'react'
import { useLocation } from 'wouter'
import type { Me } from '../../api.ts'
import { useQueue } from '../api/queries.ts'
import { Inbox } from '../inbox/index.tsx'
import { Zone } from '../inbox/when.ts'
import { Announcer } from '../live/announce.tsx'
import { useLive } from '../live/use-live.ts'
import { useTitle } from '../live/use-title.ts'
import { useSpeech } from '../locale/index.tsx'
import { pageOf } from './pages.tsx'
import { Top } from './top.tsx'

const KeysHelp = lazy(() => import('../inbox/keys-help.tsx'))
// Most who work here are advisers: what only managers see comes when they look.
const Campaigns = lazy(() => import('../campaigns/index.tsx'))

export function Desk({ me, onSignedOut }: { me: Me; onSignedOut: () => void }) {
  const { t } = useSpeech()
  const { data: queue } = useQueue()
  const { down } = useLive(me, queue?.cursor)
  const [help, setHelp] = useState(false)
  const [location] = useLocation()
  useTitle(me, queue)
  const onCampaigns = pageOf(location) !== 'cases'
  const isManager = me.role === 'manager'
  const loading = <main className="middle">{t('app.loading')}</main>
  return (
    <Zone value={me.zone}>
      <div className="inbox">
        <a className="skip" href={onCampaigns ? '#page' : '#conversation'}>
          {t(onCampaigns ? 'pages.skip' : 'app.skip')}
        </a>
        <Top me={me} team={queue?.team ?? []} onKeys={() => setHelp(true)} onSignedOut={onSignedOut} />
        {down && (
          <p className="down" role="alert">
            <WarningOutlined aria-hidden="true" /> {t('live.down')}
          </p>
        )}
        {onCampaigns ? (
          <Suspense fallback={loading}>
            {isManager ? (
              <Campaigns />
            ) : (
              <main id="page" className="middle">
                {t('error.managers-only')}
              </main>
            )}
          </Suspense>
        ) : queue ? (
          <Inbox me={me} queue={queue} onHelp={() => setHelp(true)} />
        ) : (
          loading
        )}
        <Announcer />
        {help && (
          <Suspense>
            <KeysHelp onClose={() => setHelp(false)} />
          </Suspense>
        )}
      </div>
    </Zone>
  )
}
