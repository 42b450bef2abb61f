/**
 * oxlint plugin: who may import whom. The table is the one of docs/design; a folder that is not in it is refused,
 * so that a new room is thought about before it is used.
 */
import path from 'node:path'

const CONTRACTS = 'harness/contracts'

/** Rooms that every room above the lowest may import. */
const FLOOR = [CONTRACTS, 'harness/linux']

/** Rooms that compute figures. */
const FIGURES = [CONTRACTS, 'harness/statistics']

/** Rooms that write sentences about figures. */
const JUDGED = [...FIGURES, 'reports/summary', 'reports/format']

/**
 * The first row whose room holds the file decides; `*` stands for one name. What a room may import is given by
 * folders; its own files it may always import. `tests` comes on top in `*.test.ts`.
 */
const ROOMS = [
  { room: 'harness/main.ts', imports: ['harness'] },
  { room: 'harness/rooms.ts', imports: ['harness/cli', 'drivers', 'scenarios', 'reports'] },
  { room: 'harness/contracts', imports: [] },
  { room: 'harness/statistics', imports: [CONTRACTS] },
  { room: 'harness/linux', imports: [CONTRACTS] },
  { room: 'harness/terminal', imports: [CONTRACTS] },
  { room: 'harness/plan', imports: [...FLOOR, 'harness/statistics'] },
  { room: 'harness/measurement', imports: [...FLOOR, 'harness/statistics'] },
  { room: 'harness/host', imports: FLOOR },
  { room: 'harness/journal', imports: FLOOR },
  { room: 'harness/results', imports: FLOOR },
  {
    room: 'harness/runner',
    imports: [...FLOOR, 'harness/measurement', 'harness/statistics', 'harness/journal', 'harness/results'],
  },
  { room: 'harness/remote/ssh', imports: FLOOR },
  { room: 'harness/remote/job', imports: [...FLOOR, 'harness/results'] },
  { room: 'harness/remote/fleet', imports: [...FLOOR, 'harness/remote/ssh', 'harness/results'] },
  { room: 'harness/lab', imports: [...FLOOR, 'harness/remote/ssh'] },
  {
    room: 'harness/selftest/validation',
    imports: [...FLOOR, 'harness/plan', 'harness/statistics'],
    tests: ['drivers', 'scenarios'],
  },
  { room: 'harness/selftest/simulation', imports: FIGURES },
  // `npm run bench:history`: a program of its own that runs the built program on simulated runs.
  { room: 'harness/selftest/history', imports: [...FLOOR, 'harness/selftest/simulation'] },
  // `npm run bench:faults`: a program of its own that tries to make bench harm a machine of its own.
  { room: 'harness/selftest/faults', imports: ['harness', 'drivers', 'scenarios'] },
  // `npm run bench:reference`: a program of its own that compares the harness with C.
  { room: 'harness/selftest/reference', imports: ['harness', 'drivers', 'scenarios'] },
  { room: 'harness/cli', imports: ['harness'] },
  { room: 'harness/testing', imports: ['harness'] },
  { room: 'drivers/index.ts', imports: [CONTRACTS, 'drivers'] },
  { room: 'drivers/index.test.ts', imports: [...FLOOR, 'drivers', 'scenarios', 'harness/plan'] },
  { room: 'drivers/common', imports: FLOOR, tests: ['drivers/testsuite'] },
  { room: 'drivers/testsuite', imports: [...FLOOR, 'drivers', 'harness/host', 'harness/testing'] },
  { room: 'drivers/*', imports: [...FLOOR, 'drivers/common'], tests: ['drivers/testsuite'] },
  { room: 'scenarios', imports: [...FLOOR, 'harness/statistics'] },
  // What judges, from the bottom up, then what draws. A file beside these folders lies in no room.
  { room: 'reports/summary', imports: FIGURES, tests: ['reports/testing'] },
  { room: 'reports/format', imports: [CONTRACTS, 'reports/summary'], tests: ['reports/testing'] },
  { room: 'reports/verdict', imports: JUDGED, tests: ['reports/testing'] },
  { room: 'reports/compare', imports: [...JUDGED, 'reports/verdict'], tests: ['reports/testing'] },
  {
    room: 'reports/fleet',
    imports: [...JUDGED, 'reports/verdict', 'reports/compare'],
    tests: ['reports/testing'],
  },
  {
    room: 'reports/history',
    imports: [...JUDGED, 'reports/verdict', 'reports/compare'],
    tests: ['reports/testing'],
  },
  { room: 'reports/export', imports: [...JUDGED, 'reports/compare'], tests: ['reports/testing'] },
  {
    room: 'reports/claims',
    imports: JUDGED,
    tests: ['reports/testing', 'drivers', 'scenarios', 'harness/plan'],
  },
  // Runs in the browser; what it draws is all that it knows of.
  { room: 'reports/render/html/client', imports: ['reports/render/html/view/chart-spec.ts'] },
  {
    room: 'reports/render',
    imports: [
      ...JUDGED,
      'reports/verdict',
      'reports/compare',
      'reports/fleet',
      'reports/history',
      'reports/claims',
      'harness/terminal',
    ],
    tests: ['reports/testing'],
  },
  { room: 'reports/index.ts', imports: [CONTRACTS, 'reports'] },
  { room: 'reports/testing', imports: [CONTRACTS, 'harness/statistics', 'reports'] },
]

/** What every test may import beside what its room may. */
const TESTS = ['harness/testing', 'harness/host']

/** The composition root imports; it is not imported but by itself, and by the tests that run a command line in their own process. */
const ROOTS = new Map([
  ['harness/main.ts', []],
  ['harness/rooms.ts', ['harness/main.ts', 'harness/cli/testing']],
])

const holds = (folder, file) => file === folder || file.startsWith(`${folder}/`)

/** The row of the table for a file, with the room's name filled in; null when there is none. */
function rowOf(file) {
  for (const row of ROOMS) {
    const depth = row.room.split('/').length
    const room = row.room.endsWith('/*') ? file.split('/').slice(0, depth).join('/') : row.room
    const named = row.room.endsWith('/*') ? path.posix.dirname(room) === path.posix.dirname(row.room) : true
    if (named && holds(room, file)) return { ...row, room }
  }
  return null
}

/** Why `file` may not import `target` (both relative to the repository's root), or null when it may. */
export function refusal(file, target) {
  const row = rowOf(file)
  if (row === null) return `${file} lies in no room: add it to the table in lint/rooms.js and docs/design`
  const seers = ROOTS.get(target)
  if (seers !== undefined && !seers.some((folder) => holds(folder, file)))
    return `${target} sees every room and is seen by ${seers.join(', ') || 'none'}`
  if (holds(row.room, target)) return null
  const isTest = file.endsWith('.test.ts')
  const allowed = isTest ? [...row.imports, ...TESTS, ...(row.tests ?? [])] : row.imports
  if (allowed.some((folder) => holds(folder, target))) return null
  const list = row.imports.length === 0 ? 'nothing of ours' : `${row.imports.join(', ')} and itself alone`
  return `${row.room} may import ${list}, not ${target}`
}

const OURS = /^(?:harness|drivers|scenarios|reports)\//

const imports = {
  create(context) {
    const relative = (file) => path.relative(context.cwd, file).split(path.sep).join('/')
    const file = relative(context.filename)
    if (!OURS.test(file)) return {}
    const check = (source) => {
      if (source?.type !== 'Literal' || typeof source.value !== 'string' || !source.value.startsWith('.'))
        return
      const target = relative(path.resolve(path.dirname(context.filename), source.value))
      // Files at the root, package.json for one, belong to no room.
      if (!OURS.test(target)) return
      const message = refusal(file, target)
      if (message !== null) context.report({ node: source, message })
    }
    return {
      ImportDeclaration: (node) => check(node.source),
      ImportExpression: (node) => check(node.source),
      ExportNamedDeclaration: (node) => check(node.source),
      ExportAllDeclaration: (node) => check(node.source),
      TSImportType: (node) => check(node.source),
    }
  },
}

export default { meta: { name: 'rooms' }, rules: { imports } }
