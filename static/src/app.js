// Everything here makes a working page better; nothing here is needed for it to work.
/* global govuk, accessibleAutocomplete */
'use strict'

const script = document.currentScript

for (const Component of [
  govuk.Button,
  govuk.CharacterCount,
  govuk.Checkboxes,
  govuk.ErrorSummary,
  govuk.NotificationBanner,
  govuk.PasswordInput,
  govuk.Radios,
  govuk.ServiceNavigation,
  govuk.SkipLink
]) {
  govuk.createAll(Component)
}

// --- One press, one request -------------------------------------------------------------------------------------
// The server copes with a second POST; this only saves people from sending one. The buttons come back after a while
// (a file download leaves the page standing) and when the page is shown again from the browser's memory.
const SUBMIT_PAUSE_MS = 8000

document.addEventListener('submit', (event) => {
  const form = event.target
  if (!form.hasAttribute('data-prevent-double-click')) return
  if (form.dataset.sending === 'true') {
    event.preventDefault()
    return
  }
  form.dataset.sending = 'true'
  window.setTimeout(() => delete form.dataset.sending, SUBMIT_PAUSE_MS)
})
window.addEventListener('pageshow', () => {
  for (const form of document.querySelectorAll('form[data-sending]')) delete form.dataset.sending
})

// --- The countdown ------------------------------------------------------------------------------------------------
// Counts in the server's time: what the page was told, plus how long it has been open. The computer's own clock may be
// wrong and, in a rehearsal, the server's date is another one. Not a live region: a clock that interrupts is no help.
function remaining(milliseconds) {
  const minutes = Math.ceil(milliseconds / 60000)
  if (minutes <= 0) return null
  const units = [
    [Math.floor(minutes / 1440), 'day'],
    [Math.floor((minutes % 1440) / 60), 'hour'],
    [minutes % 60, 'minute']
  ]
  const first = units.findIndex(([count]) => count > 0)
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}${count === 1 ? '' : 's'}`)
    .join(' and ')
}

for (const element of document.querySelectorAll('time[data-countdown]')) {
  const end = Date.parse(element.dateTime)
  const serverNow = Date.parse(element.dataset.serverNow)
  if (Number.isNaN(end) || Number.isNaN(serverNow)) continue
  const openedAt = performance.now()
  const show = () => {
    const left = end - serverNow - (performance.now() - openedAt)
    const words = remaining(left)
    element.textContent = words === null ? element.dataset.over || 'The time has passed' : `${words} left`
    if (words === null) window.clearInterval(timer)
  }
  const timer = window.setInterval(show, 60000)
  document.addEventListener('visibilitychange', () => document.hidden || show())
  show()
}

// --- Suggestions while typing ---------------------------------------------------------------------------------------
// Without this the field is a plain search box that the form sends. What was picked travels in a hidden input beside
// it, named in data-autocomplete-value-name; editing the text afterwards empties it again.
const escaped = (text) =>
  String(text).replace(/[&<>"']/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[c])

function suggestionsFrom(url) {
  let timer = null
  let controller = null
  return (query, show) => {
    window.clearTimeout(timer)
    if (controller) controller.abort()
    timer = window.setTimeout(async () => {
      controller = new AbortController()
      const address = new URL(url, window.location.href)
      address.searchParams.set('q', query)
      try {
        const answer = await fetch(address, {
          headers: { Accept: 'application/json' },
          credentials: 'same-origin',
          signal: controller.signal
        })
        show(answer.ok ? (await answer.json()).results : [])
      } catch (problem) {
        if (problem.name !== 'AbortError') show([])
      }
    }, 200)
  }
}

// The component forgets the hint and the error as soon as something is typed; put them back each time.
function keepDescription(input, ids) {
  if (!ids.length) return
  const mend = () => {
    const now = (input.getAttribute('aria-describedby') || '').split(' ').filter(Boolean)
    const missing = ids.filter((id) => !now.includes(id))
    if (missing.length) input.setAttribute('aria-describedby', [...missing, ...now].join(' '))
  }
  new MutationObserver(mend).observe(input, { attributes: true, attributeFilter: ['aria-describedby'] })
  mend()
}

function enhance(field) {
  const { id, name, value, className } = field
  const invalid = field.getAttribute('aria-invalid')
  const describedBy = (field.getAttribute('aria-describedby') || '').split(' ').filter(Boolean)
  const valueName = field.dataset.autocompleteValueName || `${name}_value`
  let hidden = field.form && field.form.elements.namedItem(valueName)
  if (!hidden) {
    hidden = document.createElement('input')
    hidden.type = 'hidden'
    hidden.name = valueName
    field.after(hidden)
  }
  const container = document.createElement('div')
  container.className = 'app-autocomplete'
  const url = field.dataset.autocompleteUrl
  field.replaceWith(container)
  const labelOf = (result) => (typeof result === 'string' ? result : result ? result.label : '')
  accessibleAutocomplete({
    element: container,
    id,
    name,
    defaultValue: value,
    minLength: 2,
    confirmOnBlur: false,
    displayMenu: 'overlay',
    inputClasses: className,
    source: suggestionsFrom(url),
    templates: { inputValue: labelOf, suggestion: (result) => escaped(labelOf(result)) },
    onConfirm: (result) => {
      if (result && result.value !== undefined) hidden.value = result.value
    },
    tNoResults: () => 'Nothing found'
  })
  const input = container.querySelector('input')
  input.addEventListener('input', () => {
    hidden.value = ''
  })
  if (invalid) input.setAttribute('aria-invalid', invalid)
  keepDescription(input, describedBy)
}

const searchFields = document.querySelectorAll('input[data-autocomplete-url]')
if (searchFields.length && script && script.dataset.autocomplete) {
  const loader = document.createElement('script')
  loader.src = script.dataset.autocomplete
  loader.addEventListener('load', () => searchFields.forEach(enhance))
  document.head.append(loader)
}
