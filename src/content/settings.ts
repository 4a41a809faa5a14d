/** The sections of settings.yaml that belong to content itself: the brand, and when changes go live. */
import { z } from 'zod'
import { type SettingsSection, settingsSection } from '../kernel/content.ts'

const Zone = z
  .string()
  .refine((zone) => isZone(zone), 'A time zone by its IANA name, such as Asia/Shanghai')
  .describe('A time zone by its IANA name, such as Asia/Shanghai')

export const brandSection = settingsSection({
  name: 'brand',
  title: 'The brand',
  schema: z.strictObject({
    name: z
      .string()
      .trim()
      .min(1)
      .describe('The name of the brand, as customers know it: {{ brand }} in every template'),
    zone: Zone.default('Asia/Shanghai'),
  }),
})

const Mode = z
  .enum(['auto', 'manual'])
  .describe('`auto`: a saved change is live at once. `manual`: with content publish')
export type PublishMode = z.infer<typeof Mode>
/** When changes go live: `default` for every kind that has no word of its own. */
export type PublishRules = { default: PublishMode } & Partial<Record<string, PublishMode>>

export type ContentSettings = { publish: PublishRules }

/** `publish: manual`, or by kind: `publish: {default: auto, faq: manual}`. The kinds are those that slices declare, and replies. */
export function contentSection(kinds: readonly string[]): SettingsSection<ContentSettings> {
  const byKind = z.strictObject({
    default: Mode.default('auto'),
    replies: Mode.optional(),
    ...Object.fromEntries(kinds.map((kind) => [kind, Mode.optional()])),
  })
  return settingsSection({
    name: 'content',
    title: 'How content goes live',
    schema: z.strictObject({
      publish: z
        .union([Mode, byKind])
        .default('auto')
        .transform((publish): PublishRules => (typeof publish === 'string' ? { default: publish } : publish)),
    }),
  })
}

function isZone(zone: string): boolean {
  try {
    Intl.DateTimeFormat('en', { timeZone: zone })
    return true
  } catch {
    return false
  }
}
