import { z } from 'zod'
import { settingsSection } from '../../kernel/content.ts'
import { Duration } from '../../kernel/duration.ts'

export const deskSettings = settingsSection({
  name: 'desk',
  title: 'The desk: signing in',
  schema: z.strictObject({
    idle: Duration.prefault('12h').describe('Who does nothing at the desk for so long is signed out'),
    absolute: Duration.prefault('7d').describe('And everybody so long after signing in'),
  }),
})
export type DeskSettings = z.output<typeof deskSettings.schema>
