/** What is known of her, by dimension. A tag set by hand is locked: rules leave it alone. */
import { CloseOutlined, LockFilled, PlusOutlined } from '@ant-design/icons'
import { App, Button } from 'antd'
import { lazy, Suspense, useState } from 'react'
import type { CaseDetail, CustomerCard, TagBody } from '../../../api.ts'
import { cache, noticeOver } from '../../api/cache.ts'
import { post, whyOf } from '../../api/client.ts'
import { keys } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'

const TagChoice = lazy(() => import('./tag-choice.tsx'))

type Wanted = (typeof TagBody)['_output']

export function Tags({ card, number }: { card: CustomerCard; number: number }) {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [adding, setAdding] = useState(false)
  const set = (body: Wanted): void => {
    setAdding(false)
    post<{ tags?: CustomerCard['tags'] }>(`/api/customers/${card.id}/tags`, body).then(
      ({ tags }) => {
        if (!tags) return
        cache.setQueryData<CaseDetail>(keys.case(number), (detail) =>
          detail?.customer ? { ...detail, customer: { ...detail.customer, tags } } : detail,
        )
        void cache.invalidateQueries({ queryKey: keys.case(number) })
      },
      (error: unknown) => {
        noticeOver(error)
        void message.error(t(...whyOf(error)))
      },
    )
  }
  return (
    <>
      <ul className="tags">
        {card.tags.flatMap(({ dimension, title, values }) =>
          values.map(({ value, valueTitle, locked }) => (
            <li key={`${dimension} ${value}`} className="tag" title={title}>
              <span className="unseen">{title}: </span>
              {locked && <LockFilled aria-label={t('customer.locked')} title={t('customer.locked')} />} {valueTitle}
              {locked && (
                <button
                  type="button"
                  aria-label={t('customer.removeTag', { tag: valueTitle })}
                  onClick={() => set({ dimension, value: null })}
                >
                  <CloseOutlined aria-hidden="true" />
                </button>
              )}
            </li>
          )),
        )}
        {!adding && (
          <li>
            <Button
              size="small"
              type="dashed"
              icon={<PlusOutlined aria-hidden="true" />}
              onClick={() => setAdding(true)}
            >
              {t('customer.addTag')}
            </Button>
          </li>
        )}
      </ul>
      {adding && (
        <Suspense>
          <TagChoice onTake={set} onLeave={() => setAdding(false)} />
        </Suspense>
      )}
    </>
  )
}
