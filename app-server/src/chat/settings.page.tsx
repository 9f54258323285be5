// The settings of a room: what answers in it, with what tools and how far, who is in it, and whose accounts are used.
import {
  Actions,
  Button,
  ButtonLink,
  Field,
  Form,
  Notice,
  PageHead,
  Section,
  Table,
  Tag,
} from '../platform/html/components.js'
import { Select } from '../platform/html/select.js'
import type { Member } from './members.js'
import { roomPath } from './paths.js'
import { ModelField, NameField, type RoomFieldsProps, ToolFields } from './room-fields.js'
import { maxSystemPromptLength, type RoomFaults } from './room-form.js'
import type { Role, Room } from './rooms.js'
import { t } from './t.js'

export interface SettingsPageProps extends RoomFieldsProps {
  room: Room
  members: readonly Member[]
  viewerId: string
  csrfToken: string
  /** What was done a moment ago. */
  done: string | undefined
  /** Why it could not be done. */
  refusal: string | undefined
  /** The address that was typed for a new member. */
  email: string
}

export function SettingsPage(props: SettingsPageProps) {
  const { room, done, refusal } = props
  return (
    <>
      <PageHead
        title={t('Settings of the room')}
        actions={<ButtonLink href={roomPath(room.id)}>{t('Back to the room')}</ButtonLink>}
      >
        {room.name}
      </PageHead>
      {done ? (
        <Notice kind="success">
          <p>{done}</p>
        </Notice>
      ) : null}
      {refusal ? (
        <Notice kind="error">
          <p>{refusal}</p>
        </Notice>
      ) : null}
      {room.role === 'owner' ? (
        <RoomForm {...props} />
      ) : (
        <p class="soft">{t('Only owners of the room can change its settings.')}</p>
      )}
      <WhoseAccounts {...props} />
      <MembersSection {...props} />
      <TakeAlong room={room} />
      <PutAway {...props} />
    </>
  )
}

function RoomForm({ room, csrfToken, ...fields }: SettingsPageProps) {
  const { typed, faults } = fields
  return (
    <Form action={roomPath(room.id, '/settings')} csrfToken={csrfToken}>
      <NameField {...fields} />
      <ModelField {...fields} />
      <ToolFields {...fields} />
      <div class={faults.systemPrompt ? 'field field-faulty' : 'field'}>
        <label for="field-system_prompt">{t('Instructions for the model')}</label>
        <p class="field-hint" id="field-system_prompt-hint">
          {t('It reads them before every message. Everybody in the room can read them too.')}
        </p>
        <textarea
          id="field-system_prompt"
          name="system_prompt"
          rows={5}
          maxlength={maxSystemPromptLength}
          aria-describedby="field-system_prompt-hint"
        >
          {typed.systemPrompt}
        </textarea>
        {faults.systemPrompt ? <p class="field-error">{faults.systemPrompt}</p> : null}
      </div>
      <fieldset class="limits">
        <legend>{t('How far one answer may go before it asks')}</legend>
        <LimitField
          name="max_rounds"
          label={t('Rounds of the model')}
          value={typed.maxRounds}
          fault={faults.maxRounds}
        />
        <LimitField name="max_tokens" label={t('Tokens')} value={typed.maxTokens} fault={faults.maxTokens} />
        <LimitField
          name="max_cost"
          label={t('Cost in US dollars')}
          hint={t('Nothing: no limit. It counts only where the price of the model is known.')}
          value={typed.maxCost}
          fault={faults.maxCost}
        />
      </fieldset>
      <Actions>
        <Button>{t('Save')}</Button>
      </Actions>
    </Form>
  )
}

function LimitField(props: {
  name: string
  label: string
  value: string
  hint?: string
  fault: RoomFaults['maxCost']
}) {
  const { fault, hint, ...field } = props
  return (
    <Field {...field} {...(hint === undefined ? {} : { hint })} {...(fault === undefined ? {} : { error: fault })} />
  )
}

/** Whose accounts the tools use is stated and chosen, never guessed. */
function WhoseAccounts({ room, members, viewerId, csrfToken }: SettingsPageProps) {
  const lender = members.find(({ lends }) => lends)
  return (
    <Section title={t('Whose accounts the tools use')} id="accounts">
      <p>
        {lender
          ? t('Tools act with the accounts of {name}, whoever writes.', { name: lender.name })
          : t('Tools act with the accounts of whoever writes.')}
      </p>
      {room.members > 1 ? <p class="soft">{t('What tools bring is read by everybody in the room.')}</p> : null}
      <Lending {...{ room, lender, viewerId, csrfToken }} />
    </Section>
  )
}

function Lending(props: { room: Room; lender: Member | undefined; viewerId: string; csrfToken: string }) {
  const { room, lender, viewerId, csrfToken } = props
  if (lender && (lender.userId === viewerId || room.role === 'owner')) {
    return (
      <Form action={roomPath(room.id, '/lending/end')} csrfToken={csrfToken}>
        <Actions>
          <Button kind="secondary">{lender.userId === viewerId ? t('Take my accounts back') : t('End this')}</Button>
        </Actions>
      </Form>
    )
  }
  if (lender || room.members === 1 || room.role === 'reader') return null
  return (
    <Form action={roomPath(room.id, '/lending')} csrfToken={csrfToken}>
      <p class="soft">
        {t(
          'If you lend the room your accounts, its tools act with them whoever writes, also while you are away, until you take them back.',
        )}
      </p>
      <Actions>
        <Button kind="secondary">{t('Lend the room my accounts')}</Button>
      </Actions>
    </Form>
  )
}

export function roleWords(role: Role): string {
  switch (role) {
    case 'owner':
      return t('Owner')
    case 'writer':
      return t('Writes')
    case 'reader':
      return t('Reads')
  }
}

function MembersSection({ room, members, viewerId, csrfToken, email }: SettingsPageProps) {
  const owner = room.role === 'owner'
  const action = roomPath(room.id, '/members')
  return (
    <Section
      title={t('Members')}
      id="members"
      lead={t('Everybody here reads all messages, files and results of tools.')}
    >
      <Table
        caption={t('Members of the room')}
        columns={[{ title: t('Name') }, { title: t('Role') }, { title: t('Take out'), actions: true }]}
        rows={members.map((member) => [
          <>
            {member.name} {member.userId === viewerId ? <Tag>{t('you')}</Tag> : null}
            <br />
            <span class="fine">{member.email}</span>
          </>,
          roleWords(member.role),
          members.length > 1 && (owner || member.userId === viewerId) ? (
            <Form action={`${action}/remove`} csrfToken={csrfToken} inline>
              <input type="hidden" name="user" value={member.userId} />
              <Button kind="quiet" label={t('Take out {name}', { name: member.name })}>
                {member.userId === viewerId ? t('Leave') : t('Take out')}
              </Button>
            </Form>
          ) : null,
        ])}
      />
      {owner ? (
        <Form action={action} csrfToken={csrfToken}>
          <div class="filters">
            <Field
              label={t('E-mail')}
              name="email"
              type="email"
              value={email}
              required
              autocomplete="off"
              maxlength={320}
            />
            <Select
              label={t('Role')}
              name="role"
              value="writer"
              options={(['writer', 'reader', 'owner'] as const).map((role) => ({
                value: role,
                label: roleWords(role),
              }))}
            />
            <Button kind="secondary">{t('Add, or change the role')}</Button>
          </div>
        </Form>
      ) : null}
    </Section>
  )
}

function TakeAlong({ room }: { room: Room }) {
  return (
    <Section
      title={t('Export')}
      lead={t('All messages and answers, with every call of a tool and its result. JSON has earlier versions too.')}
    >
      <Actions>
        <ButtonLink href={roomPath(room.id, '/export.md')}>{t('As Markdown')}</ButtonLink>
        <ButtonLink href={roomPath(room.id, '/export.json')}>{t('As JSON')}</ButtonLink>
      </Actions>
    </Section>
  )
}

function PutAway({ room, csrfToken }: SettingsPageProps) {
  if (room.role !== 'owner') return null
  return (
    <Section
      title={t('Put away')}
      lead={t('An archived room can be read, and taken back. A deleted one is gone for everybody.')}
    >
      <Actions>
        <Form action={roomPath(room.id, '/archive')} csrfToken={csrfToken} inline>
          <input type="hidden" name="archived" value={room.archivedAt ? '0' : '1'} />
          <Button kind="secondary">{room.archivedAt ? t('Take back from the archive') : t('Archive')}</Button>
        </Form>
        <ButtonLink kind="danger" href={roomPath(room.id, '/delete')}>
          {t('Delete …')}
        </ButtonLink>
      </Actions>
    </Section>
  )
}
