/** Files of a line. Pictures are shown as pictures; everything else is only to be taken. */
import { EnvironmentOutlined, FileOutlined, LinkOutlined, PlayCircleOutlined } from '@ant-design/icons'
import type { Line } from '../../../api.ts'
import type { Key } from '../../locale/speak.ts'
import { useSpeech } from '../../locale/index.tsx'

const shown = /^image\/(png|jpeg|gif|webp)$/

export function Attachment({ line: { type, media, text } }: { line: Pick<Line, 'type' | 'media' | 'text'> }) {
  const { t } = useSpeech()
  const kind: Key = type === 'unknown' || type === 'text' ? 'line.unknownType' : `line.${type}`
  const what = media?.name || t(kind)
  if (!media) {
    const Sign = type === 'link' ? LinkOutlined : type === 'location' ? EnvironmentOutlined : FileOutlined
    return (
      <span className="attachment">
        <Sign aria-hidden="true" /> {text === '' ? `［${t(kind)}］` : `${t(kind)} · ${text}`}
      </span>
    )
  }
  const href = `/api/media/${media.id}`
  if (shown.test(media.mime)) {
    return (
      <a className="picture" href={href} download={what} aria-label={t('line.download', { what })}>
        <img src={href} alt={what} loading="lazy" />
      </a>
    )
  }
  const Sign = type === 'audio' || type === 'video' ? PlayCircleOutlined : FileOutlined
  return (
    <a className="attachment" href={href} download={what} title={t('line.download', { what })}>
      <Sign aria-hidden="true" />
      <span>{what}</span>
      <small>{sizeOf(media.bytes)}</small>
    </a>
  )
}

function sizeOf(bytes: number): string {
  return bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1_000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`
}
