import { z } from 'zod'
import { settingsSection } from '../../../kernel/content.ts'
import { Duration } from '../../../kernel/duration.ts'

export const tagsSettings = settingsSection({
  name: 'tags',
  title: 'Tags',
  schema: z.strictObject({
    mirror: z
      .strictObject({
        enabled: z.boolean().default(false).describe('Whether tags are put on contacts in WeChat Work too'),
        dimensions: z
          .array(z.string().min(1))
          .default([])
          .describe('Which dimensions; sensitive ones never leave the house'),
        prefix: z
          .string()
          .max(10)
          .default('')
          .describe('Stands in front of each name, to tell them from those set by hand'),
        pace: Duration.prefault('5s').describe('At least so long between two changes'),
      })
      .prefault({})
      .describe('Tags on contacts in WeChat Work. Those that somebody else has put on are never taken off'),
  }),
})
export type TagsSettings = z.output<typeof tagsSettings.schema>
