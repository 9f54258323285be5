// How pages of the chat are sent: with their own style and script, and 303 after a write.
import { Injectable } from '@nestjs/common'
import type { Response } from 'express'
import type { JSX } from 'hono/jsx/jsx-runtime'
import type { Session } from '../accounts/session.js'
import { Pages } from '../platform/html/pages.js'
import { QuestionPage, type QuestionPageProps } from '../platform/html/question.page.js'
import { chatPath } from './paths.js'

@Injectable()
export class ChatPages {
  constructor(private readonly pages: Pages) {}

  /** @param options `live`: the page of a room, which its script keeps up to date */
  send(
    response: Response,
    { viewer, csrfToken }: Session,
    { title, status = 200, live = false }: { title: string; status?: number; live?: boolean },
    body: JSX.Element,
  ): void {
    const assets = live ? (['chat.css', 'chat.js', 'composer.js', 'chat-stream.js'] as const) : (['chat.css'] as const)
    this.pages.send(response, { title, status, viewer, csrfToken, current: chatPath, assets }, body)
  }

  ask(
    response: Response,
    { viewer, csrfToken }: Session,
    question: Omit<QuestionPageProps, 'csrfToken'>,
    status = 200,
  ): void {
    const body = QuestionPage({ ...question, csrfToken })
    this.pages.send(response, { title: question.question, status, layout: 'card', viewer }, body)
  }
}
