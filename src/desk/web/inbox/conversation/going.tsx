/** A line of hers that the server has not answered for yet, or not taken. */
import { ClockCircleOutlined, CloseCircleFilled } from '@ant-design/icons'
import { useEffect, useState } from 'react'
import { useSpeech } from '../../locale/index.tsx'
import { setWords, wordsIn } from './box-words.ts'
import { drop, type Outgoing, tryAgain } from './outgoing.ts'

export function Going({ outgoing: { key, number, saying, state, why } }: { outgoing: Outgoing }) {
  const { t } = useSpeech()
  const restore = (): void => {
    const before = wordsIn(number, 'reply')
    setWords(number, 'reply', before === '' ? saying.text : `${saying.text}\n${before}`)
    drop(key)
  }
  return (
    <li className="line line-adviser line-going">
      <div className="bubble">{saying.kind === 'file' ? <Preview file={saying.file} /> : saying.text}</div>
      {state === 'failed' ? (
        <p className="line-foot line-bad" role="alert">
          <span>
            <CloseCircleFilled aria-hidden="true" /> {why ? t(...why) : t('line.failed')}
          </span>
          <button type="button" className="bare" onClick={() => tryAgain(key)}>
            {t('line.retry')}
          </button>
          {saying.kind !== 'file' && (
            <button type="button" className="bare" onClick={restore}>
              {t('line.restore')}
            </button>
          )}
          <button type="button" className="bare" onClick={() => drop(key)}>
            {t('line.drop')}
          </button>
        </p>
      ) : (
        <p className="line-foot">
          <ClockCircleOutlined aria-hidden="true" /> {t(state === 'waiting' ? 'line.waiting' : 'line.sending')}
        </p>
      )}
    </li>
  )
}

function Preview({ file }: { file: File }) {
  const [source, setSource] = useState('')
  useEffect(() => {
    if (!file.type.startsWith('image/')) return
    const url = URL.createObjectURL(file)
    setSource(url)
    return () => URL.revokeObjectURL(url)
  }, [file])
  return source === '' ? <span className="attachment">{file.name}</span> : <img src={source} alt={file.name} />
}
