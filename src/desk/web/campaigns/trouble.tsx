/** In place of what could not be read, or is not there yet. */
import { Spin } from 'antd'
import { ApiFailure, whyOf } from '../api/client.ts'
import { useSpeech } from '../locale/index.tsx'

export function Trouble({ error, missing }: { error: unknown; missing?: string }) {
  const { t } = useSpeech()
  if (error === null) return <Spin />
  const isMissing = error instanceof ApiFailure && error.status === 404
  return <p role="alert">{isMissing && missing !== undefined ? missing : t(...whyOf(error))}</p>
}
