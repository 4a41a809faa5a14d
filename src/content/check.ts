import type { Finding } from '../kernel/content.ts'
import { loadFolder } from './load.ts'
import type { Registry } from './registry.ts'

/** Every problem of a content folder, by file and place. It is fit to go live when none of them is an error. */
export async function checkContent(dir: string, registry: Registry): Promise<Finding[]> {
  return (await loadFolder(dir, registry)).findings
}
