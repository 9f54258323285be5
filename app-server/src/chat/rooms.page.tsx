// The list of a person's rooms, and the page that makes a new one.
import { Ago, Button, ButtonLink, EmptyState, Field, Form, PageHead, Tag } from '../platform/html/components.js'
import { Filters, Pager } from '../platform/html/lists.js'
import { chatPath, roomPath } from './paths.js'
import { ModelField, NameField, type RoomFieldsProps, ToolFields } from './room-fields.js'
import type { ListedRoom } from './rooms.js'
import { t } from './t.js'

export interface RoomsPageProps {
  rooms: readonly ListedRoom[]
  next: string | null
  cursor: string | undefined
  archived: boolean
  /** Whether there is a language model to answer. */
  hasModel: boolean
}

export function RoomsPage({ rooms, next, cursor, archived, hasModel }: RoomsPageProps) {
  const tabs = [
    { href: chatPath, label: t('Rooms'), current: !archived },
    { href: `${chatPath}?archived=1`, label: t('Archived'), current: archived },
  ]
  const empty = rooms.length === 0 && cursor === undefined
  return (
    <>
      <PageHead
        title={t('Chat')}
        actions={
          // What stands where the rooms would be has the button to press first.
          <ButtonLink kind={empty && !archived ? 'secondary' : 'primary'} href={`${chatPath}/new`}>
            {t('New room')}
          </ButtonLink>
        }
      >
        {t('Rooms where a language model answers, and uses tools in your name.')}
      </PageHead>
      <nav class="tabs" aria-label={t('Rooms')}>
        <ul>
          {tabs.map(({ href, label, current }) => (
            <li>
              <a href={href} aria-current={current ? 'page' : undefined}>
                {label}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      {empty ? null : <SearchField search="" />}
      {rooms.length === 0 ? <NoRooms {...{ archived, hasModel }} /> : <RoomList rooms={rooms} />}
      <Pager path={archived ? `${chatPath}?archived=1` : chatPath} cursor={cursor} next={next} />
    </>
  )
}

export function SearchField({ search }: { search: string }) {
  return (
    <Filters action={chatPath}>
      <Field label={t('Name or words of a message')} name="search" type="search" value={search} maxlength={200} />
    </Filters>
  )
}

export function RoomList({ rooms }: { rooms: readonly ListedRoom[] }) {
  return (
    <ul class="rooms">
      {rooms.map((room) => (
        <Row room={room} />
      ))}
    </ul>
  )
}

function Row({ room }: { room: ListedRoom }) {
  return (
    <li class="room">
      <a class="room-name" href={roomPath(room.id)}>
        {room.name}
      </a>
      <span class="room-aside">
        {room.archivedAt ? <Tag>{t('Archived')}</Tag> : null}
        {room.open === 'running' ? <Tag kind="good">{t('an answer is being written')}</Tag> : null}
        {room.open === 'waiting' ? <Tag kind="seal">{t('waits for approval')}</Tag> : null}
        {room.members > 1 ? (
          <Tag>{t('{count, plural, one {# member} other {# members}}', { count: room.members })}</Tag>
        ) : null}
        <span class="fine">
          <Ago at={room.lastTurnAt ?? room.createdAt} />
        </span>
      </span>
    </li>
  )
}

function NoRooms({ archived, hasModel }: Pick<RoomsPageProps, 'archived' | 'hasModel'>) {
  if (archived) {
    return (
      <EmptyState title={t('No archived rooms')}>
        <p>{t('Rooms you archive are kept here, and can be taken back.')}</p>
      </EmptyState>
    )
  }
  if (!hasModel) {
    return (
      <EmptyState
        title={t('First, a language model')}
        actions={
          <ButtonLink kind="primary" href="/models/add">
            {t('Add a key')}
          </ButtonLink>
        }
      >
        <p>{t('Whoever answers in a room is a language model, and it is reached with a key of yours.')}</p>
      </EmptyState>
    )
  }
  return (
    <EmptyState
      title={t('No rooms yet')}
      actions={
        <ButtonLink kind="primary" href={`${chatPath}/new`}>
          {t('New room')}
        </ButtonLink>
      }
    >
      <p>{t('Make one, choose what tools it may use, and ask.')}</p>
    </EmptyState>
  )
}

export function NewRoomPage({ csrfToken, ...fields }: RoomFieldsProps & { csrfToken: string }) {
  return (
    <>
      <PageHead title={t('New room')}>{t('All of this can be changed later, in the settings of the room.')}</PageHead>
      <Form action={chatPath} csrfToken={csrfToken}>
        <NameField {...fields} />
        <ModelField {...fields} />
        <ToolFields {...fields} />
        <div class="actions">
          <Button>{t('Make the room')}</Button>
          <ButtonLink kind="quiet" href={chatPath}>
            {t('Cancel')}
          </ButtonLink>
        </div>
      </Form>
    </>
  )
}
