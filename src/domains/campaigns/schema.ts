/** What campaigns may do at all. */
export { campaignsSettings } from './drops/schema.ts'
