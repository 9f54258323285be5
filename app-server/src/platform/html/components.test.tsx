// Tests of the page kit: foreign text stays text, and every part says to a screen reader what it shows.
import { describe, expect, test } from '@jest/globals'
import { Ago, Button, CopyBox, Facts, Field, Form, Moment, Notice, Table } from './components.js'

const hostile = `<img src=x onerror="alert('1')">&`

describe('foreign text', () => {
  test.each([
    ['a fact', <Facts items={[{ term: hostile, detail: hostile }]} />],
    ['a copy box', <CopyBox label={hostile} text={hostile} />],
    ['a field', <Field label={hostile} name="x" value={hostile} error={hostile} hint={hostile} />],
    ['a cell', <Table caption={hostile} columns={[{ title: hostile }]} rows={[[hostile]]} />],
    ['a notice', <Notice title={hostile}>{hostile}</Notice>],
    ['a form', <Form action={hostile} csrfToken={hostile} confirm={hostile} />],
    ['a button', <Button label={hostile} name="x" value={hostile} />],
  ])('stays text in %s', (_name, part) => {
    const html = String(part)
    expect(html).not.toContain('<img')
    expect(html).not.toContain('"alert')
    expect(html).toContain('&lt;img')
  })
})

describe('a field', () => {
  test('is labelled, and described by its hint and its fault', () => {
    const html = String(<Field label="E-mail" name="email" type="email" hint="Yours" error="Not whole" value="mika@" />)
    expect(html).toContain('<label for="field-email">')
    expect(html).toMatch(/<input id="field-email"[^>]* aria-describedby="field-email-hint field-email-error"/)
    expect(html).toMatch(/<input[^>]* aria-invalid="true"/)
    expect(html).toMatch(/<input[^>]* value="mika@"/)
    expect(html).toContain('id="field-email-hint"')
    expect(html).toContain('id="field-email-error"')
  })

  test('is not called faulty without a fault', () => {
    const html = String(<Field label="Name" name="name" />)
    expect(html).not.toContain('aria-invalid')
    expect(html).not.toContain('aria-describedby')
  })
})

test('a form that writes carries the token, a form that asks does not need one', () => {
  expect(String(<Form action="/x" csrfToken="t0ken" />)).toContain('<input type="hidden" name="_csrf" value="t0ken"/>')
  expect(String(<Form action="/x" method="get" />)).not.toContain('_csrf')
})

test('a copy button is hidden until a script can make it work', () => {
  expect(String(<CopyBox label="Address" text="http://x" />)).toMatch(/<button[^>]* hidden=""/)
})

test('only errors interrupt a screen reader', () => {
  expect(String(<Notice kind="error">x</Notice>)).toContain('role="alert"')
  expect(String(<Notice kind="success">x</Notice>)).toContain('role="status"')
})

test('a table repeats its column titles for phones and keeps its roles there', () => {
  const html = String(
    <Table caption="All" columns={[{ title: 'Device' }, { title: 'End', actions: true }]} rows={[['Mac', 'x']]} />,
  )
  expect(html).toContain('data-title="Device"')
  expect(html).toMatch(/<td role="cell" class="cell-actions"/)
  expect(html).toContain('role="columnheader"')
})

test.each([
  [0, 'just now'],
  [59_000, 'just now'],
  [60_000, '1 minute ago'],
  [59 * 60_000, '59 minutes ago'],
  [3_600_000, '1 hour ago'],
  [47 * 3_600_000, '1 day ago'],
  [48 * 3_600_000, '2 days ago'],
  [-5_000, 'just now'],
])('%d ms are told as %s', (elapsedMs, words) => {
  const now = new Date('2026-11-20T12:00:00Z')
  expect(String(<Ago at={new Date(now.getTime() - elapsedMs)} now={now} />)).toContain(`>${words}<`)
})

test('a moment is told in UTC and can be told in local time', () => {
  expect(String(<Moment at={new Date('2026-11-20T17:54:31Z')} />)).toBe(
    '<time datetime="2026-11-20T17:54:31.000Z" data-moment="true">2026-11-20 17:54 UTC</time>',
  )
})
