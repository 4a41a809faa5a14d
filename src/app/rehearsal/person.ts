/** One person's days. */
import { titlesOf } from '../../desk/rehearsal/page.ts'
import type { PersonShown, Rehearsal } from '../../desk/rehearsal/schema.ts'
import type { Database } from '../../kernel/db.ts'
import { listOfPerson, type Span } from './repo.ts'

export async function personOf(db: Database, customerId: string, span: Span, shown: Rehearsal): Promise<PersonShown> {
  const lines = await listOfPerson(db.pool, customerId, span)
  const titles = titlesOf(shown)
  return { customerId, lines: lines.map((line) => ({ ...line, title: titles.get(line.source) ?? line.source })) }
}
