/** Language and looks, also for whoever is not signed in. */
import { Button, Segmented } from 'antd'
import { DesktopOutlined, MoonOutlined, SunOutlined } from '@ant-design/icons'
import { useSpeech } from '../locale/index.tsx'
import { type Choice, useLook } from '../look/index.tsx'

export function Preferences() {
  const { t, locale, choose } = useSpeech()
  return (
    <div className="preferences">
      <Button type="text" lang={locale === 'zh' ? 'en' : 'zh'} onClick={() => choose(locale === 'zh' ? 'en' : 'zh')}>
        {t('top.language')}
      </Button>
      <LookSwitch />
    </div>
  )
}

function LookSwitch() {
  const { t } = useSpeech()
  const look = useLook()
  return (
    <Segmented<Choice>
      aria-label={t('top.theme')}
      value={look.choice}
      onChange={(choice) => look.choose(choice)}
      options={[
        { value: 'system', icon: <DesktopOutlined aria-label={t('top.themeSystem')} />, title: t('top.themeSystem') },
        { value: 'light', icon: <SunOutlined aria-label={t('top.themeLight')} />, title: t('top.themeLight') },
        { value: 'dark', icon: <MoonOutlined aria-label={t('top.themeDark')} />, title: t('top.themeDark') },
      ]}
    />
  )
}
