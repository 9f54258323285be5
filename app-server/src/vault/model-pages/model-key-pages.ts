// What is done on the pages of model keys, alike for a person's own and for those that are shared.
import { Body, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common'
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import { CurrentSession } from '../../accounts/session.guard.js'
import type { Session } from '../../accounts/session.js'
import { knownPrices } from '../../models/known-models.js'
import type { ModelInfo, ModelVendor } from '../../models/model.js'
import { goTo } from '../../platform/html/go-to.js'
import { QuestionPage } from '../../platform/html/question.page.js'
import type { ModelKey } from '../model-keys.js'
import { maxNameLength, readAccess, readName, readPrices, textOf } from './model-form.js'
import { keyDones } from './model-key.page.js'
import { isGiven, ModelKeyGround } from './model-key-ground.js'
import { t } from './t.js'

type Form = Record<string, unknown> | undefined

export abstract class ModelKeyPages extends ModelKeyGround {
  @Get('add')
  add(@CurrentSession() session: Session, @Query('vendor') id: unknown, @Res() response: Response) {
    const vendor = this.desk.vendors.find(textOf(id)) ?? this.desk.vendors.all[0]
    if (!vendor) throw new Problem('not-found', 'There is no service of models.')
    this.showAdd(session, response, vendor)
  }

  /** The key is tried, kept for the model that is likely meant, and then the model is chosen. */
  @Post('add')
  @HttpCode(200)
  async keep(@CurrentSession() session: Session, @Body() body: Form, @Res() response: Response) {
    const vendor = this.desk.vendors.find(textOf(body?.vendor))
    if (!vendor) return goTo(response, `${this.path}/add`)
    const { access, errors } = readAccess(vendor, body ?? {}, this.desk.allowedHosts)
    const { apiKey, baseUrl = '' } = access
    if (errors.apiKey || errors.baseUrl) return this.showAdd(session, response, vendor, { baseUrl, errors })
    let kept: ModelKey | undefined
    const fault = await this.faultIn(vendor, () =>
      this.act(session, 'add', undefined, async () => {
        const models = await this.tried(session, vendor, access)
        const model = requireModel(models, vendor.suggest(models))
        const label = baseUrl === '' ? vendor.title : new URL(baseUrl).host
        const ownerId = this.ownerOf(session)
        kept = await this.desk.keys.create({
          vendor: vendor.id,
          ownerId,
          apiKey,
          label,
          ...modelOf(vendor, model),
          ...(baseUrl === '' ? {} : { baseUrl }),
        })
        return { ...detailsOf(kept), credential_id: kept.id }
      }),
    )
    if (fault) {
      const { field, words } = fault
      const said = field ? { errors: { [field]: words } } : { errors: {}, fault: words }
      return this.showAdd(session, response, vendor, { baseUrl, ...said })
    }
    goTo(response, `${this.path}/${kept?.id}/model`)
  }

  @Get(':id')
  async one(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Query('done') done: unknown,
    @Res() response: Response,
  ) {
    const found = await this.find(session, id)
    if (!found) return goTo(response, this.gone)
    this.show(session, response, found, { done: keyDones.find((one) => one === done) })
  }

  @Get(':id/model')
  async choose(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    const found = await this.find(session, id)
    if (!found) return goTo(response, this.gone)
    if (isGiven(found.key)) return goTo(response, `${this.path}/${found.key.id}`)
    await this.showChoice(session, response, found, {})
  }

  @Post(':id/model')
  @HttpCode(200)
  async change(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body() body: Form,
    @Res() response: Response,
  ) {
    const found = await this.findEditable(session, id)
    if (!found) return goTo(response, this.gone)
    const { key, vendor } = found
    const label = readName(body ?? {})
    if (label === undefined)
      return this.showChoice(session, response, found, {
        nameFault: t('A name of 1 to {max} signs is needed.', { max: maxNameLength }),
      })
    const fault = await this.faultIn(vendor, () =>
      this.act(session, 'change', key.id, async () => {
        const models = await this.tried(session, vendor, await this.desk.accessOf(key))
        const model = requireModel(models, textOf(body?.model))
        // The price of another model is another one.
        const { prices, ...rest } = modelOf(vendor, model)
        const change = { label, ...rest, ...(model.id === key.model ? {} : { prices }) }
        return detailsOf(await this.desk.keys.change(key.id, key.ownerId, change))
      }),
    )
    if (fault) return this.showChoice(session, response, found, { fault: fault.words })
    goTo(response, this.pageOf(key, 'model'))
  }

  @Post(':id/key')
  @HttpCode(200)
  async replace(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body() body: Form,
    @Res() response: Response,
  ) {
    const found = await this.findEditable(session, id)
    if (!found) return goTo(response, this.gone)
    const { key, vendor } = found
    // Its address stays: another one would be another service.
    const { access, errors } = readAccess(vendor, { ...body, baseUrl: key.baseUrl }, this.desk.allowedHosts)
    const typedWrong = errors.apiKey ?? errors.baseUrl
    const fault = typedWrong
      ? ({ field: 'apiKey', words: typedWrong } as const)
      : await this.faultIn(vendor, () =>
          this.act(session, 'replace', key.id, async () => {
            await this.tried(session, vendor, access)
            return detailsOf(await this.desk.keys.change(key.id, key.ownerId, { apiKey: access.apiKey }))
          }),
        )
    if (fault) return this.show(session, response, found, { status: 400, tried: 'key', fault })
    goTo(response, this.pageOf(key, 'key'))
  }

  @Post(':id/prices')
  @HttpCode(200)
  async reprice(
    @CurrentSession() session: Session,
    @Param('id') id: string,
    @Body() body: Form,
    @Res() response: Response,
  ) {
    const found = await this.find(session, id)
    if (!found) return goTo(response, this.gone)
    const { key } = found
    const typedPrices = readPrices(body ?? {})
    const { prices } = typedPrices
    if (prices === undefined) return this.show(session, response, found, { status: 400, typedPrices })
    await this.act(session, 'change', key.id, async () =>
      detailsOf(await this.desk.keys.change(key.id, key.ownerId, { prices })),
    )
    goTo(response, this.pageOf(key, 'prices'))
  }

  @Post(':id/test')
  @HttpCode(200)
  async test(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    const found = await this.find(session, id)
    if (!found) return goTo(response, this.gone)
    const { key, vendor } = found
    let listed = false
    const fault = await this.faultIn(vendor, async () => {
      const models = await this.tried(session, vendor, await this.desk.accessOf(key))
      listed = models.some(({ id }) => id === key.model)
    })
    if (fault) return this.show(session, response, found, { tried: 'test', fault })
    goTo(response, this.pageOf(key, listed ? 'works' : 'model-missing'))
  }

  @Get(':id/remove')
  async ask(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    const found = await this.findEditable(session, id)
    if (!found) return goTo(response, this.gone)
    const { key, vendor } = found
    const question = t('Remove {name}?', { name: key.label })
    const body = QuestionPage({
      eyebrow: vendor.title,
      question,
      effects: [
        t(
          '{count, plural, =0 {No room uses it.} one {One room uses it. It gets no answers until another key is chosen there; what was said in it stays.} other {# rooms use it, archived ones included. They get no answers until another key is chosen there; what was said in them stays.}}',
          { count: await this.desk.uses.roomsOf(key) },
        ),
        t('The key is deleted here. It still works at the service until you delete it there.'),
      ],
      button: t('Remove'),
      danger: true,
      action: `${this.path}/${key.id}/remove`,
      csrfToken: session.csrfToken,
      fields: {},
      back: `${this.path}/${key.id}`,
    })
    this.send(response, session, { title: question, sheet: true }, body)
  }

  @Post(':id/remove')
  @HttpCode(200)
  async remove(@CurrentSession() session: Session, @Param('id') id: string, @Res() response: Response) {
    const found = await this.findEditable(session, id)
    if (!found) return goTo(response, this.gone)
    const { key } = found
    await this.act(session, 'remove', key.id, async () => {
      await this.desk.keys.remove(key.id, key.ownerId)
      return detailsOf(key)
    })
    goTo(response, `${this.back}?done=removed`)
  }
}

/** Throws Problem invalid-arguments when the service does not list it. */
function requireModel(models: readonly ModelInfo[], id: string | undefined): ModelInfo {
  const model = models.find((one) => one.id === id)
  if (model) return model
  throw new Problem(
    'invalid-arguments',
    t('The service does not list this model. Go back and choose one that it lists.'),
  )
}

function modelOf(vendor: ModelVendor, { id, inputTokenLimit, outputTokenLimit }: ModelInfo) {
  return { model: id, inputTokenLimit, outputTokenLimit, prices: knownPrices(vendor.id, id) ?? null }
}

/** What is written down of a key: where and for which model, never the key. */
function detailsOf({ vendor, model, label, baseUrl, prices }: ModelKey): Record<string, unknown> {
  return {
    vendor,
    model,
    name: label,
    ...(baseUrl ? { host: new URL(baseUrl).host } : {}),
    ...(prices ? { input_price: prices.inputPerMillion, output_price: prices.outputPerMillion } : {}),
  }
}
