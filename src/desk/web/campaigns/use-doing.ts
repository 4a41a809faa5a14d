/** A manager's click: done at the server, told here, and everything of campaigns read again. */
import { App } from 'antd'
import { useCallback, useState } from 'react'
import type { CampaignDone } from '../../campaigns-api.ts'
import { cache, noticeOver } from '../api/cache.ts'
import { post, whyOf } from '../api/client.ts'
import { useSpeech } from '../locale/index.tsx'
import type { Key } from '../locale/speak.ts'
import { campaignKeys, pathOf } from './queries.ts'

export type DoingName = 'approve' | 'preview' | 'pause' | 'resume' | 'stop'

const done: Readonly<Record<DoingName, Key>> = {
  approve: 'campaigns.approved',
  preview: 'campaigns.previewed',
  pause: 'campaigns.pausedNow',
  resume: 'campaigns.resumed',
  stop: 'campaigns.stopped',
}

/** `run` resolves to whether it was done. */
export function useDoing(): { busy: boolean; run: (id: string, name: DoingName, body?: object) => Promise<boolean> } {
  const { t } = useSpeech()
  const { message } = App.useApp()
  const [busy, setBusy] = useState(false)
  const run = useCallback(
    async (id: string, name: DoingName, body: object = {}): Promise<boolean> => {
      setBusy(true)
      try {
        const { runs } = await post<CampaignDone>(`${pathOf(id)}/${name}`, body)
        void message.success(t(done[name], { runs }))
        return true
      } catch (error) {
        noticeOver(error)
        void message.error(t(...whyOf(error)))
        return false
      } finally {
        setBusy(false)
        void cache.invalidateQueries({ queryKey: campaignKeys.all })
      }
    },
    [message, t],
  )
  return { busy, run }
}
