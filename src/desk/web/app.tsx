/** Who is there decides what is shown: the desk, or the way in. */
import { QueryClientProvider } from '@tanstack/react-query'
import { App as Messages, Button, Spin } from 'antd'
import { useEffect, useState } from 'react'
import { cache, whenOver } from './api/cache.ts'
import { ApiFailure } from './api/client.ts'
import { keys, useMe } from './api/queries.ts'
import { SpeechProvider, useSpeech } from './locale/index.tsx'
import { LookProvider } from './look/index.tsx'
import { Desk } from './shell/index.tsx'
import { type Farewell, SignIn } from './sign-in/index.tsx'

export function App({ token }: { token: string | null }) {
  return (
    <SpeechProvider>
      <LookProvider>
        <Messages message={{ maxCount: 3 }}>
          <QueryClientProvider client={cache}>
            <Gate token={token} />
          </QueryClientProvider>
        </Messages>
      </LookProvider>
    </SpeechProvider>
  )
}

function Gate({ token }: { token: string | null }) {
  const { t } = useSpeech()
  const [link, setLink] = useState(token)
  const [farewell, setFarewell] = useState<Farewell>(null)
  const me = useMe()
  const isOut = me.error instanceof ApiFailure && me.error.status === 401
  const known = me.data

  useEffect(() => {
    whenOver(() => {
      if (!cache.getQueryData(keys.me)) return
      setFarewell('over')
      leave()
    })
  }, [])

  if (link !== null || isOut || farewell !== null) {
    const enter = (): void => {
      setLink(null)
      setFarewell(null)
      cache.clear()
      void me.refetch()
    }
    return <SignIn token={link} farewell={farewell} onIn={enter} />
  }
  if (known) {
    const signOut = (): void => {
      setFarewell('signed-out')
      leave()
    }
    return <Desk me={known} onSignedOut={signOut} />
  }
  return (
    <main className="middle">
      {me.isError ? (
        <>
          <p>{t('app.failed')}</p>
          <Button onClick={() => void me.refetch()}>{t('app.retry')}</Button>
        </>
      ) : (
        <>
          <Spin />
          <p>{t('app.loading')}</p>
        </>
      )}
    </main>
  )
}

/** Nothing of customers stays where whoever sits down next could read it. */
function leave(): void {
  cache.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== keys.me[0] })
}
