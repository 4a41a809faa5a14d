/** What the house and the process that rehearses for it say to each other. */
import type { RehearsalPlayed } from '../../desk/server/index.ts'
import type { RehearsalWish } from '../../desk/campaigns-api.ts'

/** Where everything is. The process gets it by its line alone: addresses with passwords are nobody else's to read. */
export type RehearsalOrder = {
  url: string
  contentDir: string
  key: string | undefined
  dataDir: string
  wish: RehearsalWish
}

export type RehearsalAsked = { kind: 'begin'; order: RehearsalOrder } | { kind: 'cancel' }

/** `failed`: for the manager when she can do something about it (`usage`), else for the log. */
export type RehearsalTold =
  | { kind: 'progress'; share: number }
  | { kind: 'played'; played: RehearsalPlayed }
  | { kind: 'failed'; usage: boolean; code: string; message: string }
