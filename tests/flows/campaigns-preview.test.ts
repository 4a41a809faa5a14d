/** A drop shown to our own people before anybody else gets it. */
import { expect, test } from 'vitest'
import { preview, previewOf } from '../../src/domains/campaigns/index.ts'
import { campaignStage, dropFile } from '../support/campaigns.ts'

const groupOf = `WITH room AS (
    INSERT INTO room (id, realm, room_id, topic, rule, speaker, first_seen_at)
    VALUES (gen_random_uuid(), 'default', $1, $1, $2, 'main', now()) RETURNING id
  ), ours AS (INSERT INTO group_account (group_id, account, since) SELECT id, 'main', now() FROM room)
  INSERT INTO thread (id, kind, group_id, created_at) SELECT gen_random_uuid(), 'group', id, now() FROM room`

test('each variant goes to the groups that settings name, by their rules and by their own ids, and to nobody else', async () => {
  const stage = await campaignStage({
    at: '2026-12-01T10:00:00+08:00',
    customers: 3,
    files: {
      'settings.yaml': 'brand: { name: 青屿, zone: Asia/Shanghai }\ncampaigns: { testGroups: [staff, r-named] }\n',
      'groups.yaml': `groups:
  - { id: staff, title: 自己人, match: { topics: ['测试*'] } }
  - { id: vip, title: VIP, match: { topics: ['青屿*'] } }
`,
      'campaigns/hello.md': dropFile(
        'hello',
        { title: '问候', variants: '{ A: 50, B: 50 }' },
        '# A\n{{ name | default: "亲" }}，晚上好。\n# B\n新品到了。',
      ),
    },
  })
  await stage.rows(groupOf, ['r-staff', 'staff'])
  await stage.rows(groupOf, ['r-named', null])
  await stage.rows(groupOf, ['r-customers', 'vip'])
  const at = stage.clock.now()
  const asked = await previewOf(stage.db.pool, stage.content(), { campaign: 'hello', by: 'boss' }, { at, key: 'once' })
  expect(asked.groups).toBe(2)
  const { lock, payload } = asked.wish
  await stage.house.accept({
    ...{ account: '', key: 'preview', at },
    what: { kind: 'SliceEvent', name: preview, lock, payload },
  })
  await stage.tick()
  const sent = await stage.rows<{ room: string; text: string }>(
    `SELECT r.room_id AS room, string_agg(o.body ->> 'text', '|' ORDER BY o.id) AS text FROM outbox o
     JOIN thread t ON t.id = o.thread_id JOIN room r ON r.id = t.group_id GROUP BY 1 ORDER BY 1`,
  )
  expect(sent.map(({ room }) => room)).toEqual(['r-named', 'r-staff'])
  for (const { text } of sent) expect(text).toMatch(/问候.+晚上好。.+问候.+新品到了。/u)
})
