/** content/accounts.yaml: the accounts that we speak as. */
import { z } from 'zod'
import { type Content, type ContentKind, contentKind, type Item, type Told } from '../../../kernel/content.ts'

const Entry = z
  .strictObject({
    name: z
      .string()
      .regex(/^[a-z0-9-]{1,40}$/, 'a short name of a-z, 0-9 and -')
      .describe('How the account is called in logs, commands and other content files.'),
    token: z
      .string()
      .regex(/^[A-Z][A-Z0-9_]*$/, 'the name of an environment variable, not the token itself')
      .describe('The environment variable that holds the token.'),
    endpoint: z
      .string()
      .regex(/^(\[[0-9a-f:]+\]|[^:/\s]+):\d{1,5}$/i, 'host:port')
      .optional(),
    tls: z.boolean().default(true).describe('Whether the line to the endpoint is encrypted.'),
    echoes: z.boolean().default(true).describe('Whether the platform shows the account its own messages.'),
    realm: z.string().default('default').describe('The corporation whose accounts share contact and room ids.'),
    dailyCeiling: z.int().min(1).optional().describe('Messages a day at most that nobody asked for.'),
  })
  .describe('One account')

const File = z.strictObject({ accounts: z.array(Entry).default([]) })

export const accountsKind = contentKind({
  name: 'accounts',
  title: 'accounts',
  sources: [{ form: 'single', path: 'accounts.yaml', optional: true }],
  schema: File,
  review(items, tell) {
    for (const item of items) {
      const names = item.data.accounts.map(({ name }) => name)
      names.forEach((name, i) => {
        if (names.indexOf(name) === i) return
        tell(item, ['accounts', i, 'name'], {
          severity: 'error',
          message: `two accounts are called «${name}»`,
          expected: 'a name of its own for each account',
        })
      })
    }
  },
})

/** The names of the accounts that content lists; null where it leaves the one account to the environment. */
export function accountsIn(content: Pick<Content, 'one'>): ReadonlySet<string> | null {
  const { accounts } = content.one(accountsKind)
  return accounts.length === 0 ? null : new Set(accounts.map(({ name }) => name))
}

/** What is wrong with an account that other content names. Of the one in the environment content knows nothing. */
export function accountProblem(
  name: string,
  others: <O>(kind: ContentKind<O>) => readonly Item<O>[],
): Told | undefined {
  const names = others(accountsKind).flatMap(({ data }) => data.accounts.map((one) => one.name))
  if (names.length === 0 || names.includes(name)) return undefined
  return {
    severity: 'error',
    message: `accounts.yaml has no account "${name}", so nobody would get it`,
    expected: `One of ${names.join(', ')}; or no \`account\`: then the one of the last contact speaks`,
  }
}
