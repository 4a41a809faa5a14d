/** The inbox: three panes where there is room, two on a tablet, one on a phone. */
import type { InputRef } from 'antd'
import type { TextAreaRef } from 'antd/es/input/TextArea'
import { useEffect, useRef, useState } from 'react'
import { useLocation, useRoute } from 'wouter'
import type { CaseLine, Me, Queue } from '../../api.ts'
import { useCase, useSearch } from '../api/queries.ts'
import { useSpeech } from '../locale/index.tsx'
import type { Mode } from './conversation/box-words.ts'
import { ConversationPane } from './conversation/index.tsx'
import type { DialogName } from './conversation/props.ts'
import { CustomerPane } from './customer/index.tsx'
import { groupsOf } from './queue/groups.ts'
import { QueuePane } from './queue/index.tsx'
import { useActs } from './use-acts.ts'
import { useKeys } from './use-keys.ts'
import './inbox.css'

export function Inbox({ me, queue, onHelp }: { me: Me; queue: Queue; onHelp: () => void }) {
  const { t } = useSpeech()
  const [, go] = useLocation()
  const [, caseRoute] = useRoute('/cases/:number')
  const [onCustomer, customerRoute] = useRoute('/cases/:number/customer')
  const chosen = readNumber(caseRoute?.number ?? customerRoute?.number)
  const [search, setSearch] = useState('')
  const [mode, setMode] = useState<Mode>('reply')
  const [dialog, setDialog] = useState<DialogName | null>(null)
  const searchField = useRef<InputRef>(null)
  const box = useRef<TextAreaRef>(null)
  const acts = useActs(me)
  const line = useChosen(queue, chosen)
  const found = useSearch(search.trim())

  useEffect(() => {
    setMode('reply')
    setDialog(null)
  }, [chosen])

  const choose = (number: number): void => go(`/cases/${number}`)
  const shown =
    search.trim() === '' ? groupsOf(queue.cases, me).flatMap(({ cases }) => cases) : (found.data?.cases ?? [])
  useKeys({ me, line, shown, acts, onHelp, setMode, setDialog, searchField, box })

  const pane = chosen === null ? 'queue' : onCustomer ? 'customer' : 'case'
  return (
    <div className="panes" data-pane={pane}>
      <QueuePane {...{ me, queue, chosen, search }} onSearch={setSearch} field={searchField} onChoose={choose} />
      <main id="conversation" className="pane-case" tabIndex={-1}>
        {line ? (
          <ConversationPane
            key={line.number}
            {...{ me, line, acts, dialog, mode }}
            team={queue.team}
            onDialog={setDialog}
            onMode={setMode}
            field={box}
            onBack={() => go('/')}
            onCustomer={() => go(`/cases/${line.number}/customer`)}
          />
        ) : (
          <div className="middle">
            <h1>{t(chosen === null ? 'case.pick' : 'case.gone')}</h1>
            <p>{t('case.pickLead')}</p>
          </div>
        )}
      </main>
      {line && (
        <CustomerPane
          key={line.number}
          {...{ me, line, acts }}
          onBack={() => go(`/cases/${line.number}`)}
          onChoose={choose}
        />
      )}
    </div>
  )
}

/** The chosen case: of the queue, or read for itself when it is an older one. */
function useChosen(queue: Queue, chosen: number | null): CaseLine | undefined {
  const inQueue = queue.cases.find(({ number }) => number === chosen)
  const old = useCase(chosen ?? 0, chosen !== null && !inQueue)
  return inQueue ?? (chosen === null || old.isError ? undefined : old.data?.line)
}

function readNumber(text: string | undefined): number | null {
  return text !== undefined && /^[1-9]\d{0,8}$/.test(text) ? Number(text) : null
}
