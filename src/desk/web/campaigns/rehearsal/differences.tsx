/** What going live would change in these days. */
import type { DifferenceLine } from '../../../campaigns-api.ts'
import { useWhen } from '../../inbox/when.ts'
import { useSpeech } from '../../locale/index.tsx'

const signs = { new: 'rehearsal.new', gone: 'rehearsal.goneLine', changed: 'rehearsal.changed' } as const

export function Differences({ differences }: { differences: readonly DifferenceLine[] }) {
  const { t } = useSpeech()
  const { dated } = useWhen()
  const countOf = ({ what, before, after }: DifferenceLine): string =>
    what === 'changed'
      ? t('rehearsal.fromTo', { before, after })
      : t('rehearsal.sends', { count: what === 'new' ? after : before })
  return (
    <section className="differences" aria-label={t('rehearsal.differences')}>
      <h2>{t('rehearsal.differences')}</h2>
      {differences.length === 0 && <p className="quiet">{t('rehearsal.noDifferences')}</p>}
      <ul>
        {differences.map((one) => (
          <li key={`${one.kind} ${one.id} ${one.slot}`} data-what={one.what}>
            <span className="sign">{t(signs[one.what])}</span>
            <span>{one.slot === null ? t('rehearsal.journey') : dated(one.slot)}</span>
            <b>{one.title}</b>
            <span>{countOf(one)}</span>
          </li>
        ))}
      </ul>
    </section>
  )
}
