// Where model keys are used: rooms stand on a floor above this one, so the composition says who knows them.
import type { ModelKey } from './model-keys.js'

export abstract class ModelKeyUses {
  /** How many rooms, archived ones included, this key answers in: without it they get no answers. */
  abstract roomsOf(key: Pick<ModelKey, 'id' | 'ownerId'>): Promise<number>
}
