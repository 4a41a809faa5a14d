/** The language of the pages, the adviser's own choice, and dates in the brand's zone. */
import { createContext, type ReactNode, useContext, useMemo, useState } from 'react'
import { recall, remember } from '../look/remembered.ts'
import { type Fills, type Key, type Locale, speak } from './speak.ts'

export type Speech = {
  locale: Locale
  /** IETF tag, for Intl and for `lang`. */
  tag: string
  t: (key: Key, fills?: Fills) => string
  choose: (locale: Locale) => void
}

const Spoken = createContext<Speech | null>(null)

export function SpeechProvider({ children }: { children: ReactNode }) {
  const [locale, setLocale] = useState<Locale>(() => (recall('locale') === 'en' ? 'en' : 'zh'))
  const speech = useMemo<Speech>(() => {
    const tag = locale === 'zh' ? 'zh-CN' : 'en-GB'
    document.documentElement.lang = tag
    return {
      locale,
      tag,
      t: (key, fills) => speak(locale, key, fills),
      choose: (next) => {
        remember('locale', next)
        setLocale(next)
      },
    }
  }, [locale])
  return <Spoken.Provider value={speech}>{children}</Spoken.Provider>
}

export function useSpeech(): Speech {
  const speech = useContext(Spoken)
  if (!speech) throw new Error('a page without a language')
  return speech
}
