/** Every column that holds sealed values: what `keys rotate` seals anew. A test holds it against the tables. */
import type { SealedColumn } from '../kernel/rotation.ts'

export const sealedColumns: readonly SealedColumn[] = [
  { table: 'customer_key', column: 'sealed', id: 'id', idType: 'uuid' },
  { table: 'orders', column: 'address', id: 'id', idType: 'bigint' },
  { table: 'desk_totp', column: 'sealed', id: 'adviser', idType: 'text' },
]
