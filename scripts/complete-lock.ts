/**
 * Completes package-lock.json with the optional packages of other platforms that the registry at hand did not serve
 * when npm wrote it. Without them `npm ci` refuses the lock file («Missing: … from lock file»). npm skips what is not
 * for its machine, so an entry needs a version and a platform, no more. Run it after every npm install.
 *
 * With `--check` it changes nothing and exits 1 when something is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs'

type Entry = {
  version?: string
  dev?: boolean
  optional?: boolean
  os?: string[]
  cpu?: string[]
  libc?: string[]
  resolved?: string
  optionalDependencies?: Record<string, string>
}
type Lock = { packages: Record<string, Entry> }

const path = new URL('../package-lock.json', import.meta.url)
const systems = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32']
const processors = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64']

/** The platform that names such as `binding-linux-arm64-musl` carry. */
export function platformOf(name: string): Pick<Entry, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.split(/[/-]/)
  const os = words.filter((word) => systems.includes(word)).slice(-1)
  const cpu = words.filter((word) => processors.includes(word)).slice(-1)
  if (os.length === 0 && cpu.length === 0) return undefined
  const libc = words.includes('musl') ? ['musl'] : words.includes('gnu') ? ['glibc'] : []
  return { cpu: some(cpu), libc: some(libc), os: some(os) }
}

function some(words: string[]): string[] | undefined {
  return words.length > 0 ? words : undefined
}

/** Optional packages that some package wants and the lock file does not have, by their place in node_modules. */
export function missingFrom({ packages }: Lock): Map<string, Entry> {
  const missing = new Map<string, Entry>()
  for (const [place, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    for (const [name, version] of Object.entries(optionalDependencies)) {
      if (isFound(packages, place, name)) continue
      const platform = platformOf(name)
      if (!platform || !/^\d/.test(version)) throw new Error(`${place} wants ${name}@${version}: for which platform?`)
      // Fields in npm's own order, so that its next run changes nothing.
      const { cpu, libc, os } = platform
      const entry = { version, cpu, dev, libc, optional: true, os }
      missing.set(`node_modules/${name}`, JSON.parse(JSON.stringify(entry)) as Entry)
    }
  }
  return missing
}

/** npm looks in the package's own node_modules, then in those of the packages around it. */
function isFound(packages: Lock['packages'], from: string, name: string): boolean {
  const around = from.split('/node_modules/')
  const folders = around.map((_, depth) => `${around.slice(0, depth + 1).join('/node_modules/')}/node_modules`)
  return ['node_modules', ...folders].some((folder) => packages[`${folder}/${name}`])
}

if (import.meta.main) {
  const lock = JSON.parse(readFileSync(path, 'utf8')) as Lock
  const missing = missingFrom(lock)
  for (const [place] of missing) console.log(`missing: ${place}`)
  if (process.argv.includes('--check')) process.exit(missing.size === 0 ? 0 : 1)
  for (const entry of Object.values(lock.packages)) delete entry.resolved
  const [root, ...others] = [...Object.entries(lock.packages), ...missing]
  others.sort(([one], [other]) => one.localeCompare(other, 'en'))
  lock.packages = Object.fromEntries([root!, ...others])
  writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`)
}
