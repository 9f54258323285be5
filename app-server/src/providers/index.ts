// The providers that are built in, a line each.
import { booking } from './booking/booking.js'
import { form } from './form/form.js'
import { gcal } from './gcal/gcal.js'
import { github } from './github/github.js'
import { jira } from './jira/jira.js'
import { notion } from './notion/notion.js'
import { order } from './order/order.js'
import { product } from './product/product.js'
import type { Provider } from './provider.js'

export const providers: readonly Provider[] = [product, booking, order, form, gcal, notion, github, jira]
