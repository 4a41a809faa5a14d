/**
 * What the simulated platform was asked to do, in order: the ground truth of «nothing sent twice, nothing lost».
 * An entry is on disk before the call that it tells of is answered.
 */
import { closeSync, existsSync, fdatasyncSync, openSync, readFileSync, truncateSync, writeSync } from 'node:fs'

export type JournalEntry = {
  /** From 1, over all runs that wrote to the file. */
  n: number
  /** Which run of the simulator. */
  run: string
  /** ISO 8601, UTC. */
  at: string
  account: string
  /** A content type of messages.ts, or what else was asked for: acceptFriendship, acceptInvitation, recall, addMember … */
  type: string
  /** Conversation id; for what is no message, the id of the thing asked about. */
  to: string
  messageId?: string
  text?: string
  mentionIds?: string[]
  filename?: string
  /** Size and SHA-256 (hex) of a file. */
  bytes?: number
  sha256?: string
  /** Cards, links and places as they came. */
  details?: Record<string, unknown>
}

export class Journal {
  readonly #run: string
  readonly #entries: JournalEntry[] = []
  readonly #keep: boolean
  #file: number | undefined
  readonly #sync: boolean
  #count = 0

  /** Without `file` the entries live in memory only; `keep: false` keeps none, for long benches. */
  constructor(run: string, { file, sync = true, keep = true }: { file?: string; sync?: boolean; keep?: boolean } = {}) {
    this.#run = run
    this.#sync = sync
    this.#keep = keep
    if (file === undefined) return
    if (existsSync(file)) {
      cutTornLine(file)
      this.#entries.push(...readJournal(file))
    }
    this.#count = this.#entries.at(-1)?.n ?? 0
    this.#file = openSync(file, 'a')
  }

  append(entry: Omit<JournalEntry, 'n' | 'run'>): JournalEntry {
    this.#count += 1
    const full: JournalEntry = { n: this.#count, run: this.#run, ...entry }
    if (this.#file !== undefined) {
      writeSync(this.#file, `${JSON.stringify(full)}\n`)
      if (this.#sync) fdatasyncSync(this.#file)
    }
    if (this.#keep) this.#entries.push(full)
    return full
  }

  entries(account?: string): JournalEntry[] {
    return account === undefined ? [...this.#entries] : this.#entries.filter((entry) => entry.account === account)
  }

  /** How many entries there ever were. */
  get count(): number {
    return this.#count
  }

  close(): void {
    if (this.#file !== undefined) closeSync(this.#file)
    this.#file = undefined
  }
}

/** Reads a journal file. A last line without its end was never acknowledged, so it does not count. */
export function readJournal(file: string): JournalEntry[] {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines.slice(0, -1).map((line) => JSON.parse(line) as JournalEntry)
}

function cutTornLine(file: string): void {
  const bytes = readFileSync(file)
  const whole = bytes.lastIndexOf(0x0a) + 1
  if (whole < bytes.length) truncateSync(file, whole)
}
