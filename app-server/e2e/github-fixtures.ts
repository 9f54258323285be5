// A bench with the GitHub provider and a pretended GitHub behind it, where two people have repositories.
import { GitHubFake, type GitHubFakeOptions, type GitHubRepository } from '@sekisho/fakes'
import { github } from '../src/providers/github/github.js'
import type { Caller } from '../src/providers/provider.js'
import { type Bench, noServices, openBench, steadyToken } from './provider-bench.js'

export interface GitHubBench {
  readonly fake: GitHubFake
  readonly bench: Bench
  /** Hana of the fake: the owner of hana/garden. */
  readonly hana: Caller
  /** Kenji of the fake, who may write to hana/garden and to nothing else of hers. */
  readonly kenji: Caller
  readonly garden: GitHubRepository
  /** Calls a tool as Hana, on hana/garden unless told. */
  ask<Output = Record<string, unknown>>(tool: string, given?: Record<string, unknown>): Promise<Output>
  close(): Promise<void>
}

export const readme = '# Garden\n\nWhat grows, and when.\n'

export async function openGitHubBench(options: GitHubFakeOptions = {}, scopes = ['repo']): Promise<GitHubBench> {
  const fake = await new GitHubFake(options).listen()
  const garden = fake.repository({
    owner: 'hana',
    name: 'garden',
    private: true,
    description: 'Plans of a small garden',
    topics: ['garden'],
    language: 'TypeScript',
    collaborators: { kenji: 'write' },
    files: { 'README.md': readme, 'src/beds.ts': 'export const beds = 4\n', 'src/plants/basil.ts': 'export {}\n' },
  })
  const logins = new Map<string, string>()
  const tokens = new Map<string, string>()
  const bench = await openBench([github], {
    services: { ...noServices, github: fake.services },
    hosts: fake.hosts,
    accountOf({ userId }) {
      const login = logins.get(userId) ?? ''
      return { account: { id: login, label: login, details: {} }, tokens: steadyToken(tokens.get(login) ?? '') }
    },
  })
  const join = async (login: string) => {
    const person = await bench.person(login)
    logins.set(person.userId, login)
    tokens.set(login, fake.personalToken(login, scopes))
    return person
  }
  const [hana, kenji] = [await join('hana'), await join('kenji')]
  return {
    fake,
    bench,
    hana,
    kenji,
    garden,
    ask(name, given = {}) {
      const tool = github.tools.find((one) => one.name === `github.${name}`)
      const where = tool && 'repository' in tool.input.shape ? { repository: 'hana/garden' } : {}
      return bench.call(hana, `github.${name}`, { ...where, ...given })
    },
    async close() {
      await bench.close()
      await fake.close()
    },
  }
}
