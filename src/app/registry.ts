/** Everything that content may hold: what the slices declare, and the accounts. */
import { createRegistry } from '../content/index.ts'
import { accountsKind } from './accounts.ts'
import { slices } from './slices.ts'

export const registry = createRegistry([...slices, { name: 'accounts', kinds: [accountsKind] }])
