/** What copy may not say: rules with the law they come from, and what a brand has of its own. */
import { z } from 'zod'
import { contentKind } from '../../../kernel/content.ts'

const Words = z.array(z.string().trim().min(1).max(40))

export const ComplianceRule = z.strictObject({
  id: z
    .string()
    .max(64)
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'lower-case words joined by hyphens')
    .describe('Name of the rule'),
  law: z.string().trim().min(1).describe('Law and article, as people look it up'),
  title: z.string().trim().min(1).describe('What is forbidden, in a few words'),
  severity: z.enum(['error', 'warning']).default('error').describe('error: such content does not go live'),
  where: z
    .enum(['marketing', 'all', 'group'])
    .default('marketing')
    .describe('marketing: not in service messages; group: only what goes to groups'),
  words: Words.min(1).describe('What may not be said'),
  except: Words.default([]).describe('What contains such words and is harmless'),
  negated: z.boolean().default(true).describe('Whether «not the best» is harmless'),
  suggestion: z.string().trim().min(1).describe('How to say it instead'),
})
export type ComplianceRule = z.output<typeof ComplianceRule>

export const complianceKind = contentKind<ComplianceRule>({
  name: 'compliance',
  title: 'Rules of compliance',
  sources: [{ form: 'list', glob: 'compliance/!(brand).yaml' }],
  schema: ComplianceRule,
  unique: 'id',
})

export const ComplianceBrand = z.strictObject({
  senders: Words.default([]).describe('Names under which customers know who writes; {{ brand }} always counts'),
  optOut: Words.default([]).describe('Words that say how to opt out'),
  exceptions: Words.default([]).describe('Names of products and campaigns that contain forbidden words'),
  longest: z.int().min(50).max(10_000).default(600).describe('Longer messages are warned of, in characters'),
})
export type ComplianceBrand = z.output<typeof ComplianceBrand>

export const complianceBrandKind = contentKind<ComplianceBrand>({
  name: 'compliance-brand',
  title: 'What compliance knows of the brand',
  sources: [{ form: 'single', path: 'compliance/brand.yaml', optional: true }],
  schema: ComplianceBrand.prefault({}),
})
