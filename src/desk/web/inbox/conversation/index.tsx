/** The second pane: one case, whole for whoever may read it. */
import { Spin } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { type DragEvent, lazy, type RefObject, Suspense, useMemo, useState } from 'react'
import type { CaseDetail } from '../../../api.ts'
import { useCase, useWords } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'
import type { Acts } from '../use-acts.ts'
import { Box } from './box.tsx'
import { type Mode, setWords, wordsIn } from './box-words.ts'
import type { LineActs } from './bubble.tsx'
import { Drafts } from './drafts.tsx'
import { CaseHead } from './head.tsx'
import { Lines } from './lines.tsx'
import { sendLater, useOutgoing } from './outgoing.ts'
import { Owner } from './owner.tsx'
import type { CaseProps } from './props.ts'
import { Story } from './story.tsx'
import './conversation.css'

const Dialogs = lazy(() => import('./dialogs.tsx'))

type Props = CaseProps & {
  mode: Mode
  onMode: (mode: Mode) => void
  field: RefObject<TextAreaRef | null>
  onBack: () => void
  onCustomer: () => void
}

export function ConversationPane(props: Props) {
  const { t } = useSpeech()
  const { line, dialog } = props
  const found = useCase(line.number, line.readable)
  const name = line.name || t('queue.anonymous')
  return (
    <div className="case">
      <CaseHead {...props} name={name} detail={found.data} />
      {!line.readable && <p className="middle">{t('case.notReadable')}</p>}
      {line.readable && !found.data && (
        <div className="middle">
          {!found.isError && <Spin />}
          <p>{t(found.isError ? 'case.gone' : 'case.loading')}</p>
        </div>
      )}
      {line.readable && found.data && <Talk {...props} name={name} detail={found.data} />}
      <Owner {...props} />
      {dialog && (
        <Suspense>
          <Dialogs {...props} dialog={dialog} />
        </Suspense>
      )}
    </div>
  )
}

function Talk({ me, line, acts, detail, name, mode, onMode, field }: Props & { detail: CaseDetail; name: string }) {
  const { number } = line
  // Whichever has heard of it first: what she writes the moment after she took the case is for the customer, and no note.
  const isMine = [line, detail.line].some(({ state, owner }) => state === 'owned' && owner === me.id)
  const outgoing = useOutgoing().filter((one) => one.number === number)
  const lineActs = useLineActs(number, acts)
  const [over, setOver] = useState(false)
  const { t } = useSpeech()

  const say = (text: string): void => sendLater(number, { kind: 'text', text })
  const sendFiles = (files: readonly File[]): void => {
    for (const file of files) sendLater(number, { kind: 'file', file, text: '', uploaded: null })
  }
  const use = (text: string): void => {
    const before = wordsIn(number, 'reply')
    setWords(number, 'reply', before === '' ? text : `${before}\n${text}`)
    onMode('reply')
    field.current?.focus()
  }
  const drag = {
    onDragOver: (event: DragEvent) => {
      if (!isMine || !event.dataTransfer.types.includes('Files')) return
      event.preventDefault()
      setOver(true)
    },
    onDragLeave: () => setOver(false),
    onDrop: (event: DragEvent) => {
      setOver(false)
      if (!isMine) return
      event.preventDefault()
      sendFiles([...event.dataTransfer.files])
    },
  }
  return (
    <div className="talk" {...drag}>
      {over && <div className="talk-drop">{t('box.drop')}</div>}
      <Story detail={detail} />
      <Lines detail={detail} name={name} outgoing={outgoing} acts={isMine ? lineActs : null} />
      {isMine && (
        <Drafts
          drafts={detail.drafts}
          onUse={use}
          onSend={(n, text) => sendLater(number, { kind: 'draft', n, text })}
        />
      )}
      {line.state !== 'closed' && (
        <Box
          {...{ number, name, onMode, field }}
          mode={isMine ? mode : 'note'}
          mayReply={isMine}
          onSay={say}
          onNote={(text) => acts.run(number, { act: 'note', text })}
          onFiles={sendFiles}
        />
      )}
    </div>
  )
}

function useLineActs(number: number, { run }: Acts): LineActs {
  const words = useWords()
  const recallMs = (words.data?.recallSeconds ?? 0) * 1_000
  return useMemo(
    () => ({
      recallMs,
      recall: (say) => void run(number, { act: 'recall', say }),
      resend: (say) => void run(number, { act: 'resend', say }),
      faq: (say) => void run(number, { act: 'faq-draft', say }, 'line.faqDone'),
    }),
    [number, recallMs, run],
  )
}
