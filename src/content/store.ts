/**
 * The live content of a process. The folder is read at the start and whenever it changes; what is good goes live
 * through the database, so that every process serves the same version. What is bad changes nothing but an alarm.
 */
import type { Content, Finding } from '../kernel/content.ts'
import type { Database } from '../kernel/db.ts'
import { UsageError } from '../kernel/errors.ts'
import type { Log } from '../kernel/log.ts'
import type { Alarms, Clock } from '../kernel/ports.ts'
import { type FileSet, versionOf } from './files.ts'
import { formatFindings } from './format.ts'
import { type LoadedFolder, loadFiles, loadFolder } from './load.ts'
import { withHeldBack } from './publish.ts'
import type { Registry } from './registry.ts'
import { findVersion, isTakenBack, listenForPublications, liveVersion, publishVersion } from './repo.ts'
import { watchFolder } from './watch.ts'

/** Why a good folder is not live: it asks for `content publish`, or a rollback took it back. */
export type Waiting = 'manual' | 'taken-back'

export interface ContentStore {
  current(): Content
  /** Calls with every new live version; the returned function ends that. */
  onChange(listener: (content: Content) => void): () => void
  /** What is wrong with the folder as it is now, live or not. */
  findings(): readonly Finding[]
  waiting(): Waiting | undefined
  close(): Promise<void>
}

export type ContentStoreOptions = {
  dir: string
  registry: Registry
  db: Database
  clock: Clock
  log: Log
  alarms: Alarms
  /** Default true. Without it the folder is read once, and publications of other processes are still followed. */
  watch?: boolean
}

/** Before a change that met a database that is down is tried again. */
const retryMs = 1_000

/**
 * Loads the content and keeps it true. Throws UsageError `content-bad`, with every finding in its message, when the
 * folder is bad and no earlier version can stand in.
 */
export async function openContent(options: ContentStoreOptions): Promise<ContentStore> {
  const store = new Store(options)
  await store.open()
  return store
}

class Store implements ContentStore {
  readonly #on: ContentStoreOptions
  readonly #listeners = new Set<(content: Content) => void>()
  readonly #closers: { close(): Promise<void> }[] = []
  #live: { content: Content; files: FileSet } | undefined
  #folder: LoadedFolder | undefined
  #waiting: Waiting | undefined
  /** One thing at a time: a reload and a publication heard of meanwhile do not cross. */
  #queue: Promise<void> = Promise.resolve()
  #cancelRetry = (): void => undefined
  #closed = false

  constructor(options: ContentStoreOptions) {
    this.#on = options
  }

  async open(): Promise<void> {
    const { dir, db, clock, log, watch = true } = this.#on
    // The watch first: what is saved while the folder is being read is read again.
    if (watch) this.#closers.push(await watchFolder(dir, clock, log, () => this.#soon(() => this.#reload())))
    try {
      await this.#read()
      await this.#follow()
      await this.#promote()
      if (!this.#live) await this.#standIn()
    } catch (error) {
      await this.close()
      throw error
    }
    const heard = (): void => this.#soon(() => this.#follow())
    this.#closers.push(listenForPublications(db, { clock, log, heard }))
  }

  current(): Content {
    if (!this.#live) throw new UsageError({ code: 'content-closed', message: 'The content is not open.' })
    return this.#live.content
  }

  onChange(listener: (content: Content) => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  findings(): readonly Finding[] {
    return this.#folder?.findings ?? []
  }

  waiting(): Waiting | undefined {
    return this.#waiting
  }

  async close(): Promise<void> {
    this.#closed = true
    this.#cancelRetry()
    await Promise.all(this.#closers.map((one) => one.close()))
    await this.#queue
  }

  /** Runs in turn; whatever goes wrong (the database is down) is tried again until it works. */
  #soon(run: () => Promise<void>): void {
    this.#queue = this.#queue.then(async () => {
      if (this.#closed) return
      try {
        await run()
      } catch (error) {
        this.#on.log.warn({ err: error }, 'content cannot be brought up to date')
        this.#cancelRetry()
        this.#cancelRetry = this.#on.clock.after(retryMs, () => {
          this.#soon(() => this.#follow())
          this.#soon(() => this.#reload())
        })
      }
    })
  }

  /** Takes over the version that the database says is live. */
  async #follow(): Promise<void> {
    const { db, registry, log, alarms } = this.#on
    const id = await liveVersion(db)
    if (id === undefined || id === this.#live?.content.version) return
    const files = (await findVersion(db, id))?.files
    const loaded = files && (this.#folder?.content?.version === id ? this.#folder : loadFiles(files, registry))
    if (files && loaded?.content) {
      alarms.clear('bad-content:live')
      const mine = this.#folder?.content?.version
      // Somebody rolled back what this folder holds. Asked before the change is seen, so that both are seen at once.
      const takenBack = mine !== undefined && mine !== id && (await isTakenBack(db, mine))
      if (mine === id) this.#waiting = undefined
      else if (takenBack) this.#waiting = 'taken-back'
      this.#use(loaded.content, files)
      return
    }
    log.error({ version: id, findings: loaded?.findings.length }, 'the live content does not fit this program')
    alarms.raise({
      key: 'bad-content:live',
      severity: 'critical',
      code: 'bad-content',
      message: 'The live content does not fit this program; the last one that does is kept.',
      details: { version: id },
    })
  }

  async #reload(): Promise<void> {
    await this.#read()
    await this.#promote()
  }

  async #read(): Promise<void> {
    this.#folder = await loadFolder(this.#on.dir, this.#on.registry, { before: this.#folder })
    this.#tellAlarm(this.#folder)
  }

  /** Makes live what of the folder may go live by itself. */
  async #promote(): Promise<void> {
    const { registry, db, clock } = this.#on
    const folder = this.#folder
    if (!folder?.content) return
    const rules = folder.content.settings(registry.content).publish
    const live = this.#live
    const files = live ? withHeldBack(folder.files, live.files, registry, rules) : folder.files
    const version = versionOf(files)
    this.#waiting = version === folder.content.version ? undefined : 'manual'
    if (version === live?.content.version) return
    const { content } = version === folder.content.version ? folder : loadFiles(files, registry)
    // Files that wait and files that do not may only be good together: then all of them wait.
    if (!content) return
    if (live && (await isTakenBack(db, version))) {
      this.#waiting = 'taken-back'
      return
    }
    await publishVersion(db, version, { files, bytes: folder.bytes }, { by: 'auto', person: false, now: clock.now() })
    this.#use(content, files)
  }

  /** At the start, when neither the live version fits nor the folder may go live by itself. */
  async #standIn(): Promise<void> {
    const { db, clock } = this.#on
    const folder = this.#folder
    if (!folder?.content) {
      throw new UsageError({
        code: 'content-bad',
        message: `The content cannot go live, and no earlier version can stand in.\n\n${formatFindings(folder?.findings ?? [])}`,
        context: { findings: folder?.findings },
      })
    }
    const { version } = folder.content
    await publishVersion(db, version, folder, { by: 'auto', person: false, now: clock.now() })
    this.#use(folder.content, folder.files)
  }

  #use(content: Content, files: FileSet): void {
    this.#live = { content, files }
    this.#on.log.info({ version: content.version }, 'content is live')
    for (const listener of this.#listeners) {
      try {
        listener(content)
      } catch (error) {
        this.#on.log.error({ err: error }, 'a listener failed on new content')
      }
    }
  }

  #tellAlarm({ content, findings }: LoadedFolder): void {
    const { alarms, log } = this.#on
    if (content) {
      alarms.clear('bad-content')
      return
    }
    const errors = findings.filter(({ severity }) => severity === 'error')
    const places = errors.slice(0, 3).map(({ file, line, column }) => `${file}:${line}:${column}`)
    log.warn({ errors: errors.length, places }, 'content is bad and stays out')
    alarms.raise({
      key: 'bad-content',
      severity: 'warning',
      code: 'bad-content',
      message: `The content folder has errors and is not live: ${places.join(', ')}. Run \`zhanggui check\`.`,
      details: { errors: errors.length },
    })
  }
}
