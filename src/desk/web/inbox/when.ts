/** Instants as advisers read them, in the brand's zone. */
import { createContext, useContext, useMemo } from 'react'
import { serverNow } from '../live/server-clock.ts'
import { useSpeech } from '../locale/index.tsx'

/** IANA name of the brand's zone. */
export const Zone = createContext('UTC')

/** `clock`: the shortest that is clear today; `whole`: to the minute, with day and month when it was not today; `day`: without the time. */
export type When = { clock: (at: string) => string; whole: (at: string) => string; day: (at: string) => string }

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
    return {
      clock: (at) => {
        const ms = Date.parse(at)
        if (of(ms) === of(serverNow())) return time.format(ms)
        return of(ms) === of(serverNow() - 86_400_000) ? t('time.yesterday') : short.format(ms)
      },
      whole: (at) => (of(Date.parse(at)) === of(serverNow()) ? time : whole).format(Date.parse(at)),
      day: (at) => of(Date.parse(at)),
    }
  }, [tag, zone, t])
}
