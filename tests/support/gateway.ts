/** A gateway that does as the test says: keeps what it was asked to send, answers on demand, hangs, echoes. */
import type { Body, Recipient } from '../../src/kernel/effect.ts'
import type { Gateway, OutgoingFile, SendOutcome } from '../../src/kernel/ports.ts'

export type Call = { to: Recipient; body: Body; file?: OutgoingFile | undefined; messageId: string }

type Answer = SendOutcome | 'hang' | Promise<SendOutcome>

export class ScriptedGateway implements Gateway {
  readonly account: string
  readonly echoes: boolean
  readonly calls: Call[] = []
  ready = true
  /** How many calls have not been answered. */
  open = 0
  /** The most that were open at once. */
  mostOpen = 0
  /** What the platform answers; by default that it was sent, under the id `<account>-<n>`. */
  answer: (call: Call) => Answer = ({ messageId }) => ({ kind: 'sent', messageId })

  constructor(account = 'main', { echoes = true }: { echoes?: boolean } = {}) {
    this.account = account
    this.echoes = echoes
  }

  isReady(): boolean {
    return this.ready
  }

  async send(to: Recipient, body: Body, _deadlineMs: number, file?: OutgoingFile): Promise<SendOutcome> {
    const call = { to, body, file, messageId: `${this.account}-${this.calls.length + 1}` }
    this.calls.push(call)
    this.open += 1
    this.mostOpen = Math.max(this.mostOpen, this.open)
    try {
      const answer = this.answer(call)
      return answer === 'hang' ? await new Promise<SendOutcome>(() => undefined) : await answer
    } finally {
      this.open -= 1
    }
  }

  /** The texts it was asked to send, in order. */
  texts(): string[] {
    return this.calls.map(({ body }) => (body.type === 'text' ? body.text : `[${body.type}]`))
  }

  /** Lets every call wait until `release` is called; then they were sent. */
  hold(): { release: () => void } {
    let release = (): void => undefined
    const gate = new Promise<void>((open) => (release = open))
    this.answer = async ({ messageId }) => {
      await gate
      return { kind: 'sent', messageId }
    }
    return { release: () => release() }
  }
}
