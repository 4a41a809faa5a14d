/** Instants as advisers read them, in the brand's zone. */
import { createContext, useContext, useMemo } from 'react'
import { serverNow } from '../live/server-clock.ts'
import { useSpeech } from '../locale/index.tsx'

/** IANA name of the brand's zone. */
export const Zone = createContext('UTC')

export type When = {
  /** The shortest that is clear today. */
  clock: (at: string) => string
  /** To the minute, with day and month when it was not today. */
  whole: (at: string) => string
  /** To the minute, always with its day: where what comes stands beside what was. */
  dated: (at: string) => string
  /** Without the time. */
  day: (at: string) => string
}

export function useWhen(): When {
  const { tag, t } = useSpeech()
  const zone = useContext(Zone)
  return useMemo(() => {
    const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(tag, { timeZone: zone, ...options })
    const time = format({ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    const short = format({ month: 'numeric', day: 'numeric' })
    const whole = format({ month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
    const day = format({ dateStyle: 'medium' })
    const of = (ms: number): string => day.format(ms)
    const isToday = (at: string): boolean => of(Date.parse(at)) === of(serverNow())
    return {
      clock: (at) => {
        const ms = Date.parse(at)
        if (isToday(at)) return time.format(ms)
        return of(ms) === of(serverNow() - 86_400_000) ? t('time.yesterday') : short.format(ms)
      },
      whole: (at) => (isToday(at) ? time : whole).format(Date.parse(at)),
      dated: (at) =>
        isToday(at) ? t('time.today', { time: time.format(Date.parse(at)) }) : whole.format(Date.parse(at)),
      day: (at) => of(Date.parse(at)),
    }
  }, [tag, zone, t])
}
