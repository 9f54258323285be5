// The audit log for administrators: listed, explained entry by entry, exported and followed.
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { Controller, Get, Param, Query, Req, Res, UseGuards } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Request, Response } from 'express'
import { z } from 'zod'
import { CurrentSession, SessionGuard } from '../accounts/session.guard.js'
import type { Session } from '../accounts/session.js'
import { AuditLog } from '../audit/audit-log.js'
import { type AuditFilter, type AuditPage, AuditTrail } from '../audit/audit-trail.js'
import { Log } from '../platform/log.js'
import { AdminGuard } from './admin.guard.js'
import { AdminPages } from './admin-frame.js'
import { AuditEntryPage } from './audit-entry.page.js'
import { contentTypes, type ExportFormat, exportLimits, exportText } from './audit-export.js'
import { AuditFollowing } from './audit-follow.js'
import { AuditListPage, auditPath } from './audit-list.page.js'
import { AuditNaming } from './audit-names.js'
import { type AuditField, type AuditQuery, readAuditQuery } from './audit-query.js'
import { t } from './t.js'

const entriesOnPage = 50
/** Files being written at once on this replica: each reads as fast as the database gives. */
const maxExports = 2

type Given = Record<string, unknown>

@Controller('admin/audit')
@UseGuards(SessionGuard, AdminGuard)
export class AuditPagesController {
  private exporting = 0

  constructor(
    private readonly trail: AuditTrail,
    private readonly audit: AuditLog,
    private readonly naming: AuditNaming,
    private readonly following: AuditFollowing,
    private readonly pages: AdminPages,
    private readonly log: Log,
  ) {}

  @Get()
  async list(@CurrentSession() session: Session, @Query() given: Given, @Res() response: Response): Promise<void> {
    const { query, filter, faults } = await this.read(given)
    const { page, failure } =
      Object.keys(faults).length > 0 ? { page: nothing, failure: undefined } : await this.search(filter, query)
    const names = await this.naming.of(page.entries)
    const status = failure === undefined ? (Object.keys(faults).length > 0 ? 400 : 200) : 503
    const body = AuditListPage({
      typed: query.typed,
      faults,
      page,
      names,
      isLater: query.before !== undefined,
      failure,
    })
    this.pages.send(response, session, { title: t('Audit'), tab: auditPath, status }, body)
  }

  @Get('export.:format')
  async export(
    @CurrentSession() session: Session,
    @Param('format') format: string,
    @Query() given: Given,
    @Res() response: Response,
  ): Promise<void> {
    if (format !== 'csv' && format !== 'json') throw new Problem('not-found', t('Entries are exported as csv or json.'))
    const { query, filter, faults } = await this.read(given)
    const fault = Object.entries(faults)[0]
    if (fault) throw new Problem('invalid-request', `${fault[0]}: ${fault[1]}`)
    if (this.exporting >= maxExports) {
      throw new Problem('rate-limited', t('Two exports are being written already. Try again when they are done.'))
    }
    this.exporting++
    try {
      await this.audit.record({
        kind: 'administration',
        action: 'export-audit',
        outcome: 'ok',
        actorId: session.viewer.id,
        details: { format, ...query.typed },
      })
      await this.write(format, filter, response)
    } finally {
      this.exporting--
    }
  }

  @Get('follow')
  async follow(
    @CurrentSession() session: Session,
    @Query() given: Given,
    @Req() request: Request,
    @Res() response: Response,
  ): Promise<void> {
    const { filter, faults } = await this.read(given)
    const fault = Object.entries(faults)[0]
    if (fault) throw new Problem('invalid-request', `${fault[0]}: ${fault[1]}`)
    await this.following.follow(filter, session, request, response)
  }

  @Get(':id')
  async show(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response): Promise<void> {
    const record = z.uuid().safeParse(id).success ? await this.trail.find(id) : undefined
    if (!record)
      throw new Problem('not-found', t('There is no such audit entry, or it is longer ago than entries are kept.'))
    const names = await this.naming.of([record])
    this.pages.send(response, session, { title: t('Audit entry'), tab: auditPath }, AuditEntryPage({ record, names }))
  }

  private async read(
    given: Given,
  ): Promise<{ query: AuditQuery; filter: AuditFilter; faults: Partial<Record<AuditField, string>> }> {
    const query = readAuditQuery(given)
    const faults = { ...query.faults }
    const { person, client } = query.typed
    const personId = person === '' ? undefined : await this.naming.findPersonId(person)
    if (person !== '' && personId === undefined) {
      faults.person = t('Nobody here has this e-mail address. For people who are gone, give their id.')
    }
    const clientId = client === '' ? undefined : await this.naming.findClientId(client)
    if (typeof clientId === 'number') {
      faults.client =
        clientId === 0
          ? t('No program has this name or id.')
          : t('Several programs fit. Give the whole name or the id.')
    }
    return {
      query,
      faults,
      filter: {
        ...query.filter,
        ...(personId === undefined ? {} : { personId }),
        ...(typeof clientId === 'string' ? { clientId } : {}),
      },
    }
  }

  /** What takes too long to find is told on the page itself, where the filter can be mended. */
  private async search(filter: AuditFilter, { before }: AuditQuery): Promise<{ page: AuditPage; failure?: string }> {
    try {
      return { page: await this.trail.search(filter, entriesOnPage, before) }
    } catch (error) {
      if (!(error instanceof Problem && error.code === 'timeout')) throw error
      return { page: nothing, failure: error.detail }
    }
  }

  private async write(format: ExportFormat, filter: AuditFilter, response: Response): Promise<void> {
    const batches = this.trail.readAll(filter)
    // The first batch before the first byte, so that what cannot be found at all is answered with a page.
    const first = await batches.next()
    const day = new Date().toISOString().slice(0, 10)
    response.setHeader('Content-Type', contentTypes[format])
    response.setHeader('Content-Disposition', `attachment; filename="sekisho-audit-${day}.${format}"`)
    response.setHeader('Cache-Control', 'no-store')
    try {
      await pipeline(Readable.from(exportText(format, firstThen(first, batches)), { objectMode: false }), response, {
        // A reader that stopped reading is not waited for.
        signal: AbortSignal.timeout(exportLimits.ms + 60_000),
      })
    } catch (error) {
      // Half a file is on its way; the connection was cut, and the reader knows that it is not whole.
      this.log.warn({ error: error instanceof Error ? error.message : String(error) }, 'an export was not finished')
    }
  }
}

const nothing: AuditPage = { entries: [], next: undefined }

async function* firstThen<Item>(first: IteratorResult<Item>, rest: AsyncGenerator<Item>): AsyncGenerator<Item> {
  if (first.done) return
  yield first.value
  yield* rest
}
