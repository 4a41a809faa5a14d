/** Friends and drops for the benches of campaigns. */
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { registry } from '../../src/app/registry.ts'
import { formatFindings, loadFolder } from '../../src/content/index.ts'
import type { Content } from '../../src/kernel/content.ts'
import type { Queryable } from '../../src/kernel/work.ts'
import type { ContentFolder } from '../support/content.ts'

/** Puts these in the place of the example brand's own drops, and where it says so journeys, without the gate that theirs pass. */
export function replaceCampaigns(
  folder: ContentFolder,
  files: Record<string, string>,
  { journeys = false } = {},
): void {
  for (const name of ['campaigns', 'compliance', ...(journeys ? [] : ['journeys'])])
    rmSync(join(folder.dir, name), { recursive: true, force: true })
  folder.write(files)
}

export async function contentOf(folder: ContentFolder): Promise<Content> {
  const { content, findings } = await loadFolder(folder.dir, registry)
  if (!content) throw new Error(`The content of the bench has errors:\n${formatFindings(findings)}`)
  return content
}

/** Makes every customer who is nobody else a friend of one of these accounts in turn, under `friend-<number>`. */
export async function befriend(db: Queryable, accounts: readonly string[]): Promise<void> {
  await db.query(
    `INSERT INTO identity (id, realm, contact_id, customer_id, role, name, friend_of, first_seen_at, last_seen_at)
     SELECT gen_random_uuid(), 'default', 'friend-' || n, id, 'customer', '顾客' || n,
       jsonb_build_object(($1::text[])[1 + n % cardinality($1::text[])], first_seen_at), first_seen_at, last_seen_at
     FROM (SELECT *, row_number() OVER (ORDER BY id) AS n FROM customer WHERE merged_into IS NULL) c`,
    [accounts],
  )
  await db.query('VACUUM (ANALYZE) identity')
}
