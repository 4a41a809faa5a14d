/** The line above the panes: whose desk it is, who is there, and what is hers to set. */
import { DownOutlined, QuestionCircleOutlined } from '@ant-design/icons'
import { App, Button, Dropdown, type MenuProps } from 'antd'
import { useLocation } from 'wouter'
import type { Me, SeatLine } from '../../api.ts'
import { cache, noticeOver } from '../api/cache.ts'
import { post, whyOf } from '../api/client.ts'
import { keys } from '../api/queries.ts'
import { useSpeech } from '../locale/index.tsx'
import { Pages, pages } from './pages.tsx'
import { Preferences } from './preferences.tsx'
import { Team } from './team.tsx'

type Props = { me: Me; team: readonly SeatLine[]; onKeys: () => void; onSignedOut: () => void }

export function Top({ me, team, onKeys, onSignedOut }: Props) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [, go] = useLocation()
  const away = team.find(({ id }) => id === me.id)?.away ?? me.away

  const fail = (error: unknown): void => {
    noticeOver(error)
    void message.error(t(...whyOf(error)))
  }
  const turn = (): void => {
    post<unknown>('/api/me/away', { away: !away }).then(() => {
      cache.setQueryData<Me>(keys.me, (known) => known && { ...known, away: !away })
    }, fail)
  }
  const signOut = (everywhere: boolean): void => {
    post<undefined>('/api/sign-out', { everywhere }).then(onSignedOut, fail)
  }
  const others: MenuProps['items'] = [
    ...pages.map(({ name, path, title }) => ({ key: name, label: t(title), onClick: () => go(path) })),
    { type: 'divider' },
  ]
  const items: MenuProps['items'] = [
    ...(me.role === 'manager' ? others : []),
    { key: 'away', label: t(away ? 'top.comeBack' : 'top.goAway'), onClick: turn },
    ...(me.demo ? [{ key: 'simulator', label: <a href="/simulator">{t('top.simulator')}</a> }] : []),
    { type: 'divider' },
    { key: 'out', label: t('top.signOut'), onClick: () => signOut(false) },
    { key: 'everywhere', label: t('top.signOutAll'), onClick: () => signOut(true) },
  ]
  return (
    <header className="top">
      <span className="top-brand">
        <span className="seal" aria-hidden="true" />
        {t('app.name')}
        <span className="top-shop">{me.brand}</span>
      </span>
      {me.role === 'manager' && <Pages />}
      <span className="top-gap" />
      <Team team={team} />
      <span className="wide-only">
        <Preferences />
      </span>
      <Button
        type="text"
        className="wide-only"
        icon={<QuestionCircleOutlined aria-hidden="true" />}
        aria-label={t('top.keys')}
        title={t('top.keys')}
        onClick={onKeys}
      />
      <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
        <Button type="text" title={t('top.account', { name: me.name })}>
          <span className={`dot ${away ? 'dot-away' : 'dot-here'}`} aria-hidden="true" />
          {me.name}
          <span className="top-role">
            {t(away ? 'top.away' : me.role === 'manager' ? 'top.manager' : 'top.adviser')}
          </span>
          <DownOutlined aria-hidden="true" />
        </Button>
      </Dropdown>
    </header>
  )
}
