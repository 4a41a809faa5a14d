/** The whole simulated platform in this process: one world, one journal, and a gRPC server per account. */
import { UsageError } from '../../kernel/errors.ts'
import { systemIds } from '../../kernel/ids.ts'
import type { Clock } from '../../kernel/ports.ts'
import { Account } from './account.ts'
import type { Manners } from './faults.ts'
import { Journal } from './journal.ts'
import openingWorld from './opening-world.json' with { type: 'json' }
import { AccountServer } from './server.ts'
import { World, WorldContact, WorldFile } from './world.ts'

export type SimulatorOptions = {
  /** Names of our accounts; the first is the default of every action. Default: `['main']`. */
  accounts?: string[]
  /** Ports of the accounts, in their order; 0 or nothing picks a free one. */
  ports?: number[]
  token?: string
  /** The world to start from; without it the opening world of the demo. */
  world?: WorldFile
  /** In every id made during the run; random without it. */
  run?: string
  /** Where the journal is written; memory only without it. */
  journal?: string
  /** Whether each entry is on disk before the call is answered. Default true. */
  sync?: boolean
  /** Whether entries can be read back from memory. Default true. */
  keepJournal?: boolean
  /** Whether the accounts start logged in. Default true. */
  loggedIn?: boolean
  manners?: Partial<Manners>
  clock: Clock
}

export class Simulator {
  readonly run: string
  readonly token: string
  readonly world: World
  readonly journal: Journal
  readonly accounts: readonly Account[]
  readonly #servers = new Map<string, AccountServer>()

  constructor(options: SimulatorOptions) {
    const { accounts: names = ['main'], clock } = options
    const file = options.world ?? WorldFile.parse(openingWorld)
    this.run = options.run ?? systemIds(clock).fresh().slice(-8)
    this.token = options.token ?? 'insecure_simulator'
    this.world = new World(file, this.run, clock)
    this.journal = new Journal(this.run, { file: options.journal, sync: options.sync, keep: options.keepJournal })
    this.accounts = names.map((name, index) => {
      const contactId = this.#settle(name, file.accounts[index])
      const { world, journal } = this
      return new Account({
        name,
        contactId,
        world,
        journal,
        clock,
        loggedIn: options.loggedIn,
        manners: options.manners,
      })
    })
    for (const [index, account] of this.accounts.entries()) {
      this.#servers.set(
        account.name,
        new AccountServer(account, { token: this.token, port: options.ports?.[index], clock }),
      )
    }
  }

  async start(): Promise<void> {
    for (const server of this.#servers.values()) await server.start()
  }

  async stop(): Promise<void> {
    for (const server of this.#servers.values()) await server.stop()
    this.journal.close()
  }

  /** The account of that name; without one, the first. */
  account(name?: string): Account {
    const account = name === undefined ? this.accounts[0] : this.accounts.find((each) => each.name === name)
    return account ?? unknownAccount(name)
  }

  server(name?: string): AccountServer {
    return this.#servers.get(this.account(name).name) ?? unknownAccount(name)
  }

  /** `host:port` for a client of that account. */
  endpoint(name?: string): string {
    return this.server(name).endpoint
  }

  /** Gives an account its person in the world, who has always been in its rooms. */
  #settle(name: string, place: WorldFile['accounts'][number] | undefined): string {
    const contact = place?.contact ?? WorldContact.parse({ id: `account-${name}`, name, coworker: true })
    this.world.putContact(contact)
    for (const roomId of place?.rooms ?? []) this.world.join(roomId, [contact.id])
    return contact.id
  }
}

function unknownAccount(name: string | undefined): never {
  throw new UsageError({ code: 'unknown-account', message: `The simulator has no account ${name ?? ''}.` })
}
