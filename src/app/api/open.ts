/** Opens the door for the shop's programs with what it needs of the running house. */
import { shopEventsOf } from '../../domains/campaigns/index.ts'
import { markDueMany } from '../../domains/tags/index.ts'
import { slices } from '../slices.ts'
import { type Api, type ApiHouse, openApi } from './index.ts'
import type { Env } from '../../env.ts'
import type { Content } from '../../kernel/content.ts'
import type { Jobs } from '../../kernel/jobs.ts'
import type { Tagging } from '../tagging.ts'

type Options = Pick<ApiHouse, 'db' | 'secrets' | 'clock' | 'ids' | 'log'> & {
  env: Env
  port: number
  content: { current(): Content }
  jobs: Pick<Jobs, 'schedule'>
  tagging: Pick<Tagging, 'wake'>
}

/** Throws a UsageError when API_KEY is missing or short, or the port cannot be had. */
export function serveShop({ env, port, content, jobs, tagging, ...house }: Options): Promise<Api> {
  return openApi({
    ...house,
    port,
    host: env.API_HOST,
    key: env.API_KEY,
    content: () => content.current(),
    schedule: jobs.schedule,
    interactionKinds: Object.assign(
      {},
      ...slices.map((slice) => slice.interactionKinds ?? {}),
    ) as ApiHouse['interactionKinds'],
    openEvents: shopEventsOf,
    async onChanged(db, personIds) {
      await markDueMany(db, personIds, house.clock.now())
      tagging.wake()
    },
  })
}
