/**
 * The simulator as a process of its own, for the fault suite and the bench:
 *
 *     node src/gateways/simulator/main.ts [--control PORT] [--accounts bot1,bot2] [--ports P1,P2] [--token TOKEN]
 *       [--journal FILE] [--no-sync] [--no-keep] [--world FILE.json] [--run PREFIX] [--logged-out] [--no-echo]
 *
 * Prints one JSON line when it is ready: `{control, token, run, accounts: {name: {endpoint, contactId}}}`.
 */
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { systemClock } from '../../kernel/clock.ts'
import { serveControl, stateOf } from './control.ts'
import { silenceWechaty } from './server.ts'
import { Simulator } from './simulator.ts'
import { WorldFile } from './world.ts'

const { values } = parseArgs({
  options: {
    control: { type: 'string', default: '0' },
    accounts: { type: 'string', default: 'main' },
    ports: { type: 'string', default: '' },
    token: { type: 'string' },
    journal: { type: 'string' },
    sync: { type: 'boolean', default: true },
    keep: { type: 'boolean', default: true },
    world: { type: 'string' },
    run: { type: 'string' },
    'logged-out': { type: 'boolean', default: false },
    echo: { type: 'boolean', default: true },
  },
  allowNegative: true,
})

silenceWechaty()
const simulator = new Simulator({
  accounts: values.accounts.split(','),
  ports: values.ports.split(',').map(Number),
  token: values.token,
  world: values.world === undefined ? undefined : WorldFile.parse(JSON.parse(readFileSync(values.world, 'utf8'))),
  run: values.run,
  journal: values.journal,
  sync: values.sync,
  keepJournal: values.keep,
  loggedIn: !values['logged-out'],
  manners: { echo: values.echo },
  clock: systemClock,
})
await simulator.start()
const control = await serveControl(simulator, Number(values.control))
const { token, run, accounts } = stateOf(simulator)
const people = Object.fromEntries(accounts.map(({ name, endpoint, contactId }) => [name, { endpoint, contactId }]))
process.stdout.write(`${JSON.stringify({ control: control.port, token, run, accounts: people })}\n`)

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void simulator.stop().finally(() => process.exit(0))
  })
}
