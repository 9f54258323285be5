// Niceties on top of pages that work without them: copy buttons, a question before a form is sent, local times, live parts.
// What it says comes with the page, in the page's language: `data-words` of the part it belongs to.

const language = document.documentElement.lang

/** The words of a part; `say` puts values in the places of `{names}`. */
const wordsOf = (element) => JSON.parse(element.dataset.words)
const say = (words, values) => words.replace(/\{(\w+)\}/g, (place, name) => values[name] ?? place)

readyCopies(document)

/** Gives copy buttons their work, also those of parts that came later. */
function readyCopies(within) {
  for (const button of within.querySelectorAll('button[data-copy]')) readyCopy(button)
}

function readyCopy(button) {
  const text = button.parentElement.querySelector('code')
  const words = wordsOf(button)
  const usual = button.textContent
  const said = document.createElement('span')
  said.className = 'visually-hidden'
  said.setAttribute('role', 'status')
  button.after(said)
  button.hidden = false
  let restore
  button.addEventListener('click', async () => {
    const copied = await copy(text)
    button.textContent = copied ? words.copied : words.press
    said.textContent = copied ? words.copied : words.selected
    button.classList.toggle('button-done', copied)
    clearTimeout(restore)
    restore = setTimeout(() => {
      button.textContent = usual
      said.textContent = ''
      button.classList.remove('button-done')
    }, 2500)
  })
}

/** Copies an element's text. Where the clipboard is closed (plain http), selects it instead and says so. */
async function copy(element) {
  try {
    await navigator.clipboard.writeText(element.textContent)
    return true
  } catch {
    getSelection().selectAllChildren(element)
    return false
  }
}

for (const form of document.querySelectorAll('form[data-confirm]')) {
  form.addEventListener('submit', (event) => {
    if (!confirm(form.dataset.confirm)) event.preventDefault()
  })
}

const moments = {
  minutes: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }),
  seconds: new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }),
}
function tellMoments(within) {
  for (const time of within.querySelectorAll('time[data-moment]')) {
    time.textContent = (moments[time.dataset.moment] ?? moments.minutes).format(new Date(time.dateTime))
  }
}
tellMoments(document)

// A list that is followed: its stream says that there is more, then the page is asked for anew and the list taken from it.
for (const button of document.querySelectorAll('button[data-follow]')) {
  const list = document.getElementById(button.getAttribute('aria-controls'))
  const said = document.getElementById(`${list.id}-said`)
  const words = wordsOf(button)
  const usual = button.textContent
  let source
  let refreshing
  button.hidden = false

  const stop = (why) => {
    source?.close()
    source = undefined
    clearTimeout(refreshing)
    refreshing = undefined
    button.textContent = usual
    button.setAttribute('aria-pressed', 'false')
    said.textContent = why
  }

  const refresh = async () => {
    list.setAttribute('aria-busy', 'true')
    try {
      const answer = await fetch(location.href, { headers: { accept: 'text/html' } })
      if (!answer.ok || answer.redirected) return stop(words.reload)
      const page = new DOMParser().parseFromString(await answer.text(), 'text/html')
      list.replaceChildren(...page.getElementById(list.id).childNodes)
      tellMoments(list)
      if (source) said.textContent = say(words.asOf, { time: new Date().toLocaleTimeString(language) })
    } catch {
      said.textContent = words.broke
    } finally {
      list.removeAttribute('aria-busy')
      refreshing = undefined
    }
  }

  button.addEventListener('click', () => {
    if (source) return stop('')
    button.textContent = words.stop
    button.setAttribute('aria-pressed', 'true')
    said.textContent = words.connecting
    source = new EventSource(button.dataset.follow)
    // A burst is one refresh, not many.
    source.addEventListener('entry', () => {
      if (!refreshing) refreshing = setTimeout(refresh, 400)
    })
    source.addEventListener('end', ({ data }) => stop(words.ends[JSON.parse(data).why] ?? ''))
    source.addEventListener('open', () => {
      if (said.textContent === words.connecting || said.textContent === words.broke) said.textContent = words.following
      // The stream tells what comes from now on; what came since the page was made is on a fresh list.
      if (!refreshing) refreshing = setTimeout(refresh, 400)
    })
    source.addEventListener('error', () => {
      if (source?.readyState === EventSource.CLOSED) stop(words.cannot)
      else if (source) said.textContent = words.broke
    })
  })
}

for (const region of document.querySelectorAll('[data-live]')) keepFresh(region)

/** Fetches a part of the page anew, again and again, while somebody looks at it and until they pause it. */
function keepFresh(region) {
  const { live, liveSeconds } = region.dataset
  const state = document.querySelector('[data-live-words]')
  const words = wordsOf(region)
  const pause = document.querySelector(`[data-live-pause="${region.id}"]`)
  const clock = new Intl.DateTimeFormat(language, { timeStyle: 'medium' })
  let updatedAt = new Date()
  let paused = false
  let busy = false
  let shown

  const tell = (trouble) => {
    const known = trouble ? words.silent : paused ? words.paused : words.updated
    state.textContent = say(known, { time: clock.format(updatedAt), seconds: liveSeconds })
  }

  const summaryOf = (part) => part.querySelector('[data-live-summary]')?.textContent ?? ''

  const refresh = async () => {
    if (busy || paused || document.hidden) return
    busy = true
    try {
      const response = await fetch(live, { headers: { accept: 'text/html' }, signal: AbortSignal.timeout(15_000) })
      // Signed out, or no longer an administrator: the whole page says so best.
      if (response.redirected || response.status === 401 || response.status === 403) return location.reload()
      if (!response.ok) throw new Error(response.statusText)
      const html = await response.text()
      // Nothing moves under the hand of whoever is about to press something.
      if (paused || region.querySelector('form:hover')) return
      updatedAt = new Date()
      if (html === shown) return tell()
      shown = html
      const open = [...region.querySelectorAll('details[open]')].map(({ id }) => id)
      const summary = summaryOf(region)
      const focused = region.contains(document.activeElement) ? document.activeElement.id : ''
      region.innerHTML = html
      for (const id of open) document.getElementById(id)?.setAttribute('open', '')
      if (focused) document.getElementById(focused)?.focus()
      tellMoments(region)
      // Read out by screen readers, where the page has a place for it.
      const said = document.getElementById(`${region.id}-said`)
      if (said && summaryOf(region) !== summary) said.textContent = summaryOf(region)
      tell()
    } catch {
      tell(true)
    } finally {
      busy = false
    }
  }

  pause.hidden = false
  pause.addEventListener('click', () => {
    paused = !paused
    pause.textContent = paused ? words.goOn : words.pause
    tell()
    void refresh()
  })
  document.addEventListener('visibilitychange', refresh)
  setInterval(refresh, liveSeconds * 1000)
  tell()
}
