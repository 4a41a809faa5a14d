/** What she said and was told, in all her places, the latest first. */
import { Button, Spin } from 'antd'
import { useTimeline } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'
import { useWhen } from '../when.ts'

export default function Timeline({ customer }: { customer: string }) {
  const { t } = useSpeech()
  const { whole } = useWhen()
  const found = useTimeline(customer, true)
  const lines = found.data?.pages.flatMap((page) => page.lines) ?? []
  return (
    <>
      {found.isLoading && <Spin />}
      <ol className="timeline">
        {lines.map((line) => (
          <li key={line.id} data-who={line.who}>
            <p className="quiet">
              <time dateTime={line.at}>{whole(line.at)}</time> · {line.place || t('customer.direct')} ·{' '}
              {line.by || t(line.who === 'adviser' ? 'top.adviser' : `line.${line.who}`)}
            </p>
            {line.recalled ? <i>{t('line.recalled')}</i> : line.text || t('queue.media')}
          </li>
        ))}
      </ol>
      {found.hasNextPage && (
        <Button size="small" loading={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>
          {t('case.earlier')}
        </Button>
      )}
    </>
  )
}
