/** Which accounts this process speaks as: from content/accounts.yaml, or one from the environment. */
import type { Env } from '../env.ts'
import { accountsKind } from '../domains/members/index.ts'
import type { Content } from '../kernel/content.ts'
import { UsageError } from '../kernel/errors.ts'

export type AccountConfig = {
  name: string
  token: string
  endpoint?: string
  tls: boolean
  echoes: boolean
  realm: string
  dailyCeiling?: number
  /** Never in a file: the demo's own account. */
  simulated?: boolean
}

/** The accounts to serve, or of them only those named. Throws a UsageError that lists what is missing. */
export function accountsOf(content: Content, env: Env, only: readonly string[] = []): AccountConfig[] {
  const configured = content.one(accountsKind).accounts
  if (configured.length === 0) return [accountFromEnvironment(env)]
  const unknown = only.filter((name) => !configured.some((account) => account.name === name))
  if (unknown.length > 0) {
    throw new UsageError({
      code: 'unknown-account',
      message: `There is no account ${unknown.join(', ')} in accounts.yaml; it has ${configured.map(({ name }) => name).join(', ')}.`,
    })
  }
  const chosen = configured.filter(({ name }) => only.length === 0 || only.includes(name))
  const missing = chosen.filter(({ token }) => !env.named(token))
  if (missing.length > 0) {
    const lines = missing.map(({ name, token }) => `  ${token}: the token of the account «${name}»`)
    throw new UsageError({
      code: 'missing-token',
      message: `These environment variables are not set:\n${lines.join('\n')}`,
    })
  }
  return chosen.map((account) => ({ ...account, token: env.named(account.token)! }))
}

/** The one account that WECHATY_PUPPET_SERVICE_* names. Throws a UsageError that says what to do when there is none. */
export function accountFromEnvironment(env: Env): AccountConfig {
  const token = env.WECHATY_PUPPET_SERVICE_TOKEN
  if (!token) {
    throw new UsageError({
      code: 'no-account',
      message: [
        'No account to speak as. Set WECHATY_PUPPET_SERVICE_TOKEN to the token of your puppet service',
        '(and WECHATY_PUPPET_SERVICE_ENDPOINT to host:port when it is one of your own), or list accounts',
        'in content/accounts.yaml. To see the bot at work without an account: npm run demo',
      ].join('\n'),
    })
  }
  return {
    name: 'main',
    token,
    endpoint: env.WECHATY_PUPPET_SERVICE_ENDPOINT,
    tls: !env.WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT,
    echoes: true,
    realm: 'default',
  }
}

/** How much each account may say a day that nobody asked for, where content says so. */
export function ceilingsOf(content: Content): Map<string, number> {
  const { accounts } = content.one(accountsKind)
  return new Map(
    accounts.flatMap(({ name, dailyCeiling }) => (dailyCeiling === undefined ? [] : [[name, dailyCeiling]])),
  )
}
