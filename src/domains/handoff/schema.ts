/** Cases that wait for a human, and how long a human keeps a thread. */
import { settingsSection } from '../../kernel/content.ts'
import { Duration } from '../../kernel/duration.ts'
import { z } from 'zod'

export const handoffSettings = settingsSection({
  name: 'handoff',
  title: 'Handing over to a human',
  schema: z.strictObject({
    takeover: Duration.prefault('30m').describe('The bot is silent this long after somebody typed on its phone'),
  }),
})
