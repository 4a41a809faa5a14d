/** New files for a person to fill in, as `zhanggui new` writes them. */
import { access, mkdir, writeFile } from 'node:fs/promises'
import { dirname, join, posix } from 'node:path'
import { modeline } from './json-schema.ts'
import type { Kind, Registry } from './registry.ts'
import { nearest } from './suggest.ts'

export type SkeletonResult =
  | { kind: 'written'; path: string }
  | { kind: 'refused'; reason: 'unknown-kind'; near: string | undefined; known: string[] }
  | { kind: 'refused'; reason: 'bad-id'; id: string }
  | { kind: 'refused'; reason: 'exists'; path: string }

/** An id becomes a file name: letters of any script, digits, hyphens and underscores. */
const idForm = /^[\p{L}\p{N}][\p{L}\p{N}_-]*$/u

/**
 * Writes a valid item of a kind (`faq`, later `drop`, …) into the folder. Without an id the first free one of
 * `new-1`, `new-2` … is taken. `path` is relative to the folder. Never overwrites.
 */
export async function newSkeleton(
  dir: string,
  { registry, kind: name, id }: { registry: Registry; kind: string; id?: string },
): Promise<SkeletonResult> {
  const known = registry.kinds.filter((kind) => 'skeleton' in kind).map((kind) => kind.name)
  const kind = registry.kinds.find((one) => one.name === name && 'skeleton' in one)
  if (!kind) return { kind: 'refused', reason: 'unknown-kind', near: nearest(name, known), known }
  if (id !== undefined && !idForm.test(id)) return { kind: 'refused', reason: 'bad-id', id }
  const skeleton = await freeSkeleton(dir, kind, id)
  if (!skeleton) return { kind: 'refused', reason: 'exists', path: kind.skeleton?.(id ?? '').path ?? '' }
  const head = /\.ya?ml$/.test(skeleton.path) ? modeline(kind.name, posix.dirname(skeleton.path)) : ''
  await mkdir(dirname(join(dir, skeleton.path)), { recursive: true })
  await writeFile(join(dir, skeleton.path), head + skeleton.text, { flag: 'wx' })
  return { kind: 'written', path: skeleton.path }
}

async function freeSkeleton(
  dir: string,
  kind: Kind,
  id: string | undefined,
): Promise<{ path: string; text: string } | undefined> {
  for (let number = 1; ; number += 1) {
    const skeleton = kind.skeleton?.(id ?? `new-${number}`)
    const taken = skeleton && (await isThere(join(dir, skeleton.path)))
    if (!taken) return skeleton
    if (id !== undefined) return undefined
  }
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
