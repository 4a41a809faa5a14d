/** Everything that content may hold: what the slices declare, and how files are read. */
import { createRegistry } from '../content/index.ts'
import { deskSettings } from '../desk/server/settings.ts'
import { importKind } from './import/schema.ts'
import { slices } from './slices.ts'

export const registry = createRegistry([
  ...slices,
  { name: 'import', kinds: [importKind] },
  { name: 'desk', settings: [deskSettings] },
])
