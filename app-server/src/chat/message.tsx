// One message with its answer, as pages of a room show it, with the way to what stood at its place before.
import { raw } from 'hono/html'
import { ButtonLink, Moment } from '../platform/html/components.js'
import { AnswerEnd } from './answer-end.js'
import type { Piece } from './answer-parts.js'
import { sizeWords } from './figures.js'
import type { Onlooker } from './onlooker.js'
import { roomPath, turnElement, turnPath } from './paths.js'
import { t } from './t.js'
import { type Attachment, isOpen, type Turn, type TurnSnapshot } from './turn.js'

export interface MessageProps {
  snapshot: TurnSnapshot
  pieces: readonly Piece[]
  onlooker: Onlooker
}

export function Message({ snapshot, pieces, onlooker }: MessageProps) {
  const { turn, attachments } = snapshot
  const id = turnElement(turn.id)
  return (
    <article
      class="turn"
      id={id}
      data-seq={turn.seq}
      data-turn={turn.id}
      data-status={turn.status}
      data-mine={turn.authorId === onlooker.userId ? '' : undefined}
    >
      <div class="said">
        <h2 class="said-by">
          {turn.authorName}{' '}
          <span class="said-at">
            <Moment at={turn.createdAt} />
          </span>
        </h2>
        <p class="said-words">{turn.prompt}</p>
        {attachments.length === 0 ? null : (
          <ul class="files">
            {attachments.map((file) => (
              <File file={file} turn={turn} />
            ))}
          </ul>
        )}
      </div>
      {turn.version === 1 ? null : (
        <p class="said-before">
          <ButtonLink kind="quiet" href={turnPath(turn, 'earlier')}>
            {t('{count, plural, one {# earlier version} other {# earlier versions}}', { count: turn.version - 1 })}
          </ButtonLink>
        </p>
      )}
      <div class="answer" aria-busy={isOpen(turn) ? 'true' : undefined}>
        <h2 class="visually-hidden">{t('The answer')}</h2>
        <div class="parts" id={`${id}-parts`}>
          {pieces.map(({ html }) => raw(html))}
        </div>
        <AnswerEnd snapshot={snapshot} onlooker={onlooker} />
      </div>
    </article>
  )
}

const shownImages = ['image/png', 'image/jpeg', 'image/webp', 'image/gif']

function File({ file, turn }: { file: Attachment; turn: Turn }) {
  const address = roomPath(turn.roomId, `/attachments/${file.id}`)
  return (
    <li>
      <a class="file" href={address}>
        {shownImages.includes(file.mediaType) ? <img src={address} alt={file.name} loading="lazy" /> : file.name}
        <span class="fine"> {sizeWords(file.size)}</span>
      </a>
    </li>
  )
}
