/** Light or dark, as the system or the adviser says; one palette for antd and for the stylesheet. */
import { LoadingOutlined } from '@ant-design/icons'
import { ConfigProvider, type ThemeConfig, theme } from 'antd'
import enUS from 'antd/locale/en_US'
import zhCN from 'antd/locale/zh_CN'
import {
  createContext,
  type ReactNode,
  useContext,
  useLayoutEffect,
  useMemo,
  useState,
  useSyncExternalStore,
} from 'react'
import { useSpeech } from '../locale/index.tsx'
import { nonce } from './nonce.ts'
import { palettes, type Shade } from './palette.ts'
import { recall, remember } from './remembered.ts'

export type Choice = 'system' | Shade
type Look = { choice: Choice; choose: (choice: Choice) => void }

const LookContext = createContext<Look | null>(null)
const prefersDark = matchMedia('(prefers-color-scheme: dark)')
const prefersStill = matchMedia('(prefers-reduced-motion: reduce)')

const family =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif'

/** One that is there or is not: the one that comes and goes by motion stays in the button's name after it is gone from sight. */
const working = <LoadingOutlined aria-hidden="true" />

export function LookProvider({ children }: { children: ReactNode }) {
  const { locale } = useSpeech()
  const [choice, setChoice] = useState<Choice>(() => {
    const known = recall('theme')
    return known === 'light' || known === 'dark' ? known : 'system'
  })
  const systemIsDark = useMatches(prefersDark)
  const still = useMatches(prefersStill)
  const shade: Shade = choice === 'system' ? (systemIsDark ? 'dark' : 'light') : choice
  useLayoutEffect(() => paint(shade), [shade])
  const look = useMemo<Look>(
    () => ({
      choice,
      choose: (next) => {
        remember('theme', next)
        setChoice(next)
      },
    }),
    [choice],
  )
  return (
    <LookContext.Provider value={look}>
      <ConfigProvider
        csp={{ nonce }}
        theme={themeOf(shade, still)}
        locale={locale === 'zh' ? zhCN : enUS}
        button={{ autoInsertSpace: false, loadingIcon: working }}
      >
        {children}
      </ConfigProvider>
    </LookContext.Provider>
  )
}

export function useLook(): Look {
  const look = useContext(LookContext)
  if (!look) throw new Error('a page without a look')
  return look
}

/** Custom properties on the root: set through the CSSOM, which the policy allows. */
function paint(shade: Shade): void {
  const { style } = document.documentElement
  for (const [name, value] of Object.entries(palettes[shade])) style.setProperty(`--${name}`, value)
  style.colorScheme = shade
}

function themeOf(shade: Shade, still: boolean): ThemeConfig {
  const colors = palettes[shade]
  return {
    algorithm: shade === 'dark' ? theme.darkAlgorithm : theme.defaultAlgorithm,
    token: {
      ...{ colorPrimary: colors.accentFill, colorLink: colors.accent, colorInfo: colors.accentFill },
      ...{ colorSuccess: colors.good, colorWarning: colors.warn, colorError: colors.bad },
      ...{ colorText: colors.text, colorTextSecondary: colors.soft, colorTextTertiary: colors.soft },
      ...{ colorTextDescription: colors.soft, colorTextPlaceholder: colors.soft, colorTextDisabled: colors.soft },
      ...{ colorBgContainer: colors.surface, colorBgElevated: colors.raised, colorBgLayout: colors.ground },
      ...{ colorBorder: colors.edge, colorBorderSecondary: colors.line, fontFamily: family },
      ...{ borderRadius: 8, motion: !still, colorTextLightSolid: colors.onAccent },
    },
    components: {
      Button: {
        defaultBorderColor: colors.line,
        dangerColor: '#ffffff',
        primaryShadow: 'none',
        defaultShadow: 'none',
        colorError: colors.badFill,
      },
      Segmented: { itemColor: colors.soft, itemSelectedColor: colors.text, trackBg: colors.sunken },
    },
  }
}

function useMatches(query: MediaQueryList): boolean {
  return useSyncExternalStore(
    (changed) => {
      query.addEventListener('change', changed)
      return () => query.removeEventListener('change', changed)
    },
    () => query.matches,
  )
}
