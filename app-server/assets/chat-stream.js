// The page of a room as it happens: what its stream tells is put into its place, and the stream is kept (chat/live-answer.ts).

/** Of each text that may grow the HTML of its last block: of what is added only the end is told. */
const lastBlocks = new Map()
let source
let retryMs = 1_000
let retryTimer
let sleepTimer

function writtenIn(turn) {
  return [...turn.querySelectorAll('.parts > .part > .prose')]
    .map((part) => part.textContent)
    .join(' ')
    .trim()
}

function sayEnd(turn, status) {
  if (status === 'running' || status === 'waiting') return
  mark()
  announce(status === 'done' ? `${chatWords.answered} ${writtenIn(turn).slice(0, 200)}` : chatWords.stopped)
}

/** Only to whom it waits for: nobody else is given the buttons. */
function sayWaiting(within) {
  if (!within.parentElement.querySelector('.call-approval form')) return
  announce(chatWords.waiting, true)
  mark()
}

function tellComposer() {
  const open = turns.querySelector('.turn[data-status="running"], .turn[data-status="waiting"]')
  chat.dispatchEvent(new CustomEvent('open-turn', { detail: open?.dataset.turn }))
}

// What the stream tells.

const told = {
  turn({ turn, seq, after, status, html, last }) {
    const id = `t-${turn}`
    for (const one of turns.querySelectorAll('.turn')) {
      const number = Number(one.dataset.seq)
      // Whatever stood between the two was replaced.
      if (number > after && number <= seq && one.id !== id) one.remove()
    }
    for (const [part, block] of Object.entries(last)) lastBlocks.set(part, block)
    const former = document.getElementById(id)
    if (former) {
      replace(former, html)
    } else {
      const fresh = elementOf(html)
      const next = [...turns.querySelectorAll('.turn')].find((one) => Number(one.dataset.seq) > seq)
      turns.insertBefore(fresh, next ?? null)
      ready(fresh)
      document.querySelector('.empty')?.remove()
      mark()
      const name = fresh.querySelector('.said-by').firstChild.textContent.trim()
      if (fresh.dataset.mine === undefined) {
        announce(`${say(chatWords.message, { name })} ${fresh.querySelector('.said-words').textContent.slice(0, 200)}`)
      } else if (status === 'running') announce(chatWords.writing)
    }
    sayWaiting(document.getElementById(id))
    tellComposer()
  },

  part({ turn, id, html, last }) {
    if (last !== undefined) lastBlocks.set(id, last)
    if (html === '') return
    const former = document.getElementById(id)
    let fresh
    if (former) fresh = replace(former, html)
    else {
      fresh = elementOf(html)
      document.getElementById(`t-${turn}-parts`)?.append(fresh)
      ready(fresh)
    }
    sayWaiting(fresh)
  },

  text({ id, count, blocks }) {
    const place = document.getElementById(`${id}-blocks`)
    if (!place) return
    for (const { index, from, html } of blocks) {
      const whole = from === 0 ? html : (lastBlocks.get(id) ?? '').slice(0, from) + html
      let block = place.children[index]
      if (!block) {
        block = document.createElement('div')
        block.className = 'block'
        block.dir = 'auto'
        place.append(block)
      }
      block.innerHTML = whole
      readyCopies(block)
      if (index === count - 1) lastBlocks.set(id, whole)
    }
    while (place.children.length > count) place.lastElementChild.remove()
  },

  gone({ ids }) {
    for (const id of ids) document.getElementById(id)?.remove()
  },

  end({ turn, id, status, html }) {
    const place = document.getElementById(`t-${turn}`)
    const former = document.getElementById(id)
    if (!place || !former) return
    const before = place.dataset.status
    place.dataset.status = status
    const answer = place.querySelector('.answer')
    if (status === 'running' || status === 'waiting') answer.setAttribute('aria-busy', 'true')
    else answer.removeAttribute('aria-busy')
    replace(former, html)
    if (before !== status) sayEnd(place, status)
    tellComposer()
  },

  totals({ words }) {
    document.getElementById('totals').textContent = words
  },

  over({ why }) {
    source.close()
    source = undefined
    if (why === 'session')
      lose(chatWords.signedOut, {
        href: `/auth/login?returnTo=${encodeURIComponent(location.pathname)}`,
        words: chatWords.signIn,
      })
    else if (why === 'room') {
      lose(chatWords.removed, { href: '/chat', words: chatWords.rooms })
      chat.dispatchEvent(new CustomEvent('lost'))
    } else if (why === 'changed') location.reload()
    // Not all pages at the same moment.
    else retryTimer = setTimeout(connect, why === 'restart' ? 500 + Math.random() * 2_000 : 0)
  },
}

/** The page cannot be kept up to date any more; what was typed stays. */
function lose(words, link) {
  state(words)
  announce(words, true)
  if (!link) return
  const a = document.createElement('a')
  a.href = link.href
  a.textContent = link.words
  document.getElementById('chat-state').append(' ', a)
}

function state(words) {
  const place = document.getElementById('chat-state')
  place.textContent = words
  place.hidden = words === ''
}

function newest() {
  return Math.max(0, ...[...turns.querySelectorAll('.turn')].map(({ dataset }) => Number(dataset.seq)))
}

function connect() {
  clearTimeout(retryTimer)
  source?.close()
  source = new EventSource(`/chat/${chat.dataset.room}/events?seq=${newest()}`)
  source.addEventListener('open', () => {
    retryMs = 1_000
    state('')
  })
  source.addEventListener('error', () => {
    state(chatWords.offline)
    // While it is not closed the browser comes back by itself.
    if (source?.readyState === EventSource.CLOSED) void comeBack()
  })
  for (const [name, work] of Object.entries(told)) {
    source.addEventListener(name, ({ data }) => work(JSON.parse(data)))
  }
}

/** The server refused the stream: it says why when it is asked for the page. */
async function comeBack() {
  retryMs = Math.min(retryMs * 2, 30_000)
  try {
    const answer = await fetch(location.pathname, {
      method: 'HEAD',
      redirect: 'manual',
      headers: { accept: 'text/html' },
    })
    if (answer.type === 'opaqueredirect' || answer.status === 401) return told.over({ why: 'session' })
    if (answer.status === 404) return told.over({ why: 'room' })
  } catch {
    // No connection at all: tried again below.
  }
  retryTimer = setTimeout(connect, retryMs * (0.5 + Math.random()))
}

// A browser has few connections to one server: pages that nobody sees give theirs back, unless an answer is coming.
document.addEventListener('visibilitychange', () => {
  clearTimeout(sleepTimer)
  if (!document.hidden) {
    document.title = pageTitle
    if (isLive && !source) connect()
    return
  }
  sleepTimer = setTimeout(() => {
    if (!source || turns.querySelector('.turn[data-status="running"]')) return
    source.close()
    source = undefined
  }, 60_000)
})

if (isLive) connect()
