/** Writes the JSON Schemas of the content files, and the editor's map to them: `node scripts/content-schemas.ts [DIR]`. */
import { registry } from '../src/app/registry.ts'
import { writeJsonSchemas } from '../src/content/index.ts'

const dir = process.argv[2] ?? 'content'
for (const path of await writeJsonSchemas(dir, registry)) process.stdout.write(`${dir}/${path}\n`)
