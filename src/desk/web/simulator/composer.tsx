/** Where she writes: words, a picture from a file or the clipboard, a mention of the bot, a quotation. */
import { type ClipboardEvent, type KeyboardEvent, useRef, useState } from 'react'
import { useWords } from './words.ts'

export type Composed = { text: string; mention: boolean }

/** As the server has it. */
const fileAtMost = 20 * 1024 * 1024

export function Composer(props: {
  /** The bot's name where it can be mentioned; null in a direct talk. */
  mentionable: string | null
  quoting: string | null
  onNoQuote: () => void
  /** Resolves with whether it was sent: what was not stays in the field. */
  onSay: (composed: Composed) => Promise<boolean>
  onFile: (name: string, base64: string) => Promise<boolean>
  onTooLarge: () => void
}) {
  const { mentionable, quoting, onNoQuote, onSay, onFile, onTooLarge } = props
  const words = useWords()
  const [text, setText] = useState('')
  const [mention, setMention] = useState(false)
  const file = useRef<HTMLInputElement>(null)

  const send = async (): Promise<void> => {
    if (text.trim() === '') return
    if (await onSay({ text: text.trim(), mention: mention && mentionable !== null })) {
      setText('')
      setMention(false)
    }
  }
  const keys = (event: KeyboardEvent<HTMLTextAreaElement>): void => {
    // An input method takes Enter for itself while a word is being chosen.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    void send()
  }
  const give = async (chosen: File): Promise<void> => {
    if (chosen.size > fileAtMost) onTooLarge()
    else await onFile(chosen.name || 'picture.png', await base64Of(chosen))
  }
  const paste = (event: ClipboardEvent): void => {
    const [first] = event.clipboardData.files
    if (!first) return
    event.preventDefault()
    void give(first)
  }

  return (
    <form
      className="composer"
      onSubmit={(event) => {
        event.preventDefault()
        void send()
      }}
    >
      {quoting !== null && (
        <p className="quoting">
          <span>
            {words.quoting}: {quoting}
          </span>
          <button type="button" onClick={onNoQuote} aria-label={words.noQuote}>
            ×
          </button>
        </p>
      )}
      <div className="tools">
        {mentionable !== null && (
          <button type="button" aria-pressed={mention} onClick={() => setMention(!mention)}>
            <span className="unseen">{words.mention} </span>@{mentionable}
          </button>
        )}
        <button type="button" onClick={() => file.current?.click()}>
          {words.picture}
        </button>
        <input
          ref={file}
          className="unseen"
          type="file"
          tabIndex={-1}
          aria-label={words.picture}
          onChange={({ currentTarget }) => {
            const [first] = currentTarget.files ?? []
            if (first) void give(first)
            currentTarget.value = ''
          }}
        />
      </div>
      <div className="line">
        <textarea
          rows={2}
          maxLength={2_000}
          value={text}
          aria-label={words.say}
          placeholder={words.say}
          onChange={({ currentTarget }) => setText(currentTarget.value)}
          onKeyDown={keys}
          onPaste={paste}
        />
        <button type="submit" className="send" disabled={text.trim() === ''}>
          {words.send}
        </button>
      </div>
    </form>
  )
}

function base64Of(file: File): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader()
    reader.onload = () => resolve((reader.result as string).replace(/^[^,]*,/, ''))
    reader.onerror = () => reject(new Error('The file cannot be read.'))
    reader.readAsDataURL(file)
  })
}
