// Who may import whom: the floor plan of docs/architecture.md. Run by scripts/check-imports.ts.
import type { IConfiguration, IForbiddenRuleType } from 'dependency-cruiser'

const repo = '/repo(\\.ts$|/)'
// Resolved, a package is node_modules/<name>/…; where it is not installed, its bare name.
const packages = (...names: string[]) => `(^|(^|/)node_modules/)(${names.join('|')})(/|$)`

/** Files below `from` may import ours only below `may` (and their own folder). */
function only(name: string, from: string, may: string[], comment: string): IForbiddenRuleType {
  const allowed = [from, ...may].map((folder) => folder.replace(/^\^/, ''))
  return {
    name,
    comment,
    severity: 'error',
    from: { path: from },
    to: { path: '^src/', pathNot: allowed.map((folder) => `^${folder}`) },
  }
}

const frontDoor = 'src/domains/[^/]+/index\\.ts$'

export const forbidden: IForbiddenRuleType[] = [
  only('kernel-imports-nothing-of-ours', '^src/kernel/', [], 'Everything stands on the kernel; it stands on nothing.'),
  only('gateways-import-kernel', '^src/gateways/', ['src/kernel/'], 'No reply logic lives in a gateway.'),
  only('content-imports', '^src/content/', ['src/kernel/', 'src/media/'], 'Slices declare their kinds to the kernel.'),
  only('media-imports-kernel', '^src/media/', ['src/kernel/'], 'Pictures and files know no domain.'),
  only('delivery-imports', '^src/delivery/', ['src/kernel/', 'src/media/', frontDoor], 'The one door out.'),
  only('desk-imports', '^src/desk/', ['src/kernel/', 'src/media/', frontDoor], 'The desk asks domains by their index.'),
  only('env-imports-kernel', '^src/env\\.ts$', ['src/kernel/'], 'The environment is read before anything else.'),
  {
    name: 'domains-import-kernel-and-media',
    comment: 'What a domain wants from others it asks for by an effect or a registered name.',
    severity: 'error',
    from: { path: '^src/domains/' },
    to: { path: '^src/', pathNot: '^src/(kernel|media|domains)/' },
  },
  {
    name: 'domains-import-few-domains',
    comment: 'Members for all; tags→orders; segments→tags, orders; campaigns→segments; each by its front door.',
    severity: 'error',
    from: { path: '^src/domains/([^/]+)/' },
    to: {
      path: '^src/domains/',
      pathNot: ['^src/domains/$1/', '^src/domains/(members|orders|tags|segments)/(index|schema)\\.ts$'],
    },
  },
  {
    name: 'orders-for-tags-and-segments',
    severity: 'error',
    from: { path: '^src/domains/', pathNot: '^src/domains/(orders|tags|segments)/' },
    to: { path: '^src/domains/orders/' },
  },
  {
    name: 'tags-for-segments',
    severity: 'error',
    from: { path: '^src/domains/', pathNot: '^src/domains/(tags|segments)/' },
    to: { path: '^src/domains/tags/' },
  },
  {
    name: 'segments-for-campaigns',
    severity: 'error',
    from: { path: '^src/domains/', pathNot: '^src/domains/(segments|campaigns)/' },
    to: { path: '^src/domains/segments/' },
  },
  {
    name: 'app-uses-the-front-door',
    comment: 'What the wiring needs of a slice stands in its index.ts.',
    severity: 'error',
    from: { path: '^src/(app/|main\\.ts$)' },
    to: { path: '^src/domains/', pathNot: `^${frontDoor}` },
  },
  {
    name: 'nobody-imports-the-wiring',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/(app/|main\\.ts$)' },
    to: { path: '^src/(app/|main\\.ts$|env\\.ts$)' },
  },
  {
    name: 'prisma-in-repos',
    comment: 'The Prisma client only in repo files, the desk and kernel/db.ts.',
    severity: 'error',
    from: { path: '^src/', pathNot: [repo, '^src/desk/', '^src/kernel/'] },
    to: { path: ['^src/kernel/prisma/', packages('@prisma', 'prisma')] },
  },
  {
    name: 'sql-in-repos',
    comment: 'SQL only in repo files and the kernel.',
    severity: 'error',
    from: { path: '^src/', pathNot: [repo, '^src/kernel/'] },
    to: { path: packages('pg', '@types/pg') },
  },
  {
    name: 'wechaty-in-gateways',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/gateways/' },
    to: { path: packages('wechaty[^/]*', 'file-box') },
  },
  {
    name: 'decide-is-pure',
    comment: 'decide.ts gets its state as an argument: no repo, no connection, no clock.',
    severity: 'error',
    from: { path: '/decide(\\.ts$|/)' },
    to: {
      path: [repo, '^src/kernel/(db|clock|ids|accept|handle|jobs|log|postgres|prisma)', '^src/gateways/'],
    },
  },
  {
    name: 'no-circle',
    comment: 'What imports itself in a circle cannot be read from either end.',
    severity: 'error',
    from: { path: '^src/', pathNot: '^src/kernel/prisma/' },
    to: { circular: true },
  },
  {
    name: 'src-needs-no-development',
    severity: 'error',
    from: { path: '^src/' },
    to: { path: '^(tests|scripts)/' },
  },
  {
    name: 'src-needs-no-dev-dependency',
    severity: 'error',
    from: { path: '^src/' },
    to: { dependencyTypes: ['npm-dev', 'npm-no-pkg'], dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'nothing-unresolved',
    severity: 'error',
    from: { path: '^(src|tests|scripts)/' },
    to: { couldNotResolve: true },
  },
]

export const options: IConfiguration['options'] = {
  // Follows `import type` too: a type is a dependency on the folder that owns it.
  tsPreCompilationDeps: true,
  doNotFollow: { path: ['node_modules', '^src/kernel/prisma/'] },
}
