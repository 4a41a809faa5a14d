/** What the pages of campaigns stand on. */
import type { DeskHouse } from '../house.ts'
import type { CampaignsLent } from './lent.ts'

export type CampaignsHouse = Pick<DeskHouse, 'db' | 'content' | 'clock' | 'ids' | 'log'> & { lent: CampaignsLent }
