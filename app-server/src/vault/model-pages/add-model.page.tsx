// The page a model key is entered on: which service, where it is, and the key, which is tried before it is kept.
import type { ModelVendor } from '../../models/model.js'
import { Actions, Button, ButtonLink, Field, Form, Notice } from '../../platform/html/components.js'
import { maxKeyLength, maxUrlLength } from './model-form.js'
import { t } from './t.js'

/** What was typed before, without the key. */
export interface TypedBefore {
  readonly baseUrl: string
  readonly errors: { readonly apiKey?: string; readonly baseUrl?: string }
  /** What stands in the way and is about no field. */
  readonly fault?: string
}

export interface AddModelPageProps {
  readonly vendor: ModelVendor
  /** What else it could be a key of. */
  readonly others: readonly ModelVendor[]
  /** Where it is sent and where the way back leads. */
  readonly path: string
  readonly back: string
  readonly shared: boolean
  readonly csrfToken: string
  readonly typed: TypedBefore | undefined
}

export function AddModelPage({ vendor, others, path, back, shared, csrfToken, typed }: AddModelPageProps) {
  return (
    <div class="card-decision">
      <p class="eyebrow eyebrow-plain">{t('Models')}</p>
      <h1>{t('Add a key: {service}', { service: titleOf(vendor) })}</h1>
      <p>
        {shared
          ? t('Everybody here can choose it for their rooms. What they ask is paid by whoever the key belongs to.')
          : t('Only you can choose it for your rooms. What is asked there is paid by whoever the key belongs to.')}
      </p>
      {typed?.fault ? (
        <Notice kind="error">
          <p>{typed.fault}</p>
        </Notice>
      ) : null}
      <KeyForm {...{ vendor, path, csrfToken, typed }} />
      <Actions>
        {others.map((other) => (
          <ButtonLink href={`${path}?vendor=${other.id}`}>
            {t('Instead: {service}', { service: titleOf(other) })}
          </ButtonLink>
        ))}
        <ButtonLink href={back}>{t('Cancel')}</ButtonLink>
      </Actions>
    </div>
  )
}

function titleOf({ title, baseUrlNeeded }: ModelVendor): string {
  return baseUrlNeeded ? t('a model of your own') : title
}

interface KeyFormProps {
  vendor: ModelVendor
  path: string
  csrfToken: string
  typed: TypedBefore | undefined
}

function KeyForm({ vendor, path, csrfToken, typed }: KeyFormProps) {
  const { title, keyUrl, keyNeeded, baseUrlNeeded } = vendor
  const errors = typed?.errors ?? {}
  return (
    <>
      {keyUrl ? (
        <p>
          {t.rich('Make a key <a>at {service}</a>.', {
            service: title,
            a: (words) => (
              <a href={keyUrl} rel="noreferrer" target="_blank">
                {words}
              </a>
            ),
          })}
        </p>
      ) : (
        <p>
          {t(
            'Whatever speaks like OpenAI (chat/completions): vLLM, Ollama, llama.cpp, LM Studio, OpenAI itself and many others.',
          )}
        </p>
      )}
      <Form action={path} csrfToken={csrfToken}>
        <input type="hidden" name="vendor" value={vendor.id} />
        {baseUrlNeeded ? (
          <Field
            label={t('Address')}
            name="baseUrl"
            type="url"
            hint={t('It usually ends with /v1, like https://llm.example.com/v1.')}
            value={typed?.baseUrl ?? ''}
            autocomplete="off"
            maxlength={maxUrlLength}
            required
            {...(errors.baseUrl ? { error: errors.baseUrl } : {})}
          />
        ) : null}
        <KeyField needed={keyNeeded} error={errors.apiKey} />
        <Button kind="primary">{t('Try and keep')}</Button>
      </Form>
    </>
  )
}

export function KeyField({ needed, error }: { needed: boolean; error: string | undefined }) {
  const kept = t('It is kept sealed and never shown again.')
  return (
    <Field
      label={t('Key')}
      name="apiKey"
      type="password"
      hint={needed ? kept : t('Leave it empty when the model wants none.')}
      autocomplete="off"
      maxlength={maxKeyLength}
      required={needed}
      {...(error ? { error } : {})}
    />
  )
}
