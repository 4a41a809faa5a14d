/** The only reader of the environment. Everything is optional; what is there must make sense, or nothing starts. */
import { z } from 'zod'
import { UsageError } from './kernel/errors.ts'
import { parseKey } from './kernel/master-key.ts'

const portOrOff = 'a port from 0 to 65535, or off'
const port = z.coerce.number(portOrOff).int(portOrOff).min(0, portOrOff).max(65_535, portOrOff)
const modelName = z
  .string()
  .trim()
  .regex(/^[\x21-\x7e]{1,200}$/, 'the name of a model, such as gpt-5.4-mini')
const flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')

const Variables = z.object({
  /** PostgreSQL; without it an embedded one is started under DATA_DIR. */
  DATABASE_URL: z
    .url({
      protocol: /^postgres(ql)?$/,
      error: 'a PostgreSQL address such as postgresql://user:password@host:5432/zhanggui',
    })
    .optional(),
  DATA_DIR: z.string().default('.data'),
  CONTENT_DIR: z.string().default('content'),
  /** Opens the keys that phones and addresses are sealed under; without it a key file of our own under DATA_DIR does. */
  DATA_KEY: z
    .string()
    .refine(
      (text) => parseKey(text) !== undefined,
      '32 bytes as 64 hexadecimal digits or in base64 (openssl rand -base64 32)',
    )
    .optional(),
  WECHATY_PUPPET_SERVICE_TOKEN: z.string().optional(),
  WECHATY_PUPPET_SERVICE_ENDPOINT: z
    .string()
    .regex(/^(\[[0-9a-f:]+\]|[^:/\s]+):\d{1,5}$/i, 'host:port, such as 127.0.0.1:8788')
    .optional(),
  WECHATY_PUPPET_SERVICE_NO_TLS_INSECURE_CLIENT: flag.default(false),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent']).default('info'),
  ALARM_WEBHOOK_URL: z.url({ protocol: /^https?$/, error: 'an http or https address' }).optional(),
  /** Where /health and /metrics listen: loopback only; 0 takes a free port, `off` none. */
  HEALTH_PORT: z.union([z.literal('off'), port], portOrOff).default(9_464),
  /** Where the shop's own programs bring orders and events: off unless given; loopback unless API_HOST says otherwise. */
  API_PORT: z.union([z.literal('off'), port], portOrOff).default('off'),
  API_HOST: z.string().default('127.0.0.1'),
  /** What they show in every request; needed with API_PORT. */
  API_KEY: z.string().optional(),
  /** Where the advisers' desk listens: 0 takes a free port, `off` none. */
  DESK_PORT: z.union([z.literal('off'), port], portOrOff).default(9_465),
  /** Loopback unless a proxy stands before it elsewhere; then with DESK_URL. */
  DESK_HOST: z.string().default('127.0.0.1'),
  /** The address under which a proxy serves the desk. */
  DESK_URL: z
    .string()
    .transform((text, context) => {
      const address = URL.parse(text.trim())
      if (address?.protocol === 'https:' && `${address.origin}/` === address.href) return address.origin
      context.addIssue({ code: 'custom', message: 'an https address without a path, such as https://desk.example.com' })
      return z.NEVER
    })
    .optional(),
  /** Where tracked links of campaigns lead through: off unless given; loopback, with a proxy before it. */
  LINKS_PORT: z.union([z.literal('off'), port], portOrOff).default('off'),
  LINKS_HOST: z.string().default('127.0.0.1'),
  /** Opens the language model; without it questions are answered from approved answers, word for word. */
  OPENAI_API_KEY: z
    .string()
    .trim()
    .regex(/^[\x21-\x7e]+$/, 'a key of letters, digits and signs, without spaces')
    .optional(),
  /** Any endpoint that speaks OpenAI's protocol; without it OpenAI's own. */
  OPENAI_BASE_URL: z
    .string()
    .refine((text) => {
      const address = URL.parse(text)
      return address !== null && /^https?:$/.test(address.protocol) && address.username + address.password === ''
    }, 'an http or https address without user and password, such as https://api.openai.com/v1')
    .optional(),
  /** As the endpoint calls it. */
  OPENAI_MODEL: modelName.default('gpt-5.4-mini'),
  /** Finds entries by meaning too; without it by words alone. */
  OPENAI_EMBEDDING_MODEL: modelName.optional(),
})

export type Env = z.infer<typeof Variables> & {
  /** A variable that content names, such as an account's token; undefined when it is unset or empty. */
  named(name: string): string | undefined
}

/** Throws one UsageError that lists everything that is wrong. */
export function readEnv(given: Record<string, string | undefined> = process.env): Env {
  // An empty variable is an unset one: that is how shells and service files clear them.
  const set = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined && value.trim() !== ''),
  )
  const result = Variables.safeParse(set)
  if (!result.success) {
    const lines = result.error.issues.map(
      (issue) => `  ${issue.path.join('.')}: expected ${issue.message.replace(/^Invalid option: expected /, '')}`,
    )
    throw new UsageError({ code: 'environment', message: `The environment is not right:\n${lines.join('\n')}` })
  }
  return { ...result.data, named: (name) => set[name] }
}
