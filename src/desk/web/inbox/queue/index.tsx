/** The first pane: what there is to do, most urgent first. */
import { CloseOutlined, SearchOutlined } from '@ant-design/icons'
import { Button, Input, type InputRef } from 'antd'
import { type RefObject, useDeferredValue } from 'react'
import type { Me, Queue } from '../../../api.ts'
import { useSearch } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'
import { groupsOf } from './groups.ts'
import { QueueLine } from './line.tsx'
import './queue.css'

type Props = {
  me: Me
  queue: Queue
  chosen: number | null
  search: string
  onSearch: (words: string) => void
  field: RefObject<InputRef | null>
  onChoose: (number: number) => void
}

export function QueuePane({ me, queue, chosen, search, onSearch, field, onChoose }: Props) {
  const { t } = useSpeech()
  const words = useDeferredValue(search.trim())
  const found = useSearch(words)
  const groups = groupsOf(queue.cases, me)
  const lines = (cases: Queue['cases']) => (
    <ul>
      {cases.map((line) => (
        <QueueLine key={line.id} {...{ line, me, onChoose }} team={queue.team} chosen={line.number === chosen} />
      ))}
    </ul>
  )
  return (
    <nav className="queue" aria-label={t('queue.title')}>
      <div className="queue-search" role="search">
        <Input
          ref={field}
          aria-label={t('queue.search')}
          placeholder={t('queue.search')}
          prefix={<SearchOutlined />}
          value={search}
          onChange={(event) => onSearch(event.target.value)}
          onKeyDown={(event) => {
            if (event.key === 'Escape') onSearch('')
          }}
          suffix={
            search === '' ? (
              <kbd className="wide-only">/</kbd>
            ) : (
              <Button
                type="text"
                size="small"
                icon={<CloseOutlined aria-hidden="true" />}
                aria-label={t('queue.clear')}
                onClick={() => onSearch('')}
              />
            )
          }
        />
      </div>
      <div className="queue-lines">
        {words !== '' ? (
          <section>
            <h2 role="status">
              {found.data?.cases.length ? t('queue.found', { n: found.data.cases.length }) : null}
              {found.data?.cases.length === 0 ? t('queue.nothingFound') : null}
            </h2>
            {lines(found.data?.cases ?? [])}
          </section>
        ) : (
          groups.map(({ name, cases }) => (
            <section key={name}>
              <h2>
                {t(`queue.${name}`)} <span className="queue-count">{cases.length}</span>
              </h2>
              {lines(cases)}
            </section>
          ))
        )}
        {words === '' && groups.length === 0 && <p className="middle">{t('queue.empty')}</p>}
      </div>
    </nav>
  )
}
