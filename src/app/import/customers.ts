/** The shop's customers, from a file: who they are, who brought them, and what they have refused. */
import { type Resolving, type RowOfKeys, normalKey, resolveCustomers } from '../../domains/members/index.ts'
import type { Ids } from '../../kernel/ports.ts'
import type { Queryable } from '../../kernel/work.ts'
import type { Cells, Problem } from './cells.ts'
import { dateReader, keysOf, type PlaceOf, placeReader, refusalOf } from './parts.ts'
import { type CustomerSaid, updateCustomers } from './repo/customers.ts'
import type { Importer, Written } from './importer.ts'
import type { CustomerField, CustomersMapping } from './schema.ts'

type CustomerRecord = {
  line: number
  keys: RowOfKeys['keys']
  source: string
  profile: Record<string, string>
  inviter: RowOfKeys['keys'][number] | null
  refuses: { marketing: boolean; profiling: boolean; sensitive: boolean }
}

export type CustomersImport = {
  mapping: CustomersMapping
  ids: Ids
  secrets: Resolving['secrets']
  placeOf: PlaceOf
  /** Told of the persons of whom something has changed, in the transaction. */
  onChanged: (db: Queryable, personIds: string[], priority: number) => Promise<void>
}

const importPriority = 1

export function customersImporter(on: CustomersImport): Importer<CustomerField, CustomerRecord> {
  const { mapping } = on
  return {
    kind: 'customers',
    columns: mapping.columns,
    needed: [['phone', 'unionid', 'member']],
    reading: { mapping },
    read: customerReader(on),
    prepare: (record) => record,
    write: (db, records, { now }) => writeCustomers(on, db, records, now),
  }
}

function customerReader({ mapping, placeOf }: CustomersImport) {
  const dateOf = dateReader(mapping.dates)
  const placeFor = placeReader(placeOf)
  return (cells: Cells<CustomerField>, source: string): CustomerRecord | undefined => {
    const keys = keysOf(cells)
    const born = dateOf(cells, 'birthday')
    const { area, province, city } = placeFor(cells.text('province'), cells.text('city'), cells.text('address'))
    const said = {
      name: cells.text('name'),
      gender: genderOf(cells, mapping),
      birthday: born ? `${born.year}-${two(born.month)}-${two(born.day)}` : null,
      province,
      city,
      area,
      memberLevel: cells.text('memberLevel'),
    }
    const refuses = {
      marketing: refusesOf(cells, 'marketing', mapping),
      profiling: refusesOf(cells, 'profiling', mapping),
      sensitive: refusesOf(cells, 'sensitive', mapping),
    }
    const inviter = cells.text('inviter')
    const profile = Object.fromEntries(
      Object.entries(said).filter((entry): entry is [string, string] => entry[1] !== null),
    )
    return { line: cells.line, keys, source, profile, refuses, inviter: inviter === null ? null : keyOf(inviter) }
  }
}

function two(number: number): string {
  return String(number).padStart(2, '0')
}

/** A phone where it is one, else a member number. */
function keyOf(value: string): RowOfKeys['keys'][number] {
  return { kind: normalKey('phone', value) === null ? 'member' : 'phone', value }
}

function genderOf(cells: Cells<CustomerField>, { genders }: CustomersMapping): string | null {
  const text = cells.text('gender')
  if (text === null || Object.hasOwn(genders, text)) return text === null ? null : (genders[text] ?? null)
  cells.tell('gender', `«${text.slice(0, 40)}» is no gender that content/import.yaml knows`)
  return null
}

/** Nothing said is nothing refused; a yes gives nothing that she has not given herself. */
function refusesOf(cells: Cells<CustomerField>, field: CustomerField, { yes, no }: CustomersMapping): boolean {
  const text = cells.text(field)?.toLowerCase()
  if (text === undefined || yes.includes(text)) return false
  if (!no.includes(text))
    cells.tell(field, `«${text.slice(0, 40)}» is neither yes nor no as content/import.yaml knows them`)
  return true
}

async function writeCustomers(
  { ids, secrets, onChanged }: CustomersImport,
  db: Queryable,
  records: readonly CustomerRecord[],
  now: Date,
): Promise<Written> {
  const made = new Set<string>()
  const fresh = (): string => {
    const id = ids.fresh()
    made.add(id)
    return id
  }
  const inviters = records.flatMap(({ inviter, source }) => (inviter ? [{ keys: [inviter], source }] : []))
  const rows = [...records.map(({ keys, source }) => ({ keys, source })), ...inviters]
  const resolved = await resolveCustomers(db, { secrets, ids: { ...ids, fresh }, now }, rows)
  const problems: Problem[] = []
  const said = new Map<string, CustomerSaid>()
  const persons = new Map<string, string>()
  let inviter = records.length
  for (const [i, record] of records.entries()) {
    const who = resolved[i]!
    const by = record.inviter ? resolved[inviter++] : undefined
    if ('refused' in who) {
      problems.push({ line: record.line, column: null, reason: refusalOf(who.refused) })
      continue
    }
    const before = said.get(who.customerId)
    persons.set(who.customerId, who.personId)
    said.set(who.customerId, {
      customerId: who.customerId,
      profile: { ...before?.profile, ...record.profile },
      invitedBy: before?.invitedBy ?? (by && !('refused' in by) && by.personId !== who.personId ? by.customerId : null),
      refuses: {
        marketing: record.refuses.marketing || (before?.refuses.marketing ?? false),
        profiling: record.refuses.profiling || (before?.refuses.profiling ?? false),
        sensitive: record.refuses.sensitive || (before?.refuses.sensitive ?? false),
      },
    })
  }
  const changed = new Set(await updateCustomers(db, [...said.values()], now))
  const added = [...said.keys()].filter((id) => made.has(id))
  const due = [...new Set([...changed, ...added])].map((id) => persons.get(id)!)
  if (due.length > 0) await onChanged(db, [...new Set(due)], importPriority)
  const taken = records.length - problems.length
  const others = [...changed].filter((id) => !made.has(id)).length
  return { added: added.length, changed: others, unchanged: taken - added.length - others, problems }
}
