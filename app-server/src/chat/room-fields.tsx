// The fields of the forms of a room: its name, the key of its language model, and its tools.
import { Choice, Field, Notice } from '../platform/html/components.js'
import { joined } from '../platform/html/language.js'
import { Select } from '../platform/html/select.js'
import type { ModelChoice } from './model-choices.js'
import { maxNameLength, type RoomFaults, type TypedRoom } from './room-form.js'
import { t } from './t.js'
import type { AccountState, ToolChoice } from './tool-choices.js'

export interface RoomFieldsProps {
  typed: TypedRoom
  faults: RoomFaults
  models: readonly ModelChoice[]
  tools: readonly ToolChoice[]
}

export function NameField({ typed, faults }: Pick<RoomFieldsProps, 'typed' | 'faults'>) {
  return (
    <Field
      label={t('Name')}
      name="name"
      value={typed.name}
      required
      maxlength={maxNameLength}
      autocomplete="off"
      {...(faults.name === undefined ? {} : { error: faults.name })}
    />
  )
}

export function ModelField({ typed, faults, models }: Pick<RoomFieldsProps, 'typed' | 'faults' | 'models'>) {
  if (models.length === 0) {
    return (
      <Notice kind="warning" title={t('No language model yet')}>
        <p>
          {t.rich('A room answers with one. <a>Add a key of a language model</a> first.', {
            a: (words) => <a href="/models/add">{words}</a>,
          })}
        </p>
      </Notice>
    )
  }
  const none = typed.credential === '' || !models.some(({ id }) => id === typed.credential)
  return (
    <div>
      <Select
        label={t('Language model')}
        name="credential"
        value={typed.credential}
        options={[
          ...(none ? [{ value: '', label: t('Choose one') }] : []),
          ...models.map((choice) => ({ value: choice.id, label: modelWords(choice) })),
        ]}
      />
      {faults.credential ? <p class="field-error">{faults.credential}</p> : null}
    </div>
  )
}

export function modelWords({ label, model, shared, own }: ModelChoice): string {
  if (shared) return t('{label} · {model} (of this server)', { label, model })
  return own ? t('{label} · {model}', { label, model }) : t('{label} · {model} (of another owner)', { label, model })
}

export function ToolFields({ typed, tools }: Pick<RoomFieldsProps, 'typed' | 'tools'>) {
  return (
    <fieldset class="choices">
      <legend>{t('Tools the model may use')}</legend>
      {tools.map((choice) => (
        <Choice
          name="providers"
          value={choice.id}
          checked={typed.providers.includes(choice.id)}
          label={
            <>
              {choice.title}{' '}
              <span class="fine">{t('{count, plural, one {# tool} other {# tools}}', { count: choice.tools })}</span>
            </>
          }
          hint={
            <>
              {choice.description} {choice.account ? <Account account={choice.account} /> : null}
            </>
          }
        />
      ))}
    </fieldset>
  )
}

function Account({ account: { state, labels, connectPath } }: { account: AccountState }) {
  switch (state) {
    case 'connected':
      return <strong>{t('Connected: {accounts}', { accounts: joined(labels) })}</strong>
    case 'not-connected':
      return (
        <>
          {t('No account connected yet.')} <a href={connectPath}>{t('Connect one')}</a>
        </>
      )
    case 'not-set-up':
      return <>{t('Not set up on this server yet.')}</>
  }
}
