/** Words and figures of campaigns in her language. */
import { useMemo } from 'react'
import { en } from '../../rehearsal/locale/en.ts'
import { zh } from '../../rehearsal/locale/zh.ts'
import { useSpeech } from '../locale/index.tsx'

export type Figures = {
  /** Why somebody got nothing, or a run did not begin. */
  reason: (code: string) => string
  /** Of a share from 0 to 1. */
  percent: (share: number) => string
  /** Of a difference of shares, with its sign and without the word. */
  points: (difference: number) => string
}

export function useFigures(): Figures {
  const { tag, locale } = useSpeech()
  return useMemo(() => {
    const { reasons } = locale === 'zh' ? zh : en
    const percent = new Intl.NumberFormat(tag, { style: 'percent', maximumFractionDigits: 1 })
    const points = new Intl.NumberFormat(tag, { maximumFractionDigits: 1, signDisplay: 'exceptZero' })
    return {
      reason: (code) => reasons[code] ?? code,
      percent: (share) => percent.format(share),
      points: (difference) => points.format(difference * 100),
    }
  }, [tag, locale])
}
