/** The pages of the desk, for those who have more than one. */
import { Link, useLocation } from 'wouter'
import type { Key } from '../locale/speak.ts'
import { useSpeech } from '../locale/index.tsx'

export type PageName = 'cases' | 'campaigns' | 'rehearsal'

export const pages: readonly { name: PageName; path: string; title: Key }[] = [
  { name: 'cases', path: '/', title: 'pages.cases' },
  { name: 'campaigns', path: '/campaigns', title: 'pages.campaigns' },
  { name: 'rehearsal', path: '/rehearsal', title: 'pages.rehearsal' },
]

export function pageOf(location: string): PageName {
  if (location === '/rehearsal') return 'rehearsal'
  return /^\/campaigns(\/|$)/.test(location) ? 'campaigns' : 'cases'
}

export function Pages() {
  const { t } = useSpeech()
  const [location] = useLocation()
  const here = pageOf(location)
  return (
    <nav className="pages wide-only" aria-label={t('pages.label')}>
      {pages.map(({ name, path, title }) => (
        <Link key={name} href={path} aria-current={name === here ? 'page' : undefined}>
          {t(title)}
        </Link>
      ))}
    </nav>
  )
}
