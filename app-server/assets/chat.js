// The page of a room: what every part of its script needs, its scrolling, older messages, and the buttons of answers.
// The server renders everything; what comes later is put into its place by chat-stream.js.

const chat = document.getElementById('chat')
const turns = document.getElementById('turns')
const chatWords = JSON.parse(chat.dataset.words)
const isLive = chat.dataset.newest !== undefined
const pageTitle = document.title

function elementOf(html) {
  const template = document.createElement('template')
  template.innerHTML = html
  return template.content.firstElementChild
}

function ready(element) {
  tellMoments(element)
  readyCopies(element)
  readyAnswerCopies(element)
  element.querySelector('.without-script')?.remove()
}

// Scrolling: a page that is at its end stays there, and nothing else moves.

function isAtEnd() {
  return innerHeight + scrollY > document.documentElement.scrollHeight - 160
}

function toEnd() {
  scrollTo({ top: document.documentElement.scrollHeight, behavior: 'instant' })
}

/** Whether the end of the page is followed: until one scrolls up, and again once one is back there. */
let follows = true
let lastScroll = scrollY

addEventListener('scroll', () => {
  // A page that grew under us is no reason to stop.
  if (isAtEnd()) follows = true
  else if (scrollY < lastScroll - 4) follows = false
  lastScroll = scrollY
  if (jump) jump.hidden = follows
})

const jump = document.getElementById('jump')
jump?.addEventListener('click', () => {
  follows = true
  toEnd()
})

/** Replaces an element; what was opened stays open, and what had the focus has it again. */
function replace(former, html) {
  const fresh = elementOf(html)
  const open = [former, ...former.querySelectorAll('details[open]')].filter((one) => one.open && one.id)
  const focused = former.contains(document.activeElement) ? document.activeElement : undefined
  const place = focused && [...former.querySelectorAll('a, button, summary, [tabindex]')].indexOf(focused)
  former.replaceWith(fresh)
  for (const { id, classList } of open) {
    // What was open because it waited for an answer closes with it.
    if (!classList.contains('call-approval')) document.getElementById(id)?.setAttribute('open', '')
  }
  if (place !== undefined) [...fresh.querySelectorAll('a, button, summary, [tabindex]')][place]?.focus()
  ready(fresh)
  return fresh
}

// What screen readers are told: that something begins and how it ended, and not every word in between.

function announce(words, urgent = false) {
  const place = document.getElementById(urgent ? 'alarm' : 'said')
  place.textContent = ''
  setTimeout(() => {
    place.textContent = words
  }, 50)
}

function mark() {
  if (document.hidden) document.title = `● ${pageTitle}`
}

// Buttons of answers: sent in the background; what they bring about comes by the stream.
if (isLive) {
  chat.addEventListener('submit', async (event) => {
    const form = event.target
    if (!form.matches('[data-act]')) return
    event.preventDefault()
    const button = form.querySelector('button')
    button.disabled = true
    form.querySelector('.field-error')?.remove()
    try {
      const answer = await fetch(form.action, {
        method: 'POST',
        headers: { accept: 'application/json', 'x-csrf-token': chat.dataset.csrf },
        body: new URLSearchParams(new FormData(form)),
      })
      const body = await answer.json()
      if (body.ask) location.assign(body.ask)
      else if (!answer.ok) fail(form, body.detail ?? chatWords.notSent)
    } catch {
      fail(form, chatWords.notSent)
    } finally {
      button.disabled = false
    }
  })
}

function fail(form, words) {
  const place = document.createElement('p')
  place.className = 'field-error'
  place.setAttribute('role', 'alert')
  place.textContent = words
  form.append(place)
}

function readyAnswerCopies(within) {
  for (const link of within.querySelectorAll('a[data-copy-answer]')) {
    link.addEventListener('click', (event) => {
      if (!navigator.clipboard) return
      event.preventDefault()
      void copyAnswer(link)
    })
  }
}

async function copyAnswer(link) {
  try {
    const answer = await fetch(link.href, { headers: { accept: 'text/plain' } })
    await navigator.clipboard.writeText(await answer.text())
    link.textContent = chatWords.copied
    announce(chatWords.copied)
    setTimeout(() => {
      link.textContent = chatWords.copy
    }, 2_500)
  } catch {
    // The text itself can be copied by hand.
    location.assign(link.href)
  }
}

// Older messages, when one comes near them.
const nearTop = new IntersectionObserver(
  (entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) void loadEarlier(target)
  },
  { rootMargin: '600px 0px 0px' },
)

async function loadEarlier(link) {
  if (link.dataset.loading) return
  link.dataset.loading = 'yes'
  const place = link.closest('.earlier')
  try {
    const answer = await fetch(link.href, { headers: { accept: 'text/html' } })
    if (!answer.ok || answer.redirected) return
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
    const fresh = [...page.getElementById('turns').children].map((one) => document.adoptNode(one))
    const first = turns.querySelector('.turn')
    const before = first?.getBoundingClientRect().top ?? 0
    place.replaceWith(...fresh)
    for (const one of fresh) ready(one)
    // What one reads stays where it is.
    if (first) scrollBy({ top: first.getBoundingClientRect().top - before, behavior: 'instant' })
    watchEarlier()
  } catch {
    // The link still leads there.
  } finally {
    delete link.dataset.loading
  }
}

function watchEarlier() {
  nearTop.disconnect()
  const link = turns.querySelector('[data-earlier]')
  if (link) nearTop.observe(link)
}

document.querySelector('.without-script')?.remove()
readyAnswerCopies(document)
if (isLive) {
  chat.classList.add('chat-live')
  follows = location.hash === ''
  new ResizeObserver(() => {
    if (follows) toEnd()
  }).observe(chat)
  // Not before the page is at its end: at its top all of the room would be loaded.
  requestAnimationFrame(() => requestAnimationFrame(watchEarlier))
}

// What composer.js and chat-stream.js take from here.
Object.assign(globalThis, { replace, mark })
