/** Secrets under a key that every test may know. */
import type { Database } from '../../src/kernel/db.ts'
import { type KeptSecrets, openSecrets } from '../../src/kernel/secrets.ts'

export const testKey = '00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff'

export function testSecrets(db: Database): Promise<KeptSecrets> {
  return openSecrets(db, { key: testKey, dataDir: '/nowhere' }, new Date('2026-03-02T02:00:00Z'))
}
