/** The keyboard: single letters, where nobody is typing. */
import type { InputRef } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { type RefObject, useEffect, useRef } from 'react'
import type { CaseLine, Me } from '../../api.ts'
import type { Mode } from './conversation/box-words.ts'
import type { DialogName } from './conversation/props.ts'
import type { Acts } from './use-acts.ts'

type Desk = {
  me: Pick<Me, 'id'>
  line: CaseLine | undefined
  /** In the order in which they stand in the queue. */
  shown: readonly CaseLine[]
  acts: Acts
  onHelp: () => void
  setMode: (mode: Mode) => void
  setDialog: (dialog: DialogName) => void
  searchField: RefObject<InputRef | null>
  box: RefObject<TextAreaRef | null>
}

export function useKeys(desk: Desk): void {
  const now = useRef(desk)
  useEffect(() => {
    now.current = desk
  })
  useEffect(() => {
    const listen = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || isTaken(event.target)) return
      const does = strokes(now.current)[event.key]
      if (!does) return
      event.preventDefault()
      does()
    }
    document.addEventListener('keydown', listen)
    return () => document.removeEventListener('keydown', listen)
  }, [])
}

function strokes({ me, line, shown, acts, ...desk }: Desk): Record<string, () => void> {
  const isMine = line?.state === 'owned' && line.owner === me.id
  const mayTake = line && (line.state === 'waiting' || (line.state === 'offered' && line.offeredTo === me.id))
  const write = (mode: Mode): void => {
    desk.setMode(mode)
    // The box may have to be drawn for its mode first.
    requestAnimationFrame(() => desk.box.current?.focus())
  }
  return {
    j: () => step(shown, line, 1),
    k: () => step(shown, line, -1),
    '/': () => desk.searchField.current?.focus(),
    '?': desk.onHelp,
    n: () => write('note'),
    ...(isMine ? { r: () => write('reply'), e: () => desk.setDialog('resolve') } : {}),
    ...(mayTake ? { a: () => void acts.run(line.number, { act: 'accept' }) } : {}),
  }
}

/** Moves the focus along the queue; Enter on a line opens it, as on any link. */
function step(shown: readonly CaseLine[], line: CaseLine | undefined, by: 1 | -1): void {
  const focused = document.activeElement?.getAttribute('data-case')
  const from = focused ? Number(focused) : line?.number
  const at = shown.findIndex(({ number }) => number === from)
  const next = shown[at === -1 ? (by === 1 ? 0 : shown.length - 1) : Math.min(Math.max(at + by, 0), shown.length - 1)]
  if (next) document.querySelector<HTMLElement>(`[data-case="${next.number}"]`)?.focus()
}

/** Whether a key means something where it was pressed, or a dialog is open. */
function isTaken(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false
  return target.closest('input, textarea, select, [role="dialog"], [role="listbox"], [role="menu"]') !== null
}
