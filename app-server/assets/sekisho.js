// Niceties on top of pages that work without them: copy buttons, a question before a form is sent, local times.

for (const button of document.querySelectorAll('button[data-copy]')) {
  const text = button.parentElement.querySelector('code')
  const said = document.createElement('span')
  said.className = 'visually-hidden'
  said.setAttribute('role', 'status')
  button.after(said)
  button.hidden = false
  let restore
  button.addEventListener('click', async () => {
    const copied = await copy(text)
    button.textContent = copied ? 'Copied' : 'Press Ctrl+C'
    said.textContent = copied ? 'Copied' : 'The text is selected, press Control and C to copy it'
    button.classList.toggle('button-done', copied)
    clearTimeout(restore)
    restore = setTimeout(() => {
      button.textContent = 'Copy'
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

const moment = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: 'medium', timeStyle: 'short' })
for (const time of document.querySelectorAll('time[data-moment]')) {
  time.textContent = moment.format(new Date(time.dateTime))
}
