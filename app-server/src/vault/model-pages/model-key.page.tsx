// The page of one model key: what it is for, another model, another key, its prices, a try, and its removal.
import type { ModelVendor } from '../../models/model.js'
import {
  Actions,
  Button,
  ButtonLink,
  Facts,
  Field,
  Form,
  Moment,
  Notice,
  PageHead,
  Section,
  Tag,
} from '../../platform/html/components.js'
import type { ModelKey } from '../model-keys.js'
import { KeyField } from './add-model.page.js'
import type { ModelFault } from './model-fault.js'
import type { TypedPrices } from './model-form.js'
import { pricesInWords, windowInWords } from './models.page.js'
import { t } from './t.js'

export const keyDones = ['model', 'key', 'prices', 'works', 'model-missing'] as const
export type KeyDone = (typeof keyDones)[number]

export interface ModelKeyPageProps {
  readonly modelKey: ModelKey
  readonly vendor: ModelVendor
  readonly path: string
  /** Where the list is. */
  readonly back: string
  readonly csrfToken: string
  readonly done: KeyDone | undefined
  /** What came of a try or of another key. */
  readonly fault: ModelFault | undefined
  /** Which of the two. */
  readonly tried: 'key' | 'test' | undefined
  readonly typedPrices: TypedPrices | undefined
}

export function ModelKeyPage(props: ModelKeyPageProps) {
  const { modelKey: key, vendor, path, back, csrfToken, done, fault, tried } = props
  const here = `${path}/${key.id}`
  const given = key.origin === 'environment'
  return (
    <>
      <p class="small">
        <a href={back}>{t('Models')}</a>
      </p>
      <PageHead title={key.label}>{vendor.title}</PageHead>
      <div class="flow">
        {done ? <DoneNotice done={done} /> : null}
        {fault && (tried === 'test' || !fault.field) ? (
          <Notice kind="error">
            <p>{fault.words}</p>
          </Notice>
        ) : null}
        <Facts
          items={[
            { term: t('Model'), detail: <code>{key.model}</code> },
            { term: t('It can read'), detail: windowInWords(key) },
            { term: t('Price'), detail: pricesInWords(key) },
            ...(key.baseUrl ? [{ term: t('Address'), detail: <code>{key.baseUrl}</code> }] : []),
            { term: t('Key'), detail: t('kept sealed, never shown') },
            {
              term: t('For'),
              detail: key.ownerId === null ? <Tag kind="seal">{t('everybody here')}</Tag> : t('you'),
            },
            { term: t('Changed'), detail: <Moment at={key.updatedAt} /> },
          ]}
        />
        {given ? (
          <Notice kind="info" title={t('Given by the environment')}>
            <p>
              {t(
                'Its key and model are changed where the server is started. When the environment no longer gives it, it stays and can be changed here.',
              )}
            </p>
          </Notice>
        ) : null}
        <Form action={`${here}/test`} csrfToken={csrfToken} inline>
          <Actions>
            {given ? null : <ButtonLink href={`${here}/model`}>{t('Change the model or the name')}</ButtonLink>}
            <Button kind="secondary">{t('Try the key')}</Button>
            {given ? null : (
              <ButtonLink kind="danger" href={`${here}/remove`}>
                {t('Remove')}
              </ButtonLink>
            )}
          </Actions>
        </Form>
        {given ? null : (
          <details class="station" open={tried === 'key' && fault?.field !== undefined}>
            <summary>{t('Replace the key')}</summary>
            <div class="station-body">
              <p>{t('The new key is tried first. Rooms go on with it; nothing else changes.')}</p>
              <Form action={`${here}/key`} csrfToken={csrfToken}>
                <KeyField needed={vendor.keyNeeded} error={tried === 'key' && fault?.field ? fault.words : undefined} />
                <Button kind="secondary">{t('Try and replace')}</Button>
              </Form>
            </div>
          </details>
        )}
      </div>
      <PricesSection {...props} />
    </>
  )
}

function PricesSection({ modelKey: key, path, csrfToken, typedPrices }: ModelKeyPageProps) {
  const { prices } = key
  const input = typedPrices?.input ?? (prices ? String(prices.inputPerMillion) : '')
  const output = typedPrices?.output ?? (prices ? String(prices.outputPerMillion) : '')
  const errors = typedPrices?.errors ?? {}
  return (
    <Section
      title={t('Prices')}
      lead={t(
        'What the chat reckons with when it says what an answer cost, in US dollars for a million tokens. Prices change: what is filled in for well-known models was right once, and the service’s own page counts.',
      )}
    >
      <Form action={`${path}/${key.id}/prices`} csrfToken={csrfToken}>
        <Field
          label={t('What it reads')}
          name="inputPrice"
          value={input}
          autocomplete="off"
          maxlength={12}
          {...(errors.input ? { error: errors.input } : {})}
        />
        <Field
          label={t('What it writes and thinks')}
          name="outputPrice"
          value={output}
          autocomplete="off"
          maxlength={12}
          {...(errors.output ? { error: errors.output } : {})}
        />
        <Button kind="secondary">{t('Keep the prices')}</Button>
      </Form>
    </Section>
  )
}

function DoneNotice({ done }: { done: KeyDone }) {
  switch (done) {
    case 'model':
      return (
        <Notice kind="success" title={t('Ready')}>
          <p>{t('Rooms that use this key have this model from their next answer on.')}</p>
          <p>
            {t.rich('To talk to it, <a>make a room</a> in the chat.', {
              a: (words) => <a href="/chat/new">{words}</a>,
            })}
          </p>
        </Notice>
      )
    case 'key':
      return (
        <Notice kind="success" title={t('Replaced')}>
          <p>{t('The service takes the new key, and rooms use it from their next answer on.')}</p>
        </Notice>
      )
    case 'prices':
      return (
        <Notice kind="success" title={t('Kept')}>
          <p>{t('Answers from now on are reckoned with these prices.')}</p>
        </Notice>
      )
    case 'works':
      return (
        <Notice kind="success" title={t('It works')}>
          <p>{t('The service takes the key, and the model is there.')}</p>
        </Notice>
      )
    case 'model-missing':
      return (
        <Notice kind="warning">
          <p>{t('The service takes the key, but no longer lists this model. Choose another one.')}</p>
        </Notice>
      )
  }
}
