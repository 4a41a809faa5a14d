/** Where she writes: to the customer, or for colleagues. */
import { PaperClipOutlined, SendOutlined, UnorderedListOutlined } from '@ant-design/icons'
import { Button, Input, Segmented } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { type KeyboardEvent, type RefObject, useId, useRef, useState } from 'react'
import { useWords } from '../../api/queries.ts'
import { useSpeech } from '../../locale/index.tsx'
import { type Mode, setWords, useWordsIn } from './box-words.ts'
import { type Canned, CannedList, cannedFor } from './canned.tsx'

export type BoxProps = {
  number: number
  name: string
  mode: Mode
  onMode: (mode: Mode) => void
  field: RefObject<TextAreaRef | null>
  /** False when the thread is not hers: then only notes are written. */
  mayReply: boolean
  onSay: (text: string) => void
  onNote: (text: string) => Promise<boolean>
  onFiles: (files: readonly File[]) => void
}

export function Box({ number, name, mode, onMode, field, mayReply, onSay, onNote, onFiles }: BoxProps) {
  const { t } = useSpeech()
  const id = useId()
  const chooser = useRef<HTMLInputElement>(null)
  const text = useWordsIn(number, mode)
  const write = (next: string): void => setWords(number, mode, next)
  const canned = useCanned(mode === 'reply' ? text : '', write)

  const send = (): void => {
    const said = text.trim()
    if (said === '') return
    write('')
    if (mode === 'reply') onSay(said)
    else void onNote(said).then((done) => done || setWords(number, 'note', said))
  }
  const onKeyDown = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // Enter that ends the choosing of a character sends nothing; Safari says so by 229 and in no other way.
    // eslint-disable-next-line @typescript-eslint/no-deprecated
    if (event.nativeEvent.isComposing || event.keyCode === 229) return
    if (canned.onKey(event)) return
    if (event.key === 'Escape') field.current?.blur()
    if (event.key !== 'Enter' || event.shiftKey) return
    event.preventDefault()
    send()
  }
  return (
    <form
      className={`box box-${mode}`}
      onSubmit={(event) => {
        event.preventDefault()
        send()
      }}
    >
      {canned.open && <CannedList id={id} replies={canned.replies} at={canned.at} onTake={canned.take} />}
      <div className="box-bar">
        <Segmented<Mode>
          size="small"
          aria-label={t('box.mode')}
          value={mode}
          onChange={onMode}
          options={[
            { value: 'reply', label: t('box.reply'), disabled: !mayReply },
            { value: 'note', label: t('box.note') },
          ]}
        />
        <span className="top-gap" />
        {mode === 'reply' && (
          <>
            <Button
              type="text"
              icon={<UnorderedListOutlined aria-hidden="true" />}
              aria-label={t('box.canned')}
              title={t('box.canned')}
              onClick={() => {
                write(text.startsWith('/') ? '' : text === '' ? '/' : text)
                field.current?.focus()
              }}
            />
            <Button
              type="text"
              icon={<PaperClipOutlined aria-hidden="true" />}
              aria-label={t('box.attach')}
              title={t('box.attach')}
              onClick={() => chooser.current?.click()}
            />
            <input
              ref={chooser}
              type="file"
              multiple
              hidden
              onChange={({ target }) => {
                onFiles([...(target.files ?? [])])
                target.value = ''
              }}
            />
          </>
        )}
      </div>
      <Input.TextArea
        ref={field}
        rows={2}
        maxLength={2_000}
        variant="borderless"
        aria-label={mode === 'reply' ? t('box.replyLabel', { name }) : t('box.noteLabel')}
        aria-autocomplete={mode === 'reply' ? 'list' : undefined}
        aria-controls={canned.open && canned.replies.length > 0 ? id : undefined}
        aria-activedescendant={canned.open && canned.replies.length > 0 ? `${id}-${canned.at}` : undefined}
        placeholder={t(mode === 'reply' ? 'box.replyHint' : 'box.noteHint')}
        value={text}
        onChange={(event) => write(event.target.value)}
        onKeyDown={onKeyDown}
        onPaste={(event) => {
          const files = [...event.clipboardData.files]
          if (mode !== 'reply' || files.length === 0) return
          event.preventDefault()
          onFiles(files)
        }}
      />
      <Button type="primary" htmlType="submit" icon={<SendOutlined aria-hidden="true" />} disabled={text.trim() === ''}>
        {t(mode === 'reply' ? 'box.send' : 'box.saveNote')}
      </Button>
    </form>
  )
}

/** The list of canned replies above the box: open while what is written begins with `/`. */
function useCanned(text: string, write: (text: string) => void) {
  const words = useWords()
  const [at, setAt] = useState(0)
  const found = cannedFor(words.data?.canned ?? [], text)
  const replies = found ?? []
  const take = (reply: Canned): void => {
    write(reply.text)
    setAt(0)
  }
  const place = Math.min(at, Math.max(replies.length - 1, 0))
  const onKey = (event: KeyboardEvent): boolean => {
    const reply = replies[place]
    if (!reply) return false
    if (event.key === 'ArrowDown') setAt((place + 1) % replies.length)
    else if (event.key === 'ArrowUp') setAt((place - 1 + replies.length) % replies.length)
    else if ((event.key === 'Enter' && !event.shiftKey) || event.key === 'Tab') take(reply)
    else if (event.key === 'Escape') write('')
    else return false
    event.preventDefault()
    return true
  }
  return { open: found !== null, replies, at: place, take, onKey }
}
