// The page on which one looks back at what stood at the place of a message before: to read and to copy, and for nothing else.
import { ButtonLink, Moment, PageHead } from '../platform/html/components.js'
import type { EarlierPage as Earlier, EarlierVersion } from './earlier-versions.js'
import { Message } from './message.js'
import type { Onlooker } from './onlooker.js'
import { roomPath, turnElement, turnPath } from './paths.js'
import { scriptWords } from './script-words.js'
import type { ShownTurn } from './shown-turns.js'
import { t } from './t.js'
import type { Turn } from './turn.js'

export interface ShownVersion extends Omit<EarlierVersion, 'turns'> {
  readonly turns: readonly ShownTurn[]
}

export interface EarlierPageProps {
  /** The turn that replaced the newest of them. */
  turn: Turn
  versions: readonly ShownVersion[]
  next: Earlier['next']
  /** Who may do nothing here. */
  onlooker: Onlooker
}

export function EarlierPage({ turn, versions, next, onlooker }: EarlierPageProps) {
  const back = roomPath(turn.roomId, turn.replacedAt ? '' : `#${turnElement(turn.id)}`)
  return (
    <div class="chat" id="chat" data-room={turn.roomId} data-words={JSON.stringify(scriptWords())}>
      <PageHead title={t('Earlier versions')} actions={<ButtonLink href={back}>{t('Back to the room')}</ButtonLink>}>
        {t('What stood here before the message was reworded or answered anew. The model is not told of it.')}
      </PageHead>
      <div class="turns" id="turns">
        {versions.map((version) => (
          <Version version={version} onlooker={onlooker} />
        ))}
      </div>
      {next === undefined ? null : (
        <p class="later">
          <a href={turnPath({ id: next.turn, roomId: turn.roomId }, `earlier?after=${next.after}`)}>
            {t('More of what stood here')}
          </a>
        </p>
      )}
      <p class="visually-hidden" id="said" role="status" />
    </div>
  )
}

function Version({ version, onlooker }: { version: ShownVersion; onlooker: Onlooker }) {
  const { version: number, replacedAt, replacedByName, continued, turns } = version
  const [first, ...others] = turns
  const later = continued ? turns : others
  return (
    <section class="version">
      <h2>
        {continued ? t('Version {number, number}, continued', { number }) : t('Version {number, number}', { number })}
      </h2>
      <p class="fine">
        {t.rich('Replaced by {name}, <at></at>', { name: replacedByName, at: () => <Moment at={replacedAt} /> })}
      </p>
      {continued || !first ? null : <Message {...first} onlooker={onlooker} />}
      {later.length === 0 ? null : <h3 class="version-later">{t('What came after it')}</h3>}
      {later.map((shown) => (
        <Message {...shown} onlooker={onlooker} />
      ))}
    </section>
  )
}
