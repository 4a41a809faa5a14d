/** The keys, for whoever asks with «?». */
import { Modal } from 'antd'
import type { Key } from '../locale/speak.ts'
import { useSpeech } from '../locale/index.tsx'

const strokes: readonly [string, Key][] = [
  ['j', 'keys.next'],
  ['k', 'keys.previous'],
  ['Enter', 'keys.open'],
  ['a', 'keys.accept'],
  ['/', 'keys.search'],
  ['r', 'keys.reply'],
  ['n', 'keys.note'],
  ['e', 'keys.resolve'],
  ['?', 'keys.help'],
  ['Enter', 'keys.enter'],
  ['Shift + Enter', 'keys.newline'],
  ['/', 'keys.canned'],
]

export default function KeysHelp({ onClose }: { onClose: () => void }) {
  const { t } = useSpeech()
  return (
    <Modal
      open
      centered
      width={420}
      footer={null}
      title={t('keys.title')}
      closable={{ 'aria-label': t('app.close') }}
      onCancel={onClose}
    >
      <dl className="strokes">
        {strokes.map(([stroke, key]) => (
          <div key={key}>
            <dt>
              <kbd>{stroke}</kbd>
            </dt>
            <dd>{t(key)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
