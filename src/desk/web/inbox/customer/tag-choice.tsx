/** All tags of content, by dimension. */
import { Select } from 'antd'
import { useWords } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'

type Props = { onTake: (tag: { dimension: string; value: string }) => void; onLeave: () => void }

export default function TagChoice({ onTake, onLeave }: Props) {
  const { t } = useSpeech()
  const words = useWords()
  return (
    <Select<string>
      className="tag-choice"
      autoFocus
      defaultOpen
      showSearch={{ optionFilterProp: 'label' }}
      aria-label={t('customer.pickTag')}
      placeholder={t('customer.pickTag')}
      options={(words.data?.tags ?? []).map(({ dimension, title, values }) => ({
        label: title,
        options: values.map((one) => ({ label: one.title, value: JSON.stringify([dimension, one.value]) })),
      }))}
      onChange={(chosen) => {
        const [dimension, value] = JSON.parse(chosen) as [string, string]
        onTake({ dimension, value })
      }}
      onBlur={onLeave}
    />
  )
}
