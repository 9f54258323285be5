// What is said and asked of a token that somebody made at a service, on the page of connecting and on that of credentials.
import { Field } from '../platform/html/components.js'
import type { TokenConnect } from '../providers/connect.js'
import { t } from './t.js'

export interface OfferedToken extends TokenConnect {
  /** What was typed before, without the token. */
  readonly typed: Readonly<Record<string, string>>
  /** What is wrong with it, by the name of the field. */
  readonly errors: Readonly<Record<string, string>>
}

/** Where such a token is made. */
export function TokenHint({ token, service }: { token: OfferedToken; service: string }) {
  return (
    <p>
      {t.rich('Make a {token} at <a>{service}</a>. {hint}', {
        token: token.name,
        service,
        hint: token.hint,
        a: (words) => (
          <a href={token.url} rel="noreferrer" target="_blank">
            {words}
          </a>
        ),
      })}
    </p>
  )
}

/** The fields of a token; what was typed is there again, the token never. */
export function TokenFields({ token }: { token: OfferedToken }) {
  const { name, typed, errors } = token
  const faultOf = (field: string) => (errors[field] ? { error: errors[field] } : {})
  return (
    <>
      {(token.fields ?? []).map((field) => (
        <Field
          label={field.label}
          name={`field.${field.name}`}
          type={field.type}
          hint={field.hint}
          value={typed[field.name] ?? ''}
          maxlength={maxFieldLength}
          required
          {...faultOf(field.name)}
        />
      ))}
      <Field
        label={`${name[0]?.toUpperCase()}${name.slice(1)}`}
        name="token"
        type="password"
        hint={t('It is asked about at once, kept sealed, and never shown again.')}
        autocomplete="off"
        maxlength={maxTokenLength}
        required
        {...faultOf('token')}
      />
    </>
  )
}

/** Longest token and longest value beside one, in characters. */
export const maxTokenLength = 4_000
export const maxFieldLength = 500
