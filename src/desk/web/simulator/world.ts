/** The world as this page knows it: read once, then kept true by the stream of what happens. */
import { useEffect, useReducer, useState } from 'react'
import type { Bodies, Entry, Happening, NewPerson, World } from '../../simulator-api.ts'

const root = '/simulator/api'
/** After a stream that the browser gave up on. */
const againMs = 1_500

/** A refusal of the server: `code` says which. */
export class Refused extends Error {
  readonly code: string

  constructor(code: string) {
    super(code)
    this.code = code
  }
}

export async function post<K extends keyof Bodies>(
  act: K,
  body: Bodies[K],
): Promise<K extends 'people' ? NewPerson : void> {
  const response = await fetch(`${root}/${act}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
  const text = await response.text()
  if (response.ok) return (text === '' ? undefined : JSON.parse(text)) as never
  let code = 'failed'
  try {
    code = (JSON.parse(text) as { error?: string }).error ?? code
  } catch {
    code = 'failed'
  }
  throw new Refused(code)
}

export const fileAt = (entry: string): string => `${root}/files/${encodeURIComponent(entry)}`
export const deskAt = (adviser: string | null): string =>
  adviser === null ? `${root}/desk` : `${root}/desk?adviser=${encodeURIComponent(adviser)}`

type News = { kind: 'read'; world: World } | { kind: 'happened'; cursor: string; happening: Happening }

/** An entry that is known already changes nothing: a stream that goes on may say a thing twice. */
function told(world: World | undefined, news: News): World | undefined {
  if (news.kind === 'read') return news.world
  if (!world) return world
  const { cursor, happening } = news
  switch (happening.kind) {
    case 'entry': {
      const known = world.entries.some(({ n }) => n === happening.entry.n)
      return { ...world, cursor, entries: known ? world.entries : [...world.entries, happening.entry] }
    }
    case 'recalled':
      return {
        ...world,
        cursor,
        entries: world.entries.map((entry) => (entry.id === happening.id ? emptied(entry) : entry)),
      }
    case 'people':
      return { ...world, cursor, people: happening.people, rooms: happening.rooms }
    case 'reset':
      return world
  }
}

function emptied(entry: Entry): Entry {
  return entry.kind === 'said' ? { ...entry, content: { type: 'text', text: '' }, recalled: true } : entry
}

/** `live`: the stream is there. The world is undefined until it has been read. */
export function useWorld(): { world: World | undefined; live: boolean } {
  const [world, tell] = useReducer(told, undefined)
  const [live, setLive] = useState(false)
  useEffect(() => {
    let over = false
    let stream: EventSource | undefined
    let timer: ReturnType<typeof setTimeout> | undefined

    const later = (): void => {
      stream?.close()
      setLive(false)
      clearTimeout(timer)
      timer = setTimeout(() => void begin(), againMs)
    }
    const begin = async (): Promise<void> => {
      try {
        const read = (await (await fetch(`${root}/world`)).json()) as World
        if (over) return
        tell({ kind: 'read', world: read })
        stream = new EventSource(`${root}/events?after=${encodeURIComponent(read.cursor)}`)
        stream.onopen = () => setLive(true)
        stream.onmessage = ({ data, lastEventId }: MessageEvent<string>) => {
          const happening = JSON.parse(data) as Happening
          if (happening.kind === 'reset') later()
          else tell({ kind: 'happened', cursor: lastEventId, happening })
        }
        stream.onerror = () => {
          setLive(false)
          // Otherwise the browser comes back by itself, from where it was.
          if (stream?.readyState === EventSource.CLOSED) later()
        }
      } catch {
        if (!over) later()
      }
    }
    void begin()
    return () => {
      over = true
      clearTimeout(timer)
      stream?.close()
    }
  }, [])
  return { world, live }
}
