// What is in the demo's pretended GitHub: two people at work on a small web shop, with issues, a pull request and runs.

const dayMs = 86_400_000

/** @param {import('@sekisho/fakes').GitHubFake} gitHub */
export function fillGitHub(gitHub) {
  const shop = gitHub.repository({
    owner: 'hana',
    name: 'web-shop',
    description: 'The web shop of Matsu Trading',
    topics: ['shop', 'checkout'],
    language: 'TypeScript',
    collaborators: { kenji: 'write' },
    createdAt: ago(60),
    files: {
      'README.md': '# Web shop\n\nSells tea, bowls and fans.\n\n## Run it\n\n```\nnpm start\n```\n',
      'src/total.ts': totalFile('Math.round(sum) * (1 - discount)'),
      'src/postal-code.ts': 'export const isPostalCode = (text: string) => /^\\d{3}-?\\d{4}$/.test(text)\n',
      'docs/releasing.md': '# Releasing\n\n1. The tests pass.\n2. Somebody else has looked.\n3. Not on a Friday.\n',
    },
  })
  const rounding = shop.issue({
    title: 'The total is rounded before the discount',
    body: 'Three items at 333 yen with 10 percent off: the page says 899, the receipt 900.',
    labels: ['bug'],
    assignees: ['hana'],
    author: 'kenji',
    createdAt: ago(3),
  })
  shop.comment(rounding, 'Seen it. `total.ts` rounds too early.', { createdAt: ago(2) })
  shop.comment(rounding, 'The receipt is right, so the page must follow it.', { author: 'kenji', createdAt: ago(2) })
  shop.issue({
    title: 'Fill in the address from the postal code',
    body: '- [x] load the list every night\n- [ ] fill in prefecture and town\n- [ ] leave the fields open to corrections',
    labels: ['enhancement'],
    assignees: ['kenji'],
    createdAt: ago(12),
  })
  shop.issue({ title: 'Show the shop in Japanese', labels: ['enhancement', 'good first issue'], createdAt: ago(20) })

  shop.branch('round-last')
  shop.commit(
    { 'src/total.ts': totalFile('Math.round(sum * (1 - discount))') },
    { branch: 'round-last', message: 'Round the total last', date: ago(1) },
  )
  shop.pull({
    title: 'Round the total last',
    body: 'The discount is taken first, as on the receipt. Closes #1.',
    head: 'round-last',
    createdAt: ago(1),
  })

  const tests = shop.workflow('Tests', 'tests.yml')
  shop.run(tests, { createdAt: ago(3), jobs: [{ name: 'test', steps: [['npm test', 'success']], log: '42 passed\n' }] })
  shop.run(tests, {
    branch: 'round-last',
    event: 'pull_request',
    conclusion: 'failure',
    createdAt: ago(1),
    jobs: [
      {
        name: 'test',
        steps: [['npm test', 'failure']],
        log: 'FAIL src/total.test.ts\n  total › rounds a half up\n    Expected: 900\n    Received: 899\n41 passed, 1 failed\n',
      },
    ],
  })
  gitHub.repository({
    owner: 'kenji',
    name: 'dotfiles',
    private: true,
    description: 'Only for me',
    files: { 'README.md': 'Mine.\n' },
  })
}

/** @param {string} rounded */
function totalFile(rounded) {
  return `export function total(prices: number[], discount: number): number {
  const sum = prices.reduce((before, price) => before + price, 0)
  return ${rounded}
}
`
}

/** @param {number} days */
function ago(days) {
  return new Date(Date.now() - days * dayMs).toISOString()
}
