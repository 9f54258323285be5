// A person at a browser without scripts: keeps cookies, follows our redirects, fills in forms.

/** Most redirects followed for one step. */
const maxRedirects = 10

export interface FormOnPage {
  action: string
  method: 'get' | 'post'
  /** Names and values as they stand on the page; checked boxes only. */
  fields: [string, string][]
  /** name=value of its buttons. */
  buttons: [string, string][]
  text: string
}

/** Where a step ended: a page of ours, or the first address outside the origins the person was given. */
export interface Page {
  url: URL
  status: number
  headers: Headers
  body: string
  forms: FormOnPage[]
}

export class Person {
  private readonly cookies = new Map<string, string>()

  /** @param origins those the person's browser may open; a redirect elsewhere ends the step. */
  constructor(
    readonly origins: readonly string[],
    private readonly extraHeaders: Record<string, string> = {},
  ) {}

  /** The cookie the browser holds now, if any. */
  cookie(name: string): string | undefined {
    return this.cookies.get(name)
  }

  setCookie(name: string, value: string): void {
    this.cookies.set(name, value)
  }

  open(address: string | URL): Promise<Page> {
    return this.go('GET', new URL(address, this.origins[0]))
  }

  /** Sends a form with its fields, changed or added to by `changes` (undefined removes), as if `button` was pressed. */
  submit(
    page: Page,
    form: FormOnPage,
    changes: Record<string, string | undefined> = {},
    button?: string,
  ): Promise<Page> {
    const kept = form.fields.filter(([name]) => !(name in changes))
    const added = Object.entries(changes).filter((entry): entry is [string, string] => entry[1] !== undefined)
    const pressed = form.buttons.filter(
      ([name, value]) => button !== undefined && (name === button || value === button),
    )
    const body = new URLSearchParams([...kept, ...added, ...pressed.slice(0, 1)])
    const target = new URL(form.action || page.url, page.url)
    if (form.method === 'get') {
      target.search = body.toString()
      return this.go('GET', target)
    }
    return this.go('POST', target, body, page.url.origin)
  }

  /** Any request with the person's cookies, redirects not followed. */
  async request(method: string, url: URL, body?: URLSearchParams, origin?: string): Promise<Response> {
    const response = await fetch(url, {
      method,
      redirect: 'manual',
      signal: AbortSignal.timeout(15_000),
      headers: {
        accept: 'text/html,application/xhtml+xml,*/*;q=0.8',
        ...(this.cookies.size > 0
          ? { cookie: [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ') }
          : {}),
        ...(origin === undefined ? {} : { origin }),
        ...this.extraHeaders,
      },
      ...(body === undefined ? {} : { body }),
    })
    for (const line of response.headers.getSetCookie()) this.keep(line)
    return response
  }

  private async go(method: string, url: URL, body?: URLSearchParams, origin?: string): Promise<Page> {
    for (let hop = 0; hop <= maxRedirects; hop++) {
      if (!this.origins.includes(url.origin)) {
        return { url, status: 0, headers: new Headers(), body: '', forms: [] }
      }
      const response = await this.request(method, url, body, origin)
      const location = response.headers.get('location')
      const text = await response.text()
      if (location === null || response.status < 300 || response.status > 399) {
        return { url, status: response.status, headers: response.headers, body: text, forms: formsOf(text) }
      }
      url = new URL(location, url)
      if (response.status !== 307 && response.status !== 308) {
        method = 'GET'
        body = undefined
        origin = undefined
      }
    }
    throw new Error(`more than ${maxRedirects} redirects, the last to ${url}`)
  }

  private keep(line: string): void {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim())
    const cut = pair.indexOf('=')
    const name = pair.slice(0, cut)
    const value = pair.slice(cut + 1)
    const gone = attributes.some((attribute) => {
      const [key = '', given = ''] = attribute.split('=')
      if (key.toLowerCase() === 'max-age') return Number(given) <= 0
      return key.toLowerCase() === 'expires' && Date.parse(given) <= Date.now()
    })
    if (gone) this.cookies.delete(name)
    else this.cookies.set(name, value)
  }
}

/** Signs in by the development sign-in and ends where `returnTo` leads. */
export async function signIn(person: Person, name: string, email: string, returnTo = '/'): Promise<Page> {
  const page = await person.open(`/auth/login?returnTo=${encodeURIComponent(returnTo)}`)
  const form = page.forms.find(({ fields }) => fields.some(([field]) => field === 'email'))
  if (!form) throw new Error(`no sign-in form at ${page.url} (${page.status})`)
  return person.submit(page, form, { name, email })
}

/** The forms of a page that our own server rendered: attributes in double quotes, texts escaped. */
export function formsOf(html: string): FormOnPage[] {
  return [...html.matchAll(/<form\b([^>]*)>(.*?)<\/form>/gs)].map(([, attributes = '', inner = '']) => ({
    action: attributeOf(attributes, 'action') ?? '',
    method: attributeOf(attributes, 'method')?.toLowerCase() === 'post' ? 'post' : 'get',
    fields: [
      ...[...inner.matchAll(/<input\b([^>]*)>/gs)].flatMap(([, input = '']): [string, string][] => {
        const name = attributeOf(input, 'name')
        const type = attributeOf(input, 'type') ?? 'text'
        if (name === undefined || type === 'submit') return []
        if ((type === 'checkbox' || type === 'radio') && !/\schecked\b/.test(input)) return []
        return [[name, attributeOf(input, 'value') ?? (type === 'checkbox' ? 'on' : '')]]
      }),
      ...[...inner.matchAll(/<select\b([^>]*)>(.*?)<\/select>/gs)].flatMap(
        ([, select = '', options = '']): [string, string][] => {
          const all = [...options.matchAll(/<option\b([^>]*)>/gs)].map(([, option = '']) => option)
          const chosen = all.find((option) => /\sselected\b/.test(option)) ?? all[0]
          return chosen === undefined ? [] : [[attributeOf(select, 'name') ?? '', attributeOf(chosen, 'value') ?? '']]
        },
      ),
      ...[...inner.matchAll(/<textarea\b([^>]*)>(.*?)<\/textarea>/gs)].map(
        ([, textarea = '', value = '']): [string, string] => [attributeOf(textarea, 'name') ?? '', unescaped(value)],
      ),
    ],
    buttons: [...inner.matchAll(/<button\b([^>]*)>/gs)].map(([, button = '']): [string, string] => [
      attributeOf(button, 'name') ?? '',
      attributeOf(button, 'value') ?? '',
    ]),
    text: unescaped(inner.replaceAll(/<[^>]*>/g, ' '))
      .replaceAll(/\s+/g, ' ')
      .trim(),
  }))
}

function attributeOf(attributes: string, name: string): string | undefined {
  const found = new RegExp(`(?:^|\\s)${name}="([^"]*)"`).exec(attributes)
  return found?.[1] === undefined ? undefined : unescaped(found[1])
}

function unescaped(text: string): string {
  return text
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#39;', "'")
    .replaceAll('&amp;', '&')
}
