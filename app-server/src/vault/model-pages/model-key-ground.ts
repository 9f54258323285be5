// What the pages of model keys stand on: whose keys they are about, how they are sent, and what every act does the same.
import { Problem } from '@sekisho/contracts'
import type { Response } from 'express'
import type { JSX } from 'hono/jsx/jsx-runtime'
import { z } from 'zod'
import type { Session } from '../../accounts/session.js'
import type { ModelAccess, ModelInfo, ModelVendor } from '../../models/model.js'
import type { ModelKey } from '../model-keys.js'
import { AddModelPage, type TypedBefore } from './add-model.page.js'
import { ChooseModelPage } from './choose-model.page.js'
import type { ModelDesk } from './model-desk.js'
import { failureIn, faultOf, type ModelFault, problemOf } from './model-fault.js'
import { type KeyDone, ModelKeyPage, type ModelKeyPageProps } from './model-key.page.js'
import { t } from './t.js'

export type ModelKeyAct = 'add' | 'replace' | 'change' | 'remove'

export interface SentPage {
  readonly title: string
  readonly status?: number
  /** On a sheet of its own, without the navigation. */
  readonly sheet?: boolean
}

export interface Found {
  readonly key: ModelKey
  readonly vendor: ModelVendor
}

export function isGiven({ origin }: ModelKey): boolean {
  return origin === 'environment'
}

export abstract class ModelKeyGround {
  /** Where these pages are, and where their list is. */
  protected abstract readonly path: string
  protected abstract readonly back: string

  constructor(protected readonly desk: ModelDesk) {}

  /** Null: shared. */
  protected abstract ownerOf(session: Session): string | null
  protected abstract send(response: Response, session: Session, page: SentPage, body: JSX.Element): void
  /** Does it and writes it down however it ends. Throws what `perform` throws. */
  protected abstract act(
    session: Session,
    act: ModelKeyAct,
    keyId: string | undefined,
    perform: () => Promise<Record<string, unknown>>,
  ): Promise<void>

  protected get gone(): string {
    return `${this.back}?done=gone`
  }

  protected pageOf({ id }: ModelKey, done: KeyDone): string {
    return `${this.path}/${id}?done=${done}`
  }

  /** Throws Problem rate-limited; one whose cause is the ModelFailure. */
  protected async tried(session: Session, vendor: ModelVendor, access: ModelAccess): Promise<readonly ModelInfo[]> {
    return this.desk.trial.modelsOf(session.viewer.id, vendor, access).catch((error: unknown) => {
      const failure = failureIn(error)
      throw failure ? problemOf(failure) : error
    })
  }

  /** What the service of the model has against it; undefined when it is done. Throws whatever else stands in the way. */
  protected async faultIn(vendor: ModelVendor, perform: () => Promise<unknown>): Promise<ModelFault | undefined> {
    try {
      await perform()
      return undefined
    } catch (error) {
      const failure = failureIn(error)
      if (!failure) throw error
      return faultOf(failure, vendor)
    }
  }

  protected showAdd(session: Session, response: Response, vendor: ModelVendor, typed?: TypedBefore) {
    const body = AddModelPage({
      vendor,
      others: this.desk.vendors.all.filter((other) => other !== vendor),
      path: `${this.path}/add`,
      back: this.back,
      shared: this.ownerOf(session) === null,
      csrfToken: session.csrfToken,
      typed,
    })
    this.send(response, session, { title: t('Add a key'), sheet: true, status: typed ? 400 : 200 }, body)
  }

  protected async showChoice(
    session: Session,
    response: Response,
    found: Found,
    said: { fault?: string; nameFault?: string },
  ) {
    const { key, vendor } = found
    const { csrfToken } = session
    let models: readonly ModelInfo[] | undefined
    const fault = await this.faultIn(vendor, async () => {
      models = await this.tried(session, vendor, await this.desk.accessOf(key))
    })
    const body = ChooseModelPage({
      modelKey: key,
      service: vendor.title,
      models,
      fault: fault?.words ?? said.fault,
      nameFault: said.nameFault,
      path: this.path,
      csrfToken,
    })
    const status = said.fault || said.nameFault ? 400 : 200
    this.send(response, session, { title: t('Choose the model'), sheet: true, status }, body)
  }

  protected show(
    session: Session,
    response: Response,
    { key, vendor }: Found,
    {
      status = 200,
      ...said
    }: Partial<Pick<ModelKeyPageProps, 'done' | 'fault' | 'tried' | 'typedPrices'>> & { status?: number },
  ) {
    const nothing = { done: undefined, fault: undefined, tried: undefined, typedPrices: undefined }
    const props = {
      modelKey: key,
      vendor,
      path: this.path,
      back: this.back,
      csrfToken: session.csrfToken,
      ...nothing,
      ...said,
    }
    this.send(response, session, { title: key.label, status }, ModelKeyPage(props))
  }

  /** A key of this owner; that of another is told apart from none at all to nobody. */
  protected async find(session: Session, id: string): Promise<Found | undefined> {
    if (!z.uuid().safeParse(id).success) return undefined
    const key = await this.desk.keys.find(id, this.ownerOf(session))
    const vendor = key && this.desk.vendors.find(key.vendor)
    return vendor && { key, vendor }
  }

  /** Throws Problem conflict for one that the environment gives. */
  protected async findEditable(session: Session, id: string): Promise<Found | undefined> {
    const found = await this.find(session, id)
    if (!found || !isGiven(found.key)) return found
    throw new Problem('conflict', t('The environment gives this key. It is changed where the server is started.'))
  }
}
